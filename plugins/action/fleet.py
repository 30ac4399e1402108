# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One step of a rollout in rings, on the controller. Documented in ``plugins/modules/fleet.py``."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from ansible.utils.display import Display

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.fleet import SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._facts import inventory
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._outcome import describe
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._redact import redactor
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._reports import write_reports
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._steps import Steps

display = Display()
Options = dict[str, Any]


class ActionModule(WorkstationAction):
    capability = "fleet"
    spec = SPEC
    _requires_connection = False

    def act(self, options: Options, task_vars: dict[str, Any]) -> dict[str, Any]:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", options["name"]):
            advice = "Use letters, digits, dots, dashes and underscores"
            raise WorkstationError("use", "rollout name", options["name"], "it also names a folder", advice)
        # A dry run keeps its own record, always anew, so that it can never be taken for the rollout.
        dry = bool(options["settings"].get("dry_run"))
        folder = Path(options["dir"]) / (options["name"] + ("-dry-run" if dry else ""))
        result = self._STEPS[options["step"]](self, Steps(folder / "state.jsonl"), options, task_vars)
        for line in result.pop("lines", []):
            display.display(line)
        return {"changed": False, **result}

    def _plan(self, steps: Steps, options: Options, task_vars: dict[str, Any]) -> dict[str, Any]:
        settings = options["settings"] | {"name": options["name"]}
        settings["restart"] = settings.get("restart") or settings.get("dry_run")
        found = inventory(task_vars, self._templar.template, redactor(keep_names=bool(settings.get("user_names"))))
        # The parent of a worker is ansible-playbook itself.
        return steps.plan(found, settings, os.getppid())

    def _begin(self, steps: Steps, options: Options, task_vars: dict[str, Any]) -> dict[str, Any]:
        return steps.begin(task_vars["inventory_hostname"], options["results"].get("versions") or {})

    def _end(self, steps: Steps, options: Options, task_vars: dict[str, Any]) -> dict[str, Any]:
        names = bool(options["settings"].get("user_names"))
        record = describe(
            results={name: result for name, result in options["results"].items() if name != "restored"},
            failure=options["failure"],
            restored=options["results"].get("restored") or {},
            planning=bool(options["settings"].get("dry_run")),
            redact=redactor([options["developer"]] if options["developer"] else [], keep_names=names),
        )
        return steps.end(task_vars["inventory_hostname"], record)

    def _gate(self, steps: Steps, options: Options, task_vars: dict[str, Any]) -> dict[str, Any]:
        return steps.gate(options["batch"], options["settings"])

    def _approve(self, steps: Steps, options: Options, task_vars: dict[str, Any]) -> dict[str, Any]:
        ring, settings = options["batch"]["next_ring"], options["settings"]
        if settings.get("approval") == "file":
            return steps.await_approval(ring, float(settings.get("approval_seconds") or 0))
        if options["answer"].strip().lower() in ("y", "yes", "go"):
            return steps.approve(ring, "answered at the terminal")
        return steps.hold(ring, f"nobody said yes; run again, or with -e fleet_approve={ring}")

    def _finish(self, steps: Steps, options: Options, task_vars: dict[str, Any]) -> dict[str, Any]:
        rollout = steps.rollout()
        result = steps.finish(rollout)
        result["reports"] = write_reports(steps.rollout(), steps.path.parent)
        result["lines"] += [f"Report: {result['reports']['html']}"]
        if result["held"] and not {"dry_run", "report_only"} & {key for key, on in options["settings"].items() if on}:
            raise WorkstationError(
                "finish",
                "rollout",
                options["name"],
                f"{'; '.join(result['held'])} ({result['lines'][0]})",
                f"The report is {result['reports']['html']}. Mend the cause and run again: it goes on where it stood",
                **{key: result[key] for key in ("totals", "closed", "held", "reports")},
            )
        return result

    _STEPS: ClassVar[dict[str, Callable[..., dict[str, Any]]]] = {
        "plan": _plan, "begin": _begin, "end": _end, "gate": _gate, "approve": _approve, "finish": _finish,
    }  # fmt: skip
