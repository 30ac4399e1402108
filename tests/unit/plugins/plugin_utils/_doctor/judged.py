"""One rule's verdict on a played host: ``changes`` are what differs there from a healthy one of that system."""

from __future__ import annotations

from typing import Any

from doctor_facts import base, changed  # type: ignore[import-not-found]

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._judge import Judge
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import Verdict
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._policy import policy
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._registry import rules


def verdict(id_: str, changes: dict[str, Any], system: str = "linux", **thresholds: Any) -> Verdict:
    judge = Judge(rules(), policy(thresholds), {}, {})
    found: dict[str, Verdict] = {one.id: one for one in judge.verdicts(changed(base(system), changes))}
    return found[id_]
