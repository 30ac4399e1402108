# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``go_caches`` on the controller: options are checked, all else is the target's to see."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_caches import PLACES, SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction
from ansible_collections.gopherops.workstation.plugins.plugin_utils._caches_windows import run

ABSOLUTE = {False: r"/|~/", True: r"[A-Za-z]:[\\/]|~[\\/]|\\\\"}


class ActionModule(WorkstationAction):
    capability = "go_caches"
    spec = SPEC
    has_windows_half = True

    def act(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if not self.on_windows:
            return super().act(options, task_vars)
        self.decide(options, task_vars)
        return run(options, partial(self.execute, task_vars=task_vars), check=self._task.check_mode)

    def decide(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        for name, path in options["paths"].items():
            if name not in PLACES:
                raise WorkstationError(
                    "place", "cache", name, "there is no such place", f"Use one of {', '.join(PLACES)}"
                )
            if not isinstance(path, str) or not re.match(ABSOLUTE[self.on_windows], path):
                raise WorkstationError(
                    "place", "cache", name, f"'{path}' is not absolute", "Write the full path, or ~/ and the rest"
                )
        if options["mode"] is not None and not re.fullmatch(r"[0-7]{3,4}", options["mode"]):
            raise WorkstationError(
                "use", "mode", options["mode"], "it is not three or four octal digits", 'Quote it, for instance "0700"'
            )
        return {}
