"""What a workspace is: its modules, its settings and what the go command says of it, played."""

from __future__ import annotations

import json
from typing import Any

import pytest
from played_host import Host  # type: ignore[import-not-found]  # beside this file

from ansible_collections.gopherops.workstation.plugins.module_utils._info import _workspaces
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import Ran


def looked_at(host: Host, path: str = "ws", go: str = "/x/go") -> dict[str, Any]:
    (one,) = _workspaces.collect_workspaces(host.place(), {"HOME": str(host.home)}, go, [str(host.home / path)])
    return one


def test_a_folder_that_is_not_there_is_only_named(host: Host) -> None:
    path = str(host.home / "ws")
    assert looked_at(host) == {"path": path, "real": path, "exists": False}
    assert host.ran == []


def test_its_shape_leaves_out_what_an_editor_does_not_watch(host: Host) -> None:
    for path in ("ws/go.mod", "ws/a/go.mod", "ws/vendor/v/go.mod", "ws/.git/go.mod", "ws/node_modules/x.go"):
        host.own(path, "module x\n")
    host.own("ws/b/c/readme.txt")
    facts = looked_at(host, go="")
    assert (facts["dirs"], facts["go_files"], facts["modules"]) == (4, False, [".", "a"])
    host.own("ws/b/main.go")
    assert looked_at(host, go="")["go_files"] is True


def test_counting_folders_ends_somewhere(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(9):
        host.own(f"ws/{number}/x")
    monkeypatch.setattr(_workspaces, "MAX_DIRS", 5)
    assert looked_at(host, go="")["dirs"] == 5


def test_settings_of_folder_and_workspace_file_are_read_and_secrets_are_not(host: Host) -> None:
    host.own("ws/.vscode/settings.json", '{"go.goroot": "/no/root", "go.toolsEnvVars": {"X": "private"}}')
    host.own("ws/b.code-workspace", '{"settings": {"gopls": {"x": 1}}, "go.goroot": "/not/here"}')
    host.own("ws/a.code-workspace", "{")
    first, broken, second = looked_at(host, go="")["settings_files"]
    assert first["settings"] == {"go.goroot": "/no/root", "go.toolsEnvVars": {"X": "***"}}
    assert [one["problem"] for one in first["programs"]] == ["there is no such folder"]
    assert (broken["error"] != "", broken["settings"]) == (True, {})
    assert (second["settings"], second["scope"]) == ({"gopls": {"x": 1}}, "workspace")


def test_the_go_command_is_asked_about_the_module_and_may_fetch_nothing(host: Host) -> None:
    module = host.own("ws/go.mod", "module example.com/ws\n")
    host.own("ws/vendor/modules.txt")
    host.says = {
        "env -json": json.dumps({"GOMOD": str(module), "GOWORK": "", "GOPROXY": "https://u:p@x", "GOFLAGS": "-v"}),
        "mod edit": json.dumps({"Module": {"Path": "example.com/ws"}, "Go": "1.27", "Toolchain": "go1.27.4"}),
        "list -deps": "\nruntime/cgo\n\ngithub.com/mattn/go-sqlite3\n",
    }
    facts = looked_at(host)
    assert facts["env"] == {"GOMOD": str(module), "GOWORK": "", "GOFLAGS": "-v"}
    assert facts["mod"] == {"path": "example.com/ws", "go": "1.27", "toolchain": "go1.27.4"}
    assert (facts["vendored"], facts["list_error"], facts["cgo_packages"]) == (
        True,
        "",
        ["github.com/mattn/go-sqlite3"],
    )
    assert "work" not in facts
    assert {env["GOPROXY"] for argv, env, _folder in host.ran if argv[0] == "/x/go"} == {"off"}


def test_what_go_refuses_is_told_in_its_words(host: Host) -> None:
    module = host.own("ws/go.mod", "module")
    host.says = {
        "env -json": json.dumps({"GOMOD": str(module), "GOWORK": "off"}),
        "mod edit": Ran(1, "", "errors parsing go.mod", 0.0),
        "list -deps": Ran(1, "", "no required module\nprovides package x\n", 0.0),
    }
    facts = looked_at(host)
    assert facts["mod"] == {"path": "", "go": "", "toolchain": ""}
    assert facts["list_error"] == "no required module\nprovides package x"
    assert (facts["vendored"], "work" in facts) == (False, False)
    host.says = {"env -json": Ran(1, "[]", "go: unknown flag\n", 0.0)}
    facts = looked_at(host)
    assert (facts["env"], facts["env_error"], "mod" in facts) == ({}, "go: unknown flag", False)
    host.says = {"env -json": "[]"}
    assert looked_at(host)["env"] == {}


def test_a_go_work_names_its_modules_and_whether_they_are_there(host: Host) -> None:
    host.own("ws/a/go.mod", "module a\n\ngo 1.26\n")
    host.own("ws/b/go.mod", "module b\n")
    work = host.own("ws/go.work", "go 1.27\n")
    host.says = {
        "env -json": json.dumps({"GOMOD": "", "GOWORK": str(work)}),
        "work edit": json.dumps({"Go": "1.27", "Use": [{"DiskPath": "./a"}, {"DiskPath": "b"}, {"DiskPath": "../c"}]}),
    }
    facts = looked_at(host)["work"]
    assert (facts["path"], facts["exists"], facts["go"], facts["toolchain"], facts["error"]) == (
        str(work),
        True,
        "1.27",
        "",
        "",
    )
    top = str(host.home)
    assert facts["use"] == [
        {"dir": f"{top}/ws/a", "has_module": True, "go": "1.26"},
        {"dir": f"{top}/ws/b", "has_module": True, "go": ""},
        {"dir": f"{top}/c", "has_module": False, "go": ""},
    ]
    host.says["work edit"] = Ran(1, "", "go: errors parsing go.work\n", 0.0)
    broken = looked_at(host)["work"]
    assert (broken["use"], broken["error"]) == ([], "go: errors parsing go.work")


def test_git_is_asked_from_the_repository_above_and_only_there(host: Host) -> None:
    host.own("ws/sub/x")
    assert looked_at(host, "ws/sub", go="")["git"] == {"repository": "", "rc": None, "error": ""}
    assert host.ran == []
    host.own("ws/.git/HEAD")
    host.says = {"rev-parse --git-dir": Ran(128, "", "fatal: detected dubious ownership\n", 0.0)}
    git = looked_at(host, "ws/sub", go="")["git"]
    assert git == {"repository": f"{host.home}/ws", "rc": 128, "error": "fatal: detected dubious ownership"}
    ((_argv, env, _folder),) = host.ran
    assert (env["GIT_OPTIONAL_LOCKS"], env["GIT_TERMINAL_PROMPT"]) == ("0", "0")
