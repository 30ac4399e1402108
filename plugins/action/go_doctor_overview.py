# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One report of all hosts of a play. Documented in ``plugins/modules/go_doctor_overview.py``."""

from __future__ import annotations

from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._functional._prove import not_proved
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_doctor_overview import SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import UNKNOWN, Verdict
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._registry import rules
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._examined import Examined, now
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._write import write

MISSED = "this host was not examined"


class ActionModule(WorkstationAction):
    capability = "go_doctor_overview"
    spec = SPEC
    _requires_connection = False

    def act(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        hosts = task_vars["hostvars"]
        # raw: nothing here is a template, and templating everything of a thousand hosts takes minutes.
        seen = {name: hosts.raw_get(name).get("go_doctor_result") for name in task_vars["ansible_play_hosts_all"]}
        when = now()
        examined = [_examined(name, {"examined": when, **(result or {})}) for name, result in seen.items()]
        return {"changed": False, "changes": [], "reports": write(options["report"], examined)}


def _examined(host: str, result: dict[str, Any]) -> Examined:
    """A host without a result could not be reached or looked at: then no rule is well, and none is ill."""
    return Examined(
        host,
        result["examined"],
        [Verdict(**one) for one in result.get("verdicts", [])] or _unknown(),
        result.get("functional") or not_proved(MISSED),
        result.get("info") or {},
    )


def _unknown() -> list[Verdict]:
    return [Verdict(one.id, one.name, one.title, one.severity, UNKNOWN, MISSED) for one in rules()]
