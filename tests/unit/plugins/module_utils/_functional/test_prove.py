"""What took too long is said to have taken too long, and is neither a broken gopls nor a crash."""

from __future__ import annotations

import base64
import gzip
import json
import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._functional import _prove
from ansible_collections.gopherops.workstation.plugins.module_utils._functional._editor_env import build_environment
from ansible_collections.gopherops.workstation.plugins.module_utils._functional._prove import Proof
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import run
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._judge import Judge
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._policy import policy
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._registry import rules

ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
PROBE = base64.b64encode(gzip.compress(json.dumps({"main.go": "package main\n"}).encode())).decode()


@pytest.fixture(autouse=True)
def short_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_prove, "BUILD_SECONDS", 0.5)
    monkeypatch.setattr(_prove, "PROBE_SECONDS", 0.3)
    monkeypatch.setattr(_prove, "LEAVING_SECONDS", 0.2)


@pytest.fixture(name="ignored_children")
def ignore_children() -> Iterator[None]:
    """As a parent that does not care for its children starts its programs."""
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGCHLD, before)


def prove(tmp_path: Path, go: str, found: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The functional check with this shell script for a Go; ``found`` is what else is so on the machine."""
    home, empty, program = tmp_path / "home", tmp_path / "empty", tmp_path / "go"
    home.mkdir()
    empty.mkdir()
    program.write_text(f"#!/bin/sh\n{go}\n")
    program.chmod(0o755)
    place = Place(run, {**ENV, "HOME": str(home)}, "Linux", "dev", os.geteuid(), str(home), "/bin/sh", str(empty))
    info = {
        "go": {"path": str(program), "version": "go1.27.4", "env": {}},
        "tools": {"gopls": {"found": [{"path": "/bin/true"}]}},
        "workspaces": [],
        **(found or {}),
    }
    return Proof(place, info, ENV, {}).run(PROBE, False)


def verdict(functional: dict[str, Any]) -> Any:
    judged = Judge(rules(), policy({}), {}, {}).verdicts({"os": {"system": "Linux"}, "functional": functional})
    return next(one for one in judged if one.id == "GD023")


def test_a_slow_build_is_a_slow_build(tmp_path: Path) -> None:
    proved = prove(tmp_path, "sleep 20")
    assert [(one["name"], one["ok"], one["late"]) for one in proved["steps"]] == [("build", False, True)]
    assert "the build took longer" in proved["steps"][0]["detail"]
    assert proved["passed"] is False
    assert verdict(proved).verdict == "unknown"
    assert "the build took longer" in verdict(proved).reason


def test_a_build_that_fails_is_not_late(tmp_path: Path) -> None:
    proved = prove(tmp_path, "echo 'no such tool compile' >&2; exit 1")
    assert [(one["name"], one["late"]) for one in proved["steps"]] == [("build", False)]
    assert "no such tool" in proved["steps"][0]["detail"]


def test_it_works_under_a_parent_that_ignores_its_children(tmp_path: Path, ignored_children: None) -> None:
    proved = prove(tmp_path, "echo 'ok x (cached)'; exit 3")
    assert [one["name"] for one in proved["steps"]] == ["build"]
    assert "No child processes" not in json.dumps(proved)


TALKED = 'cat > /dev/null; echo \'{"seconds": 0, "steps": [{"name": "definition", "ok": true, "detail": ""}]}\''


def test_without_go_the_check_fails_at_its_start(tmp_path: Path) -> None:
    proved = prove(tmp_path, "exit 1", found={"go": {}})
    assert proved["passed"] is False
    assert [(one["name"], one["ok"], one["detail"]) for one in proved["steps"]] == [("start", False, proved["reason"])]


def test_without_gopls_the_machine_is_not_proved(tmp_path: Path) -> None:
    workspaces = [{"path": "~/src", "real": str(tmp_path), "exists": True}]
    proved = prove(tmp_path, TALKED, found={"tools": {}, "workspaces": workspaces})
    assert [(one["name"], one["ok"]) for one in proved["steps"]] == [
        ("build", True), ("start", False), ("definition", True)
    ]  # fmt: skip
    assert "not installed where the editor looks" in proved["steps"][1]["detail"]
    assert proved["passed"] is False


@pytest.mark.parametrize(("go", "asked"), [(TALKED, 2), ("echo broken >&2; exit 1", 1)])
def test_workspaces_are_asked_about_where_the_probe_could_be_built(tmp_path: Path, go: str, asked: int) -> None:
    there = {"path": "~/src", "real": str(tmp_path), "exists": True}
    proved = prove(tmp_path, go, {"workspaces": [there, {**there, "path": "~/gone", "exists": False}]})
    assert [one["name"] for one in proved["steps"] if one["name"].endswith("build")] == ["build", "~/src: build"][
        :asked
    ]
    assert proved["passed"] is (go == TALKED)


def greeted(*steps: dict[str, Any]) -> dict[str, Any]:
    first = [{"name": name, "ok": True, "late": False, "detail": ""} for name in ("build", "start", "initialize")]
    return {"passed": False, "reason": "", "seconds": 1.0, "steps": [*first, *steps]}


def late(name: str, is_late: bool = True) -> dict[str, Any]:
    return {"name": name, "ok": False, "late": is_late, "detail": "gave up waiting"}


def test_a_gopls_that_greets_and_is_slow_is_a_warning_of_its_own() -> None:
    found = verdict(greeted(late("diagnostics"), late("shutdown")))
    assert (found.verdict, found.severity) == ("fail", "warning")
    assert "too slowly" in found.title


@pytest.mark.parametrize(
    "functional",
    [
        greeted(late("diagnostics"), late("definition", is_late=False)),
        {"passed": False, "steps": [{"name": "build", "ok": True}, {"name": "start", "ok": True}, late("initialize")]},
    ],
    ids=["one answer is wrong", "it does not even greet"],
)
def test_a_gopls_that_answers_wrong_or_not_at_all_is_broken(functional: dict[str, Any]) -> None:
    found = verdict(functional)
    assert (found.verdict, found.severity, found.title) == ("fail", "error", "Go to definition fails")


def test_a_full_disk_is_not_a_broken_gopls() -> None:
    step = {"name": "workspace", "ok": False, "late": False, "detail": "/tmp/x: No space left on device"}
    found = verdict({"passed": False, "steps": [step]})
    assert (found.verdict, "No space left" in found.reason) == ("unknown", True)


def test_what_an_account_says_about_garbage_collection_holds() -> None:
    assert build_environment({"GOGC": "50", "GOOS": "js"}) == {
        "GOGC": "50", "GOMEMLIMIT": "256MiB", "GOTOOLCHAIN": "local", "GOWORK": "off", "LC_ALL": "C",
    }  # fmt: skip
