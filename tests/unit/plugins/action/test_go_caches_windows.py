"""go_caches on a Windows host: which places there are, what speaks against them, and what is made."""

from __future__ import annotations

import base64
import ntpath
from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.template import Templar

from ansible_collections.gopherops.workstation.plugins.action.go_caches import ActionModule

HOME = r"C:\Users\ada"
LOCAL = ntpath.join(HOME, "AppData", "Local")


class WindowsHost:
    """Does what win_go_caches does, on a set of folders."""

    def __init__(self, *, env_file: bytes = b"", **environment: str) -> None:
        self.folders = {"C:\\", "D:\\", "E:\\", HOME, LOCAL, ntpath.join(LOCAL, "Temp")}
        self.environment = {"USERPROFILE": HOME, "LOCALAPPDATA": LOCAL, "TEMP": ntpath.join(LOCAL, "Temp")}
        self.environment |= {"SystemRoot": r"C:\Windows", "ProgramFiles": r"C:\Program Files", **environment}
        self.env_file = base64.b64encode(env_file).decode() if env_file else None
        self.problems: dict[str, str] = {}
        self.calls: list[str] = []
        self.check = False

    def run(self, module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
        assert module_name == "gopherops.workstation.win_go_caches"
        self.calls.append(module_args["action"])
        if module_args["action"] == "read":
            return {
                "changed": False,
                "account": r"LAPTOP\ada",
                "environment": {name: self.environment.get(name, "") for name in module_args["variables"]},
                "go_env_file": self.env_file,
                "drives": [
                    {"name": "C:\\", "type": "Fixed", "format": "NTFS", "free": 50 << 30},
                    {"name": "D:\\", "type": "Fixed", "format": "ReFS", "free": 10 << 20},
                    {"name": "E:\\", "type": "Removable", "format": "exFAT", "free": 50 << 30},
                    {"name": "N:\\", "type": "Network", "format": "NTFS", "free": 50 << 30},
                ],
            }
        return {"changed": True, "places": [self._use(one) for one in module_args["places"]]}

    def _use(self, place: dict[str, Any]) -> dict[str, Any]:
        made: list[str] = []
        folder = place["path"]
        while place["make"] and folder not in self.folders:
            made.insert(0, folder)
            folder = ntpath.dirname(folder)
        kind = "directory" if place["path"] in self.folders else "absent"
        if not self.check:
            self.folders |= set(made)
        problem = self.problems.get(place["name"], "")
        return {"name": place["name"], "kind": kind, "made": made, "problem": problem, "owner": r"LAPTOP\ada"}


def act(host: WindowsHost, *, check: bool = False, **arguments: Any) -> dict[str, Any]:
    task = Task.load({"gopherops.workstation.go_caches": arguments, "name": "t", "check_mode": check})
    connection = MagicMock()
    connection._shell._IS_WINDOWS = True
    loader, host.check = DataLoader(), check
    action = ActionModule(task, connection, PlayContext(), loader, Templar(loader), None)
    action._execute_module = host.run
    return dict(action.run(task_vars={}))


def paths(result: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["path"] for one in result["places"]}


def test_a_fresh_account_gets_what_go_would_use() -> None:
    host = WindowsHost()
    predicted = act(host, check=True)
    assert ntpath.join(HOME, "go") not in host.folders
    done = act(host)
    assert predicted["changes"] == done["changes"]
    assert paths(done) == {
        "gopath": ntpath.join(HOME, "go"),
        "gocache": ntpath.join(LOCAL, "go-build"),
        "gomodcache": ntpath.join(HOME, "go", "pkg", "mod"),
        "gobin": ntpath.join(HOME, "go", "bin"),
        "gotmpdir": ntpath.join(LOCAL, "Temp"),
        "gopls": ntpath.join(LOCAL, "gopls"),
    }
    again = act(host)
    assert (again["changed"], again["changes"]) == (False, [])
    assert host.calls == ["read", "use"] * 3


def test_env_file_environment_and_task_are_asked_in_gos_order() -> None:
    host = WindowsHost(env_file=b"GOPATH=C:\\a;C:\\b\nGOCACHE=C:\\file\n", GOCACHE=r"C:\process")
    assert paths(act(host, paths={"gobin": "~\\bin"})) == {
        **paths(act(host)),
        "gobin": ntpath.join(HOME, "bin"),
    }
    found = paths(act(host))
    assert (found["gopath"], found["gomodcache"], found["gocache"]) == (r"C:\a", r"C:\a\pkg\mod", r"C:\process")


@pytest.mark.parametrize(
    ("path", "words", "kind"),
    [
        (r"N:\cache", "network drive", "network"),
        (r"\\server\share\cache", "network drive", "network"),
        (r"E:\cache", "Removable", "network"),
        (r"D:\cache", "only 10 MiB are free", "space"),
        (r"C:\Users\ada\OneDrive - Company\cache", "synchroniser", "synced"),
        (r"C:\Cloud\cache", "synchroniser", "synced"),
    ],
)
def test_a_bad_place_is_refused_before_anything_is_made_and_can_be_accepted(path: str, words: str, kind: str) -> None:
    host = WindowsHost(OneDrive=r"C:\Cloud")
    host.folders.add(path)
    before = set(host.folders)
    failed = act(host, paths={"gocache": path})
    assert words in failed["msg"] and f"accept: [{kind}]" in failed["msg"]
    assert (host.calls, host.folders) == (["read"], before)
    accepted = act(host, paths={"gocache": path}, accept=[kind])
    assert next(one for one in accepted["places"] if one["name"] == "gocache")["doubts"][kind]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (HOME, "holds the whole profile"),
        ("C:\\", "holds the whole profile"),
        (r"C:\Windows\Temp\go", "directory of the system"),
        (r"c:\program files\go\cache", "directory of the system"),
        ("/var/cache", "is not absolute"),
    ],
)
def test_impossible_places_are_refused(path: str, words: str) -> None:
    assert words in act(WindowsHost(), paths={"gocache": path})["msg"]


def test_what_cannot_be_written_is_named_with_the_way_out() -> None:
    host = WindowsHost()
    host.problems["gocache"] = "Access to the path is denied."
    failed = act(host)
    assert r"LAPTOP\ada cannot write in" in failed["msg"]
    assert "icacls" in failed["msg"]


@pytest.mark.parametrize("options", [{"policy": "shared", "group": "devs"}, {"mode": "0700"}, {"move": True}])
def test_what_is_for_posix_is_refused_not_ignored(options: dict[str, Any]) -> None:
    assert "POSIX" in act(WindowsHost(), **options)["msg"]


def test_absent_leaves_the_developers_content() -> None:
    host = WindowsHost()
    assert act(host, state="absent")["changed"] is False
    assert host.calls == []
