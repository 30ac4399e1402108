"""The seam: which half runs on which connection, and that both get the same decision from the same brain."""

from __future__ import annotations

import base64
import hashlib
import ntpath
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import approved
import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.template import Templar

from ansible_collections.gopherops.workstation.plugins.action.go_env import ActionModule
from ansible_collections.gopherops.workstation.plugins.module_utils._env._doors import Facts
from ansible_collections.gopherops.workstation.plugins.module_utils._env._run import EnvRun

APPDATA = r"C:\Users\ada\AppData\Roaming"


class WindowsHost:
    """Does what win_go_env does, on two dictionaries."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.values: dict[str, dict[str, str]] = {"Path": {"kind": "ExpandString", "data": r"%USERPROFILE%\bin;C:\x"}}
        self.calls: list[tuple[str, str]] = []

    def run(self, module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
        self.calls.append((module_name, module_args["action"]))
        if module_args["action"] == "read":
            result = {"changed": False, "values": {name: dict(value) for name, value in self.values.items()}}
            result["files"] = [self._read(path) for path in module_args.get("files", [])]
            if module_args["go_env_file"]:
                result["go_env_file"] = self._read(ntpath.join(APPDATA, "go", "env"))
            return result
        for write in module_args["writes"]:
            now = self.files.get(write["path"])
            assert write["before"] == ("absent" if now is None else hashlib.sha256(now).hexdigest())
            if write["content"] is None:
                del self.files[write["path"]]
            else:
                self.files[write["path"]] = base64.b64decode(write["content"])
        for value in module_args["values"]:
            if value["kind"] == "none":
                self.values.pop(value["name"], None)
            else:
                self.values[value["name"]] = {"kind": value["kind"], "data": value["data"]}
        return {"changed": True}

    def _read(self, path: str) -> dict[str, Any]:
        full = path.replace("%APPDATA%", APPDATA).replace("%ProgramData%", r"C:\ProgramData")
        data = self.files.get(full)
        return {"asked": path, "path": full, "content": None if data is None else base64.b64encode(data).decode()}


def action(arguments: dict[str, Any], *, windows: bool, check: bool = False) -> ActionModule:
    task = Task.load({"gopherops.workstation.go_env": arguments, "name": "t", "check_mode": check, "diff": True})
    connection = MagicMock()
    connection._shell._IS_WINDOWS = windows
    context, loader = PlayContext(), DataLoader()
    return ActionModule(task, connection, context, loader, Templar(loader), None)


def on_windows(host: WindowsHost, *, check: bool = False, **arguments: Any) -> dict[str, Any]:
    plugin = action(arguments, windows=True, check=check)
    plugin._execute_module = host.run
    return plugin.run(task_vars={})


def on_posix(home: Path, **arguments: Any) -> tuple[dict[str, Any], list[str]]:
    plugin, calls = action(arguments, windows=False), []

    def execute(module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
        calls.append(module_name)
        defaults = {"shells": None, "goroot": None}
        facts = Facts("Linux", str(home), "/bin/sh", {}, lambda program: False, str(home.parent / "root"))
        return EnvRun({**defaults, **module_args}, facts, check=False).run()

    plugin._execute_module = execute
    return plugin.run(task_vars={}), calls


def test_what_a_life_on_windows_says() -> None:
    host = WindowsHost()
    host.files[r"C:\Program Files\Go\go.env"] = b"GOPROXY=https://proxy.golang.org,direct\nGOTOOLCHAIN=auto\n"
    asked = (
        {"variables": {"GOPROXY": "off"}, "path": ["~/go/bin"], "environment": {"GODEBUG": "x509sha1=1"}},
        {"variables": {"GOPROXY": "off"}, "path": ["~/go/bin"]},
        {"unset": ["GOPROXY"], "path": [r"C:\Go\bin", "~/go/bin"]},
        {"state": "absent"},
        {"scope": "machine", "variables": {"GOPROXY": "off"}, "path": [r"C:\Program Files\Go\bin"]},
        {"scope": "machine", "state": "absent"},
    )
    approved.same_json("windows/go_env.json", approved.life(partial(on_windows, host), asked))


def test_each_connection_gets_its_own_half_and_posix_one_round_trip(tmp_path: Path) -> None:
    host = WindowsHost()
    on_windows(host, variables={"GOPROXY": "off"})
    assert host.calls == [("gopherops.workstation.win_go_env", action) for action in ("read", "write")]
    result, calls = on_posix(tmp_path, variables={"GOPROXY": "off"})
    assert calls == ["gopherops.workstation.go_env"]
    assert result["changed"]


@pytest.mark.parametrize(
    "arguments",
    [
        {"variables": {"GOPROXY": "off", "GOPRIVATE": "git.example.com"}},
        {"variables": {"GOFLAGS": "-mod=mod"}, "unset": ["GOVCS"]},
        {"variables": {"GOPROXY": "direct"}, "exclusive": True},
        {"repair": True},
        {"variables": {"GOPROXY": "one"}, "state": "absent"},
        {},
    ],
)
@pytest.mark.parametrize(
    "before",
    [b"", b"# mine\nGOPROXY=one\nGOFLAGS=-x\r\nGOPROXY=two\nGOVCS=off", b"\xef\xbb\xbfGOBIN=C:\\x\nGOPROXY=one\n"],
)
def test_both_halves_write_the_same_bytes(tmp_path: Path, arguments: dict[str, Any], before: bytes) -> None:
    host, windows_file = WindowsHost(), ntpath.join(APPDATA, "go", "env")
    posix_file = tmp_path / ".config" / "go" / "env"
    if before:
        host.files[windows_file] = before
        posix_file.parent.mkdir(parents=True)
        posix_file.write_bytes(before)
    windows = on_windows(host, **arguments)
    posix, _ = on_posix(tmp_path, **arguments)
    assert host.files.get(windows_file) == (posix_file.read_bytes() if posix_file.exists() else None)
    assert windows["env"]["variables"] == posix["env"]["variables"]
    words = [change["what"] for change in posix["changes"] if change["path"] == str(posix_file)]
    assert [change["what"] for change in windows["changes"] if change["path"] == windows_file] == words
    reasons = [(one["line"], one["name"], one["reason"]) for one in posix["poison"] if one["file"] == str(posix_file)]
    assert [(one["line"], one["name"], one["reason"]) for one in windows["poison"]] == reasons


@pytest.mark.parametrize("windows", [False, True])
@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        ({"variables": {"GOPATH": "~/go"}}, "shell metacharacter"),
        ({"variables": {"GONOSUCH": "x"}}, "unknown go command variable"),
        ({"variables": {"GO111MODULE": True}}, "boolean"),
        ({"path": ["bin"]}, "not absolute"),
        ({"wrong": 1}, "wrong"),
    ],
)
def test_bad_values_stop_both_halves_before_the_first_call(
    windows: bool, arguments: dict[str, Any], cause: str
) -> None:
    plugin = action(arguments, windows=windows)
    plugin._execute_module = MagicMock()
    try:
        result = plugin.run(task_vars={})
        message = result["msg"] if result.get("failed") else ""
    except Exception as error:  # ansible-core raises its own for unknown options
        message = str(error)
    assert cause in message
    plugin._execute_module.assert_not_called()


def test_windows_path_stays_unexpanded_first_and_without_growth() -> None:
    host = WindowsHost()
    given: dict[str, Any] = {"path": ["~/sdk/go/bin", r"C:\tools"], "environment": {"GODEBUG": "x=1"}}
    predicted = on_windows(host, check=True, **given)
    assert host.values["Path"]["data"] == r"%USERPROFILE%\bin;C:\x"
    done = on_windows(host, **given)
    assert predicted["changes"] == done["changes"]
    assert host.values["Path"] == {
        "kind": "ExpandString",
        "data": r"%USERPROFILE%\sdk\go\bin;C:\tools;%USERPROFILE%\bin;C:\x",
    }
    assert host.values["GODEBUG"] == {"kind": "String", "data": "x=1"}
    assert on_windows(host, **given)["changed"] is False
    assert host.calls[-1][1] == "read"
    on_windows(host, state="absent")
    assert host.values == {"Path": {"kind": "ExpandString", "data": r"%USERPROFILE%\bin;C:\x"}}
    assert host.files == {}


def test_a_plain_path_becomes_expandable_only_when_it_has_to() -> None:
    host = WindowsHost()
    host.values["Path"] = {"kind": "String", "data": r"C:\x"}
    on_windows(host, path=[r"C:\go\bin"])
    assert host.values["Path"] == {"kind": "String", "data": r"C:\go\bin;C:\x"}
    on_windows(host, path=["~/go/bin"])
    assert host.values["Path"] == {"kind": "ExpandString", "data": r"%USERPROFILE%\go\bin;C:\x"}


def test_windows_unset_takes_a_value_out_of_the_registry_and_absent_brings_it_back() -> None:
    host = WindowsHost()
    host.values["GoRoot"] = {"kind": "String", "data": r"C:\old"}
    assert [one["name"] for one in on_windows(host, check=True)["poison"]] == ["GoRoot"]
    result = on_windows(host, unset=["GOROOT"])
    assert "GoRoot" not in host.values
    assert result["poison"] == []
    on_windows(host, state="absent")
    assert host.values["GoRoot"] == {"kind": "String", "data": r"C:\old"}


def test_machine_scope_on_windows_puts_defaults_first_in_go_env() -> None:
    host, file = WindowsHost(), r"C:\Program Files\Go\go.env"
    host.files[file] = b"GOPROXY=https://proxy.golang.org,direct\n"
    result = on_windows(
        host, scope="machine", variables={"GOPROXY": "off"}, path=[r"C:\Program Files\Go\bin", "~/go/bin"]
    )
    assert host.files[file].startswith(
        b"# BEGIN gopherops.workstation\nGOPROXY=off\n# END gopherops.workstation\nGOPROXY=h"
    )
    assert result["env"]["variables"] == {"GOPROXY": "off"}
    assert "USERPROFILE%\\go" not in host.values["Path"]["data"]
