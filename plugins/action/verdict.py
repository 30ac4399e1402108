# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints what a run did, or would do, on one screen. Documented in ``plugins/modules/verdict.py``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible.utils.display import Display

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.verdict import SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction
from ansible_collections.gopherops.workstation.plugins.plugin_utils._verdict import render, summarise

display = Display()


class ActionModule(WorkstationAction):
    capability = "verdict"
    spec = SPEC
    _requires_connection = False

    def act(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        verdict = summarise(
            host=task_vars.get("inventory_hostname", "localhost"),
            developer=options["developer"],
            scope=options["scope"],
            packages=options["packages"],
            results=options["results"],
            failure=options["failure"],
            planning=self._task.check_mode,
        )
        many = len(task_vars.get("ansible_play_hosts_all", [])) > 1
        for text, color in render(verdict, brief=many):
            display.display(text, color=color)
        report = {"changed": False, **verdict.as_dict()}
        if options["report_file"]:
            _write(options["report_file"], report)
        # The screen has just said the rest.
        return {"changed": False, "failed": True, "msg": verdict.failure} if verdict.failure else report


def _write(path: str, report: dict[str, Any]) -> None:
    try:
        Path(path).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise WorkstationError(
            "write",
            "report",
            path,
            error.strerror or str(error),
            "Name a file in a folder that you can write",
        ) from error
