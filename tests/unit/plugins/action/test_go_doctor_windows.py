"""go_info and go_doctor on a Windows host: what is made of what win_go_info says."""

from __future__ import annotations

import copy
import json
from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.template import Templar
from docsite import returned

from ansible_collections.gopherops.workstation.plugins.action import go_doctor, go_info

GO = r"C:\Users\ada\sdk\go\bin\go.exe"
BIN = r"C:\Users\ada\go\bin"
VARIABLES = {
    "GOROOT": r"C:\Users\ada\sdk\go",
    "GOVERSION": "go1.27.4",
    "GOPROXY": "https://proxy.golang.org,direct",
    "GOSUMDB": "sum.golang.org",
    "GOFLAGS": "",
    "GOBIN": BIN,
    "GOPATH": r"C:\Users\ada\go",
    "GOCACHE": r"C:\Users\ada\AppData\Local\go-build",
    "GOMODCACHE": r"C:\Users\ada\go\pkg\mod",
    "GOOS": "windows",
    "GOARCH": "amd64",
    "GOHOSTOS": "windows",
    "GOHOSTARCH": "amd64",
    "GOTOOLCHAIN": "local",
    "GO111MODULE": "",
    "CGO_ENABLED": "0",
}
PATH = rf"C:\Users\ada\sdk\go\bin;{BIN};C:\Windows\system32"
SEEN: dict[str, Any] = {
    "release": "10.0.26200.0",
    "user": {"name": r"LAPTOP\ada", "home": r"C:\Users\ada", "elevated": False},
    "environment": {"PATH": PATH},
    "registry": {
        "user": {"Path": {"kind": "ExpandString", "data": r"%USERPROFILE%\sdk\go\bin;%USERPROFILE%\go\bin"}},
        "machine": {"Path": {"kind": "ExpandString", "data": r"%SystemRoot%\system32"}},
    },
    "windows": {
        "onedrive": "",
        "long_paths": 1,
        "controlled_folder_access": 0,
        "protected_folders": [],
        "realtime_protection": True,
        "exclusions": [r"C:\Users\ada\AppData\Local\go-build"],
        "events": [],
        "machine_path": [
            {"path": r"C:\Windows\system32", "stands": r"C:\Windows\system32", "sddl": "O:SYD:(A;;FA;;;SY)"}
        ],
    },
    "gos": [{"path": GO, "out": "go version go1.27.4 windows/amd64\r\n", "err": "", "rc": 0}],
    "go": {"path": GO, "rc": 0, "out": json.dumps(VARIABLES), "err": ""},
    "gopls": rf"{BIN}\gopls.exe",
    "directories": {
        name: {"path": VARIABLES[name], "exists": True, "fstype": "NTFS", "drive_type": 3}
        for name in ("GOPATH", "GOBIN", "GOCACHE", "GOMODCACHE")
    },
    "git_long_paths": "true\r\n",
    "git": r"C:\Program Files\Git\cmd\git.exe",
}

MISSING = {"path": r"C:\old\bin", "stands": "C:\\", "sddl": "O:SYD:(A;;FA;;;BA)(A;;LC;;;AU)"}


def ran(out: str = "", err: str = "", rc: int = 0, seconds: float = 1.5, *, timed_out: bool = False) -> dict[str, Any]:
    return {"out": out, "err": err, "rc": rc, "seconds": seconds, "timed_out": timed_out}


def proof(**broken: str) -> dict[str, Any]:
    """What the probe prints; ``broken`` says what is wrong, by step."""
    steps = [
        {"name": name, "ok": name not in broken, "late": False, "seconds": 0.1, "detail": broken.get(name, "")}
        for name in ("start", "definition", "test", "test_cached")
    ]
    return ran(json.dumps({"passed": not broken, "seconds": 0.5, "steps": steps, "server": "gopls", "stderr": ""}))


class WindowsHost:
    """Answers what win_go_info would."""

    def __init__(self, seen: dict[str, Any], told: dict[str, Any] | None) -> None:
        self.seen, self.told = seen, told
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def run(self, module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
        self.calls.append((module_name, module_args))
        return {"changed": False, "seen": self.seen, "proof": self.told if module_args["probe"] else None}


def act(kind: Any, host: WindowsHost, **arguments: Any) -> dict[str, Any]:
    task = Task.load({f"gopherops.workstation.{kind.ActionModule.capability}": arguments, "name": "t"})
    connection = MagicMock()
    connection._shell._IS_WINDOWS = True
    loader = DataLoader()
    action = kind.ActionModule(task, connection, PlayContext(), loader, Templar(loader), None)
    action._execute_module = host.run
    result = dict(action.run(task_vars={}))
    assert returned.complaints(action.capability, result) == []
    return result


def seen(**changes: Any) -> dict[str, Any]:
    found = copy.deepcopy(SEEN)
    for path, value in changes.items():
        *heads, last = path.split("__")
        place = found
        for head in heads:
            place = place[head]
        place[last] = value
    return found


def test_a_healthy_machine_is_healthy_by_one_call() -> None:
    host = WindowsHost(SEEN, proof())
    result = act(go_doctor, host)
    assert result["findings"] == []
    assert (result["healthy"], result["functional"]["passed"]) == (True, True)
    assert [step["name"] for step in result["functional"]["steps"]] == [
        "build",
        "start",
        "definition",
        "test",
        "test_cached",
    ]
    ((module, options),) = host.calls
    assert module == "gopherops.workstation.win_go_info"
    assert {one["name"] for one in options["probe"]} >= {"go.mod", "main.go", "probe_test.go"}
    verdicts = {one["id"]: one["verdict"] for one in result["verdicts"]}
    assert [verdicts[f"GD0{number}"] for number in (59, 60, 61, 62, 63, 64, 68)] == ["pass"] * 7


@pytest.mark.parametrize(
    ("changes", "id_"),
    [
        ({"registry__user__Path": {"kind": "String", "data": r"%USERPROFILE%\go\bin"}}, "GD059"),
        ({"windows__long_paths": 0}, "GD060"),
        ({"windows__exclusions": []}, "GD062"),
        ({"windows__events": [{"id": 3077, "message": r"C:\Users\ada\go\bin\gopls.exe was refused"}]}, "GD063"),
        ({"directories__GOPATH__drive_type": 4}, "GD064"),
        ({"windows__onedrive": r"C:\Users\ada\go"}, "GD064"),
        ({"windows__machine_path": [MISSING]}, "GD068"),
    ],
)
def test_each_rule_of_windows_hears_what_the_host_says(changes: dict[str, Any], id_: str) -> None:
    result = act(go_doctor, WindowsHost(seen(**changes), proof()), fail_on="never")
    assert id_ in [one["id"] for one in result["findings"]]


@pytest.mark.parametrize(
    ("told", "name", "words"),
    [
        (ran("", "main.go:1: broken", 1), "build", "broken"),
        (ran(seconds=500.0, timed_out=True), "build", "given up after 500 s"),
        (proof(test="FAIL\tprobe"), "test", "FAIL"),
    ],
)
def test_what_does_not_work_is_told_by_its_step(told: dict[str, Any], name: str, words: str) -> None:
    result = act(go_doctor, WindowsHost(SEEN, told), fail=False)
    (broken,) = (step for step in result["functional"]["steps"] if not step["ok"])
    assert broken["name"] == name
    assert words in broken["detail"]
    assert (result["healthy"], result["functional"]["passed"]) == (False, False)
    assert f"failed at {name}" in result["trouble"]


def test_no_go_and_no_gopls_are_said() -> None:
    bare = seen(gos=[], go=None, gopls="", directories={})
    result = act(go_doctor, WindowsHost(bare, None), fail=False)
    assert result["functional"]["reason"] == "there is no go command for this account"
    without = act(go_doctor, WindowsHost(seen(gopls=""), proof()), fail=False)
    assert "gopls is not installed" in without["trouble"]


def test_without_the_functional_check_no_probe_travels() -> None:
    host = WindowsHost(SEEN, proof())
    result = act(go_doctor, host, functional=False)
    assert host.calls[0][1]["probe"] == []
    assert result["functional"]["passed"] is None


def test_go_info_gives_the_facts_and_says_what_it_lacks() -> None:
    host = WindowsHost(SEEN, None)
    info = act(go_info, host, go="~/sdk/go/bin/go.exe")["info"]
    assert host.calls[0][1]["go"] == r"%USERPROFILE%\sdk\go\bin\go.exe"
    assert (info["os"]["system"], info["go"]["version"]) == ("Windows", "go1.27.4")
    assert info["windows"]["path"]["user"]["kind"] == "REG_EXPAND_SZ"
    assert set(info["errors"]) == {"editor", "files", "tools", "workspaces"}


def test_credentials_do_not_travel_further() -> None:
    secret = seen(go__out=json.dumps({**VARIABLES, "GOPROXY": "https://ada:hunter2@proxy.example.com"}))
    assert "hunter2" not in json.dumps(act(go_info, WindowsHost(secret, None)))
