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
from ansible_collections.gopherops.workstation.plugins.plugin_utils._env_windows import (
    WindowsBrain,
    reach,
    reading,
    seen_of,
)

_PLAIN: dict[str, Any] = {
    "variables": {},
    "unset": [],
    "exclusive": False,
    "repair": False,
    "environment": {},
    "path": [],
}


class ActionModule(WorkstationAction):
    capability = "go_env"
    spec = SPEC
    has_windows_half = True

    def act(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        # What the role sends along for the account's own environment, so that both scopes of Windows cost one visit.
        own = (options["_plan"] or {}).get("own")
        checked = check_options(options, windows=self.on_windows)
        if self.on_windows:
            parts = [check_options({**options, **_PLAIN, **own, "scope": "user"}, windows=True)] if own else []
            return self._on_windows([*parts, checked], task_vars)
        if checked["owner"] or own:
            cause, advice = "it is for Windows", "Become that account instead (become_user)"
            raise WorkstationError("use", "option", "owner", cause, advice)
        return self.execute(checked, task_vars)

    def _on_windows(self, parts: list[dict[str, Any]], task_vars: dict[str, Any]) -> dict[str, Any]:
        """One visit tells of all scopes; each that changes is written by one more."""
        seen = self.execute(reading(parts), task_vars)
        if seen.get("failed"):
            return seen
        decisions = [WindowsBrain(part, seen_of(part, seen)).decide() for part in parts]
        result = {
            **changes_result([change for one in decisions for change in one.changes]),
            "env": {**decisions[-1].env, "new_terminal": any(one.env["new_terminal"] for one in decisions)},
            "poison": [found for one in decisions for found in one.poison],
            "diff": [shown for one in decisions for shown in one.diff],
        }
        for part, one in zip(parts, decisions):
            if one.changes and not self._task.check_mode:
                order = {**reach(part), "action": "write", "writes": one.writes, "values": one.values}
                written = self.execute(order, task_vars)
                if written.get("failed"):
                    return {**result, **written}
        return result
