# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``go_env`` on the controller: Go's rules are applied here, to every value, before any host is touched.

A POSIX target merges by itself, in one round trip. A Windows target is read, the same engine decides here, and what it
says is written.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._changes import changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_env import SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction
from ansible_collections.gopherops.workstation.plugins.plugin_utils._env_rules import check_options
from ansible_collections.gopherops.workstation.plugins.plugin_utils._env_windows import WindowsBrain, reach, reading


class ActionModule(WorkstationAction):
    capability = "go_env"
    spec = SPEC
    has_windows_half = True

    def act(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        checked = check_options(options, windows=self.on_windows)
        if not self.on_windows:
            if checked["owner"]:
                cause, advice = "it is for Windows", "Become that account instead (become_user)"
                raise WorkstationError("use", "option", "owner", cause, advice)
            return self.execute(checked, task_vars)
        seen = self.execute(reading(checked), task_vars)
        if seen.get("failed"):
            return seen
        decision = WindowsBrain(checked, seen).decide()
        result = {**changes_result(decision.changes), "env": decision.env, "poison": decision.poison}
        if self._task.diff:
            result["diff"] = decision.diff
        if decision.changes and not self._task.check_mode:
            order = {**reach(checked), "action": "write", "writes": decision.writes, "values": decision.values}
            written = self.execute(order, task_vars)
            if written.get("failed"):
                return {**result, **written}
        return result
