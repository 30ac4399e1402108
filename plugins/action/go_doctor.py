# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks, judges, proves. Documented in ``plugins/modules/go_doctor.py``."""

from __future__ import annotations

import datetime
from typing import Any

from ansible.utils.display import Display

from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_doctor import SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._judge import (
    Judge,
    as_dicts,
    fails,
    findings,
    menders,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._policy import (
    ignored,
    policy,
    severities,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._registry import rules
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._windows import asking, facts, functional
from ansible_collections.gopherops.workstation.plugins.plugin_utils._probe._pack import packed
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._examined import Examined, now
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._text import text
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._write import write

display = Display()


class ActionModule(WorkstationAction):
    capability = "go_doctor"
    spec = SPEC
    has_windows_half = True

    def act(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        known = {one.id for one in rules()}
        judge = Judge(  # before the visit: a wrong policy is refused at once
            rules(),
            policy(options["policy"]),
            severities(options["severity"], known),
            ignored(options["ignore"], known, datetime.date.today()),
        )
        looked = self._look(options, task_vars)
        if looked.get("failed"):
            return looked
        proof = looked["functional"]
        verdicts = judge.verdicts({**looked["info"], "functional": proof})
        found = findings(verdicts)
        host = task_vars.get("inventory_hostname", "localhost")
        when = now()
        suffix = f"-{host}" if len(task_vars.get("ansible_play_hosts_all", [])) > 1 else ""
        reports = write(options["report"] or {}, [Examined(host, when, verdicts, proof, looked["info"])], suffix)
        for line, colour in text(host, found, verdicts, proof):
            display.display(line, color=colour)
        return {
            "changed": False,
            "changes": [],
            "examined": when,
            "reports": reports,
            "findings": as_dicts(found),
            "verdicts": as_dicts(verdicts),
            "functional": proof,
            "menders": menders(found),
            "info": looked["info"],
            **self._conclusion(options, found, proof),
        }

    def _look(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Facts and proof, from whichever half this host has."""
        asked, check = options["functional"], self._task.check_mode
        if self.on_windows:
            told = self.execute(asking(options, packed() if asked else ""), task_vars, "win_go_info")
            if told.get("failed"):
                return told
            proof = functional(told["seen"], told["proof"], asked=asked, check=check)
            return {"info": facts(told["seen"]), "functional": proof}
        names = ("go", "gopls", "workspaces", "network", "functional")
        return self.execute({**{name: options[name] for name in names}, "_plan": {"probe": packed()}}, task_vars)

    def _conclusion(self, options: dict[str, Any], found: list[Any], proof: dict[str, Any]) -> dict[str, Any]:
        """Whether that is trouble. What a run in check mode is about to change is none."""
        broken = proof["passed"] is False
        healthy = not broken and not fails(found, "error")
        planning = self._task.check_mode and not options["functional"]
        names = [f"{one.id} {one.title}" for one in fails(found, options["fail_on"])[:5]]
        if broken and options["fail_on"] != "never":
            step = next((one for one in proof["steps"] if not one["ok"]), {"name": "start", "detail": ""})
            names.append(f"the functional check failed at {step['name']}: {step['detail']}")
        trouble = f"The doctor found trouble: {'; '.join(names)}." if names and not planning else ""
        failure = {"failed": True, "msg": trouble} if trouble and options["fail"] else {}
        return {"healthy": healthy, "trouble": trouble, **failure}
