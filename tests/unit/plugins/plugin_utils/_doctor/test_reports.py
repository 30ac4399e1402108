"""Reports say what was found, never draw the unknown as health, and disarm whatever a target sends."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from doctor_cases import CASES  # type: ignore[import-not-found]
from doctor_facts import base, changed  # type: ignore[import-not-found]

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._judge import Judge
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._policy import policy
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._registry import rules
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._examined import Examined
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._text import text
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._write import rendered

KINDS = ("json", "sarif", "junit", "markdown", "html")
EVIL = "<script>alert(1)</script>\x1b[31m|`x`\x00]]>&\"'\u202e\ud800" + "A" * 5000


def examined(facts: dict[str, Any], host: str = "host") -> Examined:
    verdicts = Judge(rules(), policy({}), {}, {}).verdicts(facts)
    functional = facts.get("functional")
    return Examined(
        host, "2026-11-21T00:00:00+00:00", verdicts, functional if isinstance(functional, dict) else {}, facts
    )


def poisoned(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: poisoned(one) for name, one in value.items()}
    if isinstance(value, list):
        return [poisoned(one) for one in value]
    return f"{value}{EVIL}" if isinstance(value, str) and value else value


@pytest.mark.parametrize("kind", KINDS)
def test_findings_are_told_and_the_unknown_is_not_green(kind: str) -> None:
    facts = changed(
        base("linux"), {"files.goroots.environment": {"path": "/old/go", "exists": False, "pkg_tool": False}}
    )
    del facts["editor"]
    words = rendered(kind, [examined(facts)])
    assert "GD002" in words
    assert "/old/go" in words.replace("&#45;", "-")
    assert re.search("unknown|open|Not known", words)


def test_an_examination_without_proof_is_unknown_and_not_well() -> None:
    facts = {**base("linux"), "functional": {"passed": None, "reason": "not asked", "steps": [], "seconds": 0}}
    one = examined(facts)
    assert (one.proof, one.state) == ("unknown", "unknown")
    assert "✔ well" not in rendered("html", [one])


def test_sarif_kinds_and_levels_follow_the_standard() -> None:
    run = json.loads(rendered("sarif", [examined(base("macos"))]))["runs"][0]
    assert [one["id"] for one in run["tool"]["driver"]["rules"]] == [one.id for one in rules()]
    for result in run["results"]:
        assert (result["level"] == "none") == (result["kind"] != "fail")
    assert {"pass", "notApplicable"} <= {result["kind"] for result in run["results"]}


def test_junit_counts_what_it_holds() -> None:
    facts = changed(base("linux"), CASES[1].bad)
    suite = ElementTree.fromstring(rendered("junit", [examined(facts)])).find("testsuite")
    assert suite is not None
    assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure")) > 0
    assert int(suite.attrib["tests"]) == 68 + len(facts["functional"]["steps"])


def test_a_check_that_did_not_run_is_skipped_in_junit_and_not_left_out() -> None:
    facts = {**base("linux"), "functional": {"passed": None, "reason": "not asked", "steps": [], "seconds": 0}}
    suite = ElementTree.fromstring(rendered("junit", [examined(facts)])).find("testsuite")
    assert suite is not None
    (case,) = suite.findall("testcase[@classname='go_doctor.functional']")
    assert [one.attrib["message"] for one in case.findall("skipped")] == ["unknown: not asked"]


@pytest.mark.parametrize("kind", [*KINDS, "text"])
@pytest.mark.parametrize("case", CASES, ids=lambda one: one.id)
def test_hostile_facts_are_harmless(kind: str, case: Any) -> None:
    facts = poisoned(changed(base(case.base), case.bad))
    facts["os"]["system"] = facts["os"]["system"].removesuffix(EVIL)
    one = examined(facts, host=EVIL)
    if kind == "text":
        words = "\n".join(line for line, _colour in text(one.host, one.findings, one.verdicts, one.functional))
    else:
        words = rendered(kind, [one])
    words.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", words)
    if kind == "html":
        assert "<script" not in words and "unsafe-inline" not in words
    if kind == "markdown":
        assert "<script" not in words
        assert all(line.count("|") == 5 for line in words.splitlines() if line.startswith("|") and "GD" in line)
    if kind == "junit":
        ElementTree.fromstring(words)
    if kind in ("json", "sarif"):
        json.loads(words)


def test_a_check_that_failed_is_an_error_even_where_no_rule_knows_why() -> None:
    failed = {"passed": False, "reason": "", "steps": [], "seconds": 1}
    assert dataclasses.replace(examined(base("linux")), functional=failed).state == "error"
    ill = examined(changed(base("linux"), CASES[0].bad))
    assert (ill.proof, ill.state) == ("passed", "error")


@pytest.mark.parametrize(("lines", "more"), [(6, False), (7, True)])
def test_the_text_shows_six_lines_of_evidence_and_counts_the_rest(lines: int, more: bool) -> None:
    evidence = [f"line {number}" for number in range(1, lines + 1)]
    found = dataclasses.replace(examined(changed(base("linux"), CASES[0].bad)).findings[0], evidence=evidence)
    said = [line.strip() for line, _colour in text("host", [found], [found], {})]
    assert [line for line in said if line.startswith("and ")] == ["and 1 more"] * more
    assert [any(line.endswith(one) for line in said) for one in evidence] == [True] * 6 + [False] * (lines - 6)


def test_a_finding_without_a_remedy_still_has_its_line() -> None:
    found = dataclasses.replace(examined(changed(base("linux"), CASES[0].bad)).findings[0], remedy="")
    assert "mend" in [line.strip() for line, _colour in text("host", [found], [found], {})]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_wrong_types_never_break_a_rule(data: st.DataObject) -> None:
    facts = base("linux")
    for name in data.draw(st.lists(st.sampled_from(sorted(facts)), min_size=1, max_size=4, unique=True)):
        facts[name] = data.draw(values)
    assert len(examined(facts).verdicts) == 68
