# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real programs of Windows against what the controller decides: go.exe, gopls.exe and the registry under Wine."""

from __future__ import annotations

import base64
import json
import ntpath
import os
import time
from pathlib import Path
from typing import Any

import pytest
from wine import DRIVE, GO, HOME, KEY, Windows  # type: ignore[import-not-found]

from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_caches import PLACES
from ansible_collections.gopherops.workstation.plugins.plugin_utils import _caches_windows
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor import _windows
from ansible_collections.gopherops.workstation.plugins.plugin_utils._env_windows import WindowsBrain
from ansible_collections.gopherops.workstation.plugins.plugin_utils._probe._pack import SOURCE

ROOT = Path(os.environ["MOLECULE_PROJECT_DIRECTORY"])
SCRATCH = rf"{HOME}\scratch"
# A module of another, so that go has to fetch and gopls to look for it.
USING = b"""package main

import "golang.org/x/mod/semver"

func main() { println(semver.Canonical("v1.2")) }
"""


def test_go_runs_from_a_path_with_letters_of_europe_a_space_and_brackets(windows: Windows, go: str) -> None:
    assert windows.text(go, "version") == f"go version go{GO} windows/amd64"
    assert windows.text(go, "env", "GOROOT") == ntpath.dirname(ntpath.dirname(go))


def test_the_places_that_the_controller_expects_are_those_that_go_says(windows: Windows, go: str) -> None:
    said = json.loads(windows.text(go, "env", "-json"))
    lines = [line.partition("=") for line in windows.text("cmd", "/c", "set").splitlines()]
    stands = {name.upper(): value for name, _, value in lines}
    names = [*_caches_windows.READING["variables"], "APPDATA"]
    environment = {name: stands.get(name.upper(), "") for name in names}
    seen = {"environment": environment, "go_env_file": None}
    options = {"paths": {}, "places": PLACES, "variables": {}}
    places = {one.name: one.path for one in _caches_windows.resolve(options, seen)}
    for name in ("gopath", "gocache", "gomodcache"):
        assert ntpath.normcase(places[name]) == ntpath.normcase(said[name.upper()]), name
    assert ntpath.normcase(said["GOENV"]) == ntpath.normcase(ntpath.join(environment["APPDATA"], "go", "env"))


def test_the_env_file_that_the_controller_writes_is_the_one_that_go_reads(windows: Windows, go: str) -> None:
    path = windows.text(go, "env", "GOENV")
    options: dict[str, Any] = {
        "scope": "user",
        "state": "present",
        "variables": {"GOPROXY": "https://proxy.example.com,direct"},
    }
    options |= {"unset": [], "exclusive": False, "repair": False, "environment": {}, "path": ["~/sdk/go/bin"]}
    receipt = {"asked": r"%APPDATA%\gopherops\env.json", "path": r"C:\x\env.json", "content": None}
    told = {"files": [receipt], "values": {}, "go_env_file": {"asked": path, "path": path, "content": None}}
    decision = WindowsBrain(options, told).decide()
    write = next(one for one in decision.writes if one["path"] == path)
    windows.write(path, base64.b64decode(write["content"]))
    assert windows.text(go, "env", "GOPROXY") == "https://proxy.example.com,direct"
    windows.write(path, b"")


def test_the_registry_keeps_the_kind_and_a_new_program_sees_the_expanded_path(
    windows: Windows, go: str, path: str
) -> None:
    kept = windows.text("reg", "query", KEY, "/v", "Path")
    assert "REG_EXPAND_SZ" in kept
    assert path.startswith("%USERPROFILE%\\go\\bin;")
    assert r"%USERPROFILE%\go\bin;" in kept
    assert rf";{HOME}\go\bin;" in windows.text("cmd", "/c", "set")
    # By its name alone, so by that PATH.
    assert windows.text("cmd", "/c", "go.exe version") == f"go version go{GO} windows/amd64"
    long = ";".join(rf"C:\tools\{number:04}" for number in range(300))
    assert len(long) > 4000
    windows.text("reg", "add", KEY, "/v", "Long", "/t", "REG_SZ", "/d", long, "/f")
    assert long in windows.text("reg", "query", KEY, "/v", "Long")


def probe(windows: Windows, go: str, **asked: Any) -> dict[str, Any]:
    """What the doctor makes of a run of the probe, started as win_go_info starts it."""
    code = rf"{HOME}\probe"
    for file in SOURCE.iterdir():
        if file.suffix in {".go", ".mod"}:
            windows.write(ntpath.join(code, file.name), file.read_bytes())
    windows.write(rf"{SCRATCH}\x", b"")
    question: dict[str, Any] = {
        "args": [],
        "env": [],
        "settings": {},
        "goversion": f"go{GO}",
        "module": None,
        "workspace": "",
    }
    question |= {"scratch": "", "seconds": 60, "budget": 400, "answers": False, "test": None, "building": 400, **asked}
    question["goroot"] = ntpath.dirname(ntpath.dirname(go))
    variables = {"GOTOOLCHAIN": "local", "GOWORK": "off"}
    started = time.monotonic()
    status, said = windows.run(
        *(go, "run", "-trimpath", "."), folder=code, sent=json.dumps(question).encode(), **variables
    )
    ran = {"timed_out": False, "rc": status, "out": said[said.find("{") :], "err": said}
    ran["seconds"] = time.monotonic() - started
    return _windows.functional({"go": {"path": go}, "gopls": asked["gopls"]}, ran, asked=True, check=False)


@pytest.mark.usefixtures("path")
def test_the_whole_functional_proof_passes(windows: Windows, go: str, gopls: str) -> None:
    """Built, tested twice, and asked as an editor asks: gopls finds its go by the PATH in the registry."""
    test = [go, "test", "-trimpath", "-vet=off", "."]
    told = probe(windows, go, gopls=gopls, scratch=SCRATCH, test=test)
    said = {step["name"]: step["detail"] for step in told["steps"]}
    assert told["passed"] is True, told["steps"]
    asked = {"initialize", "diagnostics", "definition", "hover", "completion", "references", "formatting", "rename"}
    assert asked | {"build", "start", "test", "test_cached", "exit"} <= said.keys()
    assert said["diagnostics"] == "undefined: undeclared"
    assert ntpath.dirname(ntpath.dirname(go)).lower() in said["definition"].lower()


@pytest.mark.usefixtures("path")
def test_gopls_follows_a_name_into_a_module_that_go_fetched(windows: Windows, go: str, gopls: str) -> None:
    """Go for Windows trusts what Windows trusts; Wine's store is that of the container."""
    folder = f"{HOME}\\work (\u00e9t\u00e9)"
    windows.write(rf"{folder}\go.mod", b"module example.com/work\n\ngo 1.24\n")
    windows.write(rf"{folder}\main.go", USING)
    windows.text(go, "mod", "tidy", folder=folder, GOTOOLCHAIN="local", GOPROXY="https://proxy.golang.org")
    told = probe(windows, go, gopls=gopls, workspace=folder)
    said = {step["name"]: step["detail"] for step in told["steps"]}
    assert told["passed"] is True, told["steps"]
    assert said["diagnostics"].startswith("0 errors")
    assert said["definition"].startswith(rf"semver.Canonical: {HOME}\go\pkg\mod\golang.org\x\mod@")


def test_what_the_scheduled_task_runs_writes_a_report_good_or_bad(windows: Windows, go: str, gopls: str) -> None:
    """The batch file of role windows, which the task starts with the go command as its argument."""
    # By a plain path: what Wine makes of quotes and brackets on a command line of cmd says nothing about Windows.
    root = Windows.unix(ntpath.dirname(ntpath.dirname(go)))
    linked = windows.podman("exec", "--user", "dev", windows.container, "ln", "-sfn", root, f"{DRIVE}/go")
    assert linked.returncode == 0, linked.stderr
    go = r"C:\go\bin\go.exe"
    folder = rf"{HOME}\AppData\Local\gopherops\drift"
    script = (ROOT / "roles" / "windows" / "templates" / "drift.cmd.j2").read_bytes()
    windows.write(rf"{folder}\drift.cmd", script.replace(b"\n", b"\r\n"))
    for file in SOURCE.iterdir():
        windows.write(rf"{folder}\probe\{file.name}", file.read_bytes())
    question: dict[str, Any] = {
        "gopls": gopls,
        "args": [],
        "env": [],
        "settings": {},
        "goversion": f"go{GO}",
        "module": None,
    }
    question |= {"goroot": ntpath.dirname(ntpath.dirname(go)), "scratch": rf"{folder}\scratch", "workspace": ""}
    question |= {"seconds": 60, "budget": 180, "answers": False, "building": 300}
    windows.write(
        rf"{folder}\question.json",
        json.dumps({**question, "test": [go, "test", "-trimpath", "-vet=off", "."]}).encode(),
    )

    def report(command: str) -> dict[str, Any]:
        windows.run("cmd", "/d", "/c", rf"{folder}\drift.cmd", command)
        kept = windows.podman("exec", windows.container, "cat", Windows.unix(rf"{folder}\report.json"))
        loaded: dict[str, Any] = json.loads(kept.stdout)
        return loaded

    good = report(go)
    assert good["passed"] is True, good
    assert {"definition", "hover", "test_cached"} <= {step["name"] for step in good["steps"]}
    assert windows.podman("exec", windows.container, "test", "-e", Windows.unix(rf"{folder}\scratch")).returncode == 1
    assert report(r"C:\gone\bin\go.exe")["passed"] is False
