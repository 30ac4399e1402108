"""The screen a person reads at the end: right words for right results, and no green without proof."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.plugin_utils._verdict import Verdict, render, summarise

SDK = {
    "changed": True,
    "changes": [{"path": "/home/a/sdk/go1.27.4", "act": "create", "what": "Go 1.27.4"}],
    "sdk": {
        "version": "1.27.4",
        "goroot": "/home/a/sdk/go1.27.4",
        "source": "proxy",
        "proof": "every byte as published",
    },
}
PROVED = {
    "changed": False,
    "functional": {
        "passed": True,
        "seconds": 2.0,
        "steps": [{"name": "definition", "ok": True, "seconds": 0.05, "detail": ""}],
    },
    "findings": [],
}


def verdict(results: dict[str, Any], **overrides: Any) -> Verdict:
    given: dict[str, Any] = {
        "host": "h",
        "developer": "a",
        "scope": "user",
        "packages": [],
        "failure": "",
        "planning": False,
    }
    return summarise(results=results, **{**given, **overrides})


def text(of: Verdict, *, brief: bool = False) -> str:
    return "\n".join(line for line, _ in render(of, brief=brief))


def test_a_proved_machine_is_said_to_work() -> None:
    proved = verdict({"go_sdk": SDK, "go_doctor": PROVED})
    assert proved.passed is True
    assert "changed      Go           1.27.4 in /home/a/sdk/go1.27.4, from the Go module proxy" in text(proved)
    assert "This machine works for Go." in text(proved)
    assert "definition 0.05" in text(proved)


@pytest.mark.parametrize(
    "doctor",
    [
        {},
        {"functional": {"passed": None, "reason": "gopls is missing"}},
        {
            "functional": {
                "passed": False,
                "steps": [{"name": "definition", "ok": False, "seconds": 9, "detail": "no answer"}],
            }
        },
    ],
)
def test_what_is_not_proved_is_never_green(doctor: dict[str, Any]) -> None:
    unproved = verdict({"go_sdk": SDK, "go_doctor": doctor})
    assert not unproved.passed
    assert "This machine works" not in text(unproved)
    assert all(color != "green" for _, color in list(render(unproved, brief=False))[-1:])


def test_a_failed_run_is_red_even_when_the_check_had_passed_before() -> None:
    failed = verdict({"go_sdk": SDK, "go_doctor": PROVED}, failure="Cannot write file 'x': disk full.")
    assert failed.passed is False
    assert text(failed).endswith("FAILED: Cannot write file 'x': disk full.")


def test_a_plan_names_every_path_and_proves_nothing() -> None:
    plan = verdict({"go_sdk": SDK}, planning=True, packages=["git"])
    assert plan.passed is None
    assert [entry["path"] for entry in plan.planned] == ["git", "/home/a/sdk/go1.27.4"]
    assert "2 paths would change." in text(plan)


def test_what_did_not_run_is_said() -> None:
    assert "not run      environment" in text(verdict({"go_sdk": SDK}))


def test_many_hosts_get_one_line_each() -> None:
    lines = list(render(verdict({"go_sdk": SDK, "go_doctor": PROVED}), brief=True))
    assert len(lines) == 1
    assert lines[0][0].startswith("h: This machine works for Go. (Go changed")


def test_findings_become_chores_with_their_remedy() -> None:
    finding = {
        "id": "GD014",
        "title": "go install target not on PATH",
        "severity": "warning",
        "verdict": "fail",
        "remedy": "add it",
    }
    assert "GD014 go install target not on PATH: add it" in text(
        verdict({"go_doctor": {**PROVED, "findings": [finding]}})
    )


def test_what_the_role_of_the_system_changes_stands_first_in_the_plan() -> None:
    system = {"changed": True, "changes": [{"path": "/etc/wsl.conf", "act": "edit", "what": "automount.options"}]}
    plan = verdict({"go_sdk": SDK, "system": system}, planning=True)
    assert [entry["path"] for entry in plan.planned] == ["/etc/wsl.conf", "/home/a/sdk/go1.27.4"]
    assert "would change system       /etc/wsl.conf: automount.options" in text(plan)
    assert "system" not in text(verdict({"go_sdk": SDK}))


ENV: dict[str, Any] = {"changed": True, "env": {"file": "/home/a/.config/go/env", "shell_files": ["/home/a/.profile"]}}
TOOL = {"name": "gopls", "version": "v0.24.0", "path": "/home/a/go/bin/gopls"}


@pytest.mark.parametrize(
    ("key", "result", "line"),
    [
        (
            "go_sdk",
            SDK,
            "Go           1.27.4 in /home/a/sdk/go1.27.4, from the Go module proxy; every byte as published",
        ),
        (
            "go_sdk",
            {"sdk": {"version": "1.27.4", "goroot": "/usr/lib/go", "source": "a shelf"}},
            "Go           1.27.4 in /usr/lib/go, from a shelf",
        ),
        ("go_sdk", {"sdk": {"version": "1.27.4", "goroot": "/usr/lib/go"}}, "Go           1.27.4 in /usr/lib/go"),
        ("go_env", ENV, "environment  /home/a/.config/go/env; PATH by 1 shell file"),
        ("go_env", {"env": {"file": "/f", "shell_files": ["a", "b"]}}, "environment  /f; PATH by 2 shell files"),
        ("go_env", {"env": {"file": "/f"}}, "environment  /f; PATH by 0 shell files"),
        ("go_caches", {"places": [{"path": "/c", "writable": True}]}, "caches       1 places, all writable"),
        (
            "go_caches",
            {
                "places": [
                    {"path": "/c", "repaired": 2},
                    {"path": "/d", "repaired": 3},
                    {"path": "/e", "repaired": None},
                ]
            },
            "caches       3 places, all writable; 5 entries repaired",
        ),
        (
            "go_caches",
            {"places": [{"path": "/c", "writable": False}, {"path": "/d", "writable": True, "repaired": 1}]},
            "caches       not writable: /c",
        ),
        ("go_tools", {"tools": [TOOL]}, "tools        gopls v0.24.0 in /home/a/go/bin/gopls"),
        (
            "go_tools",
            {"tools": [{**TOOL, "go_version": "1.27.4"}]},
            "tools        gopls v0.24.0 in /home/a/go/bin/gopls, built with Go 1.27.4",
        ),
        ("go_tools", {"tools": []}, "tools        nothing asked for"),
        ("vscode", {"files": [{"product": "code", "path": "/s.json"}]}, "editor       code: /s.json"),
        ("go_network", {"network": {"profile": "china"}}, "network      profile china"),
        (
            "go_network",
            {"network": {"profile": "default", "certificates": ["a", "b"]}},
            "network      profile default; 2 own authorities",
        ),
    ],
)
def test_each_capability_says_what_it_is_now(key: str, result: dict[str, Any], line: str) -> None:
    assert line in [shown[15:] for shown in text(verdict({key: result})).splitlines()]


def test_further_lines_of_a_capability_stand_under_its_name() -> None:
    lines = text(verdict({"go_tools": {"changed": True, "tools": [TOOL, {**TOOL, "name": "dlv"}]}})).splitlines()
    first = next(number for number, line in enumerate(lines) if "gopls" in line)
    assert lines[first].startswith("  changed      tools        gopls")
    assert lines[first + 1].startswith(" " * 28 + "dlv")


def test_what_failed_and_what_was_skipped_is_said_with_its_cause() -> None:
    told = verdict({"go_sdk": {"failed": True, "msg": "Cannot write."}, "go_env": {"skipped": True, "env": {}}})
    assert "failed       Go           Cannot write." in text(told)
    assert "not run      environment" in text(told)
    assert ("  failed       Go           Cannot write.", "red") in list(render(told, brief=False))
    assert "go_network" not in text(told) and "network" not in text(told)


STEPS = [
    {"name": "build", "ok": True, "seconds": 1.5},
    {"name": "loading", "ok": True, "seconds": 7.0},
    {"name": "initialize", "ok": True, "seconds": 0.25},
]


def test_the_proof_tells_the_seconds_that_a_person_asks_after() -> None:
    proved = {"functional": {"passed": True, "seconds": 9.04, "steps": STEPS}}
    assert (
        text(verdict({"go_doctor": proved}))
        .splitlines()[-2]
        .endswith("build, test and gopls' answers in 9.0 s (seconds: build 1.50, gopls start 0.25)")
    )


def test_a_proof_that_failed_names_the_step_and_what_it_said() -> None:
    failed = [
        *STEPS,
        {"name": "definition", "ok": False, "seconds": 9, "detail": "no answer"},
        {"name": "x", "ok": False},
    ]
    told = text(verdict({"go_doctor": {"functional": {"passed": False, "seconds": 9, "steps": failed}}}))
    assert "failed       proof        definition failed: no answer" in told
    assert told.endswith("Not proved: the functional check did not pass.")


@pytest.mark.parametrize(
    ("doctor", "planning", "why"),
    [
        ({}, False, "it did not run"),
        ({"functional": {"passed": None, "reason": "gopls is missing"}}, False, "gopls is missing"),
        ({"functional": {"passed": None, "reason": "x"}}, True, "in check mode nothing is proved"),
    ],
)
def test_a_proof_that_did_not_run_says_why(doctor: dict[str, Any], planning: bool, why: str) -> None:
    assert f"not run      proof        {why}" in text(verdict({"go_doctor": doctor}, planning=planning))


def test_chores_are_those_that_the_run_made_necessary() -> None:
    assert verdict({"go_env": {**ENV, "changed": False}, "vscode": {"files": []}}).to_do == []
    terminal, editor = (
        "Open a new terminal: the PATH of this one is still the old one.",
        "Quit the editor fully (all windows) and start it again.",
    )
    assert verdict({"go_env": {"env": {**ENV["env"], "new_terminal": True}}}).to_do == [terminal]
    assert verdict({"go_env": ENV}).to_do == [editor]
    assert verdict({"vscode": {"changed": True, "files": []}}).to_do == [editor]
    assert verdict({"go_env": {**ENV, "env": {**ENV["env"], "new_terminal": True}}}, planning=True).to_do == []
    assert "To do by hand:\n  - Quit the editor" in text(verdict({"go_env": ENV}))
    assert "To do by hand" not in text(verdict({"go_sdk": SDK}))


@pytest.mark.parametrize(
    "finding",
    [{"severity": "info"}, {"severity": "error", "verdict": "skip"}, {"severity": "warning", "verdict": "ok"}],
)
def test_what_is_no_failure_is_no_chore(finding: dict[str, Any]) -> None:
    assert verdict({"go_doctor": {**PROVED, "findings": [{"id": "GD001", "title": "t", **finding}]}}).to_do == []


def test_a_plan_with_nothing_to_do_says_so_and_packages_stand_first() -> None:
    assert text(verdict({}, planning=True)).endswith("Nothing would change.")
    plan = verdict({"go_sdk": SDK}, planning=True, packages=["git", "gcc"])
    lines = text(plan).splitlines()
    assert lines[1] == "Plan for a on h (scope user)"
    assert lines[2] == "  would change packages     git, gcc"
    assert "    install  gcc  (system package)" in lines
    assert text(verdict({"go_sdk": SDK}, packages=["git"])).splitlines()[1:3] == [
        "Verdict for a on h (scope user)",
        "  changed      packages     git",
    ]


def test_one_line_of_a_host_where_all_is_well_has_no_brackets() -> None:
    well = {name: {**result, "changed": False} for name, result in {"go_sdk": SDK, "go_env": ENV}.items()}
    well |= {"go_caches": {"places": []}, "go_tools": {"tools": []}, "vscode": {"files": []}, "go_doctor": PROVED}
    assert text(verdict(well), brief=True) == "h: This machine works for Go."
    assert verdict(well).as_dict()["lines"][0] == {
        "state": "ok",
        "name": "Go",
        "text": "1.27.4 in /home/a/sdk/go1.27.4, from the Go module proxy; every byte as published",
    }
