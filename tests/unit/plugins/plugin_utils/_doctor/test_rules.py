"""Every rule fires on its bad case, stays silent on its good one, and never on a machine that is well."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from doctor_cases import CASES  # type: ignore[import-not-found]
from doctor_facts import GONE, Case, base, changed  # type: ignore[import-not-found]

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._judge import Judge, findings, menders
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import FAIL, PASS, Verdict
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._policy import policy
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._registry import rules

ROOT = Path(__file__).resolve().parents[5]
ROLES = {one.name for one in (ROOT / "roles").iterdir()} | {
    "go_network",
    "vscode",
    "go_tools",
    "go_caches",
    "go_env",
    "go_sdk",
}


def verdicts(facts: dict[str, Any], **changes: Any) -> dict[str, Verdict]:
    judge = Judge(rules(), policy(changes), {}, {})
    return {one.id: one for one in judge.verdicts(facts)}


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.id)
def test_bad_case_fires_and_explains_itself(case: Case) -> None:
    found = verdicts(changed(base(case.base), case.bad), **case.policy)[case.id]
    assert found.verdict == FAIL, found
    assert found.evidence
    assert found.cause
    assert found.remedy


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.id)
def test_good_case_passes(case: Case) -> None:
    found = verdicts(changed(base(case.base), case.good), **case.good_policy)[case.id]
    assert found.verdict == PASS, found


@pytest.mark.parametrize("name", ["linux", "macos", "wsl2", "windows"])
def test_well_machine_has_no_findings(name: str) -> None:
    found = findings(verdicts(base(name)).values())
    assert [(one.id, one.evidence) for one in found] == []


def test_every_rule_has_a_case_and_every_id_is_there_once() -> None:
    ids = [one.id for one in rules()]
    assert ids == [f"GD{number:03}" for number in range(1, 69)]
    assert sorted(case.id for case in CASES) == ids


def test_rules_name_roles_that_exist_and_causes_that_are_rules() -> None:
    ids = {one.id for one in rules()}
    for one in rules():
        assert set(one.after) <= ids - {one.id}
        assert one.mended_by in {"", *ROLES}, one.id


@pytest.mark.parametrize("one", rules(), ids=lambda one: one.id)
def test_missing_facts_are_never_taken_for_health_or_illness(one: Any) -> None:
    name = (
        "windows"
        if one.platforms == ("windows",)
        else "macos"
        if one.platforms == ("macos",)
        else "wsl2"
        if "wsl2" in one.platforms
        else "linux"
    )
    for need in one.needs:
        facts = changed(base(name), {need: GONE})
        assert verdicts(facts)[one.id].verdict in ("unknown", "skipped")
    assert verdicts({"os": {"system": "?"}})[one.id].verdict in ("unknown", "skipped")


@pytest.mark.parametrize(
    ("id_", "roles"),
    [
        ("GD001", ["go_sdk"]),
        ("GD027", ["go_env", "go_caches"]),
        ("GD034", ["go_network", "go_env"]),
        ("GD036", ["go_network", "go_env"]),
        ("GD040", []),
        ("GD043", ["vscode"]),
    ],
)
def test_what_mends_is_called_in_the_order_in_which_it_helps(id_: str, roles: list[str]) -> None:
    case = next(one for one in CASES if one.id == id_)
    found = verdicts(changed(base(case.base), case.bad))[id_]
    assert menders([found]) == roles


def test_a_mirror_of_somebody_elses_is_not_taken_away() -> None:
    """Without a company's proxy the names of its modules would go to the public one."""
    case = next(one for one in CASES if one.id == "GD032")
    for address, away in (("http://127.0.0.1:9", ["GOPROXY"]), ("https://goproxy.corp.example", [])):
        facts = changed(base("linux"), {**case.bad, "env.login.GOPROXY": address})
        assert verdicts(facts)["GD032"].unset == away


def test_a_password_is_no_proxy_setting() -> None:
    for value, wanted in (("http://p.example:3128", {"HTTPS_PROXY": "http://p.example:3128"}), ("http://***@p", {})):
        facts = changed(base("linux"), {"env.login.HTTP_PROXY": value})
        assert verdicts(facts)["GD036"].environment == wanted


@pytest.mark.parametrize("id_", ["GD010", "GD011", "GD038", "GD039", "GD040", "GD041"])
@pytest.mark.parametrize(
    "said", [{"env": {}, "env_error": "unknown GOEXPERIMENT"}, {"env": {"GOMOD": "/ws/go.mod"}, "mod": {"path": ""}}]
)
def test_a_workspace_of_which_go_says_nothing_is_not_called_well(id_: str, said: dict[str, Any]) -> None:
    workspace = {"path": "/ws", "real": "/ws", "exists": True, "go_files": True, **said}
    facts = changed(base("linux"), {"workspaces": [workspace], "env.login.GOTOOLCHAIN": "auto"})
    assert verdicts(facts)[id_].verdict == "unknown"


def test_gopls_complaint_about_cgo_is_laid_to_the_missing_compiler() -> None:
    cases = {one.id: one for one in CASES}
    found = verdicts(changed(base("linux"), {**cases["GD022"].bad, **cases["GD029"].bad}))
    assert (found["GD029"].suppressed_by, found["GD022"].suppressed_by) == ("", "GD029")
