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
