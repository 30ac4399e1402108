"""Every word that the doctor says of every fault, and each report of a few hosts, as they were read and approved."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

import approved
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from doctor_cases import CASES  # type: ignore[import-not-found]
from doctor_facts import Case, base, changed  # type: ignore[import-not-found]

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._judge import Judge
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import Verdict
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._policy import policy
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._registry import rules
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._examined import Examined
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._text import text
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._write import rendered

FILES = {"json": "json", "sarif": "sarif.json", "junit": "xml", "markdown": "md", "html": "html"}
STEPS = [
    {"name": "build", "ok": True, "late": False, "seconds": 0.93, "detail": ""},
    {"name": "start", "ok": True, "late": False, "seconds": 0.09, "detail": ""},
    {"name": "definition", "ok": False, "late": True, "seconds": 120.0, "detail": "gave up after 120 s"},
]
IGNORED = {"GD014": "programs are started by the editor only"}


def judged(facts: dict[str, Any], thresholds: dict[str, Any] | None = None) -> list[Verdict]:
    return list(Judge(rules(), policy(thresholds or {}), {}, {}).verdicts(facts))


def told(one: Verdict) -> dict[str, Any]:
    """What is said beyond the name."""
    return {key: value for key, value in dataclasses.asdict(one).items() if value and key not in ("id", "name")}


def words(case: Case) -> dict[str, Any]:
    """All that is no good news of a host with this fault."""
    found = judged(changed(base(case.base), case.bad), case.policy)
    return {one.id: told(one) for one in found if one.verdict not in ("pass", "skipped")}


@pytest.mark.parametrize("system", ["linux", "macos", "wsl2", "windows"])
def test_what_is_said_of_each_fault(system: str) -> None:
    said = [{"fault": case.id, "said": words(case)} for case in CASES if case.base == system]
    approved.same_json(f"doctor/faults-{system}.json", said)


def hosts() -> list[Examined]:
    """One that is well, two with faults, one of which little is known."""
    ill = base("linux")
    for case in CASES:
        if case.base == "linux" and case.id in ("GD002", "GD014", "GD019", "GD026", "GD028", "GD044", "GD051"):
            ill = changed(ill, case.bad)
    ill["functional"] = {"passed": False, "reason": "", "steps": STEPS, "seconds": 121.02}
    unknown = {**base("wsl2"), "functional": {"passed": None, "reason": "not asked", "steps": [], "seconds": 0}}
    del unknown["editor"], unknown["dirs"]
    when = "2026-11-21T10:00:00+00:00"
    found: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
        "ann": (base("linux"), {}),
        "bob": (ill, IGNORED),
        "<cy & co>": (unknown, {}),
        "dan": (changed(base("linux"), CASES[0].bad), {}),
    }
    return [
        Examined(name, when, list(Judge(rules(), policy({}), {}, ignored).verdicts(facts)), facts["functional"], facts)
        for name, (facts, ignored) in found.items()
    ]


@pytest.mark.parametrize("kind", FILES)
def test_the_reports_of_a_few_hosts(kind: str) -> None:
    # The forms for programs name all rules for each host: one is enough to read.
    some = hosts()[1:2] if kind in ("json", "sarif") else hosts()
    approved.same(f"doctor/report.{FILES[kind]}", rendered(kind, some))


def test_the_text_of_a_few_hosts() -> None:
    lines = [
        f"{colour or '-':<6}|{line}\n"
        for one in hosts()
        for line, colour in text(one.host, one.findings, one.verdicts, one.functional)
    ]
    approved.same("doctor/report.txt", "".join(lines))
