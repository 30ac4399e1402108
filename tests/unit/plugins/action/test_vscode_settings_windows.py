"""vscode_settings on a Windows host: read, merged here by the engine of the POSIX half, written."""

from __future__ import annotations

import base64
import hashlib
import json
import ntpath
from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.template import Templar

from ansible_collections.gopherops.workstation.plugins.action.vscode_settings import ActionModule

HOME = "C:\\Users\\J\u00f6rg M\u00fcller (dev)"
APPDATA = ntpath.join(HOME, "AppData", "Roaming")
SETTINGS = ntpath.join(APPDATA, "Code", "User", "settings.json")
BEFORE = b'\xef\xbb\xbf{\r\n\t// mine\r\n\t"editor.fontSize": 14,\r\n\t"go.useLanguageServer": false,\r\n}\r\n'


class WindowsHost:
    """Does what win_vscode_settings does, on two dictionaries."""

    def __init__(self, **environment: str) -> None:
        self.files: dict[str, bytes] = {}
        self.folders = {"C:\\", "C:\\Users", HOME, ntpath.dirname(APPDATA), APPDATA}
        self.environment = {"USERPROFILE": HOME, "APPDATA": APPDATA, "VSCODE_PORTABLE": "", **environment}
        self.calls: list[str] = []
        self.rival: bytes | None = None

    def run(self, module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
        assert module_name == "gopherops.workstation.win_vscode_settings"
        self.calls.append(module_args["action"])
        if module_args["action"] == "read":
            places = [self._state(path) for path in module_args["paths"]]
            return {"changed": False, "environment": self.environment, "places": places, "commands": []}
        if self.rival is not None:
            self.files[SETTINGS] = self.rival
        for write in module_args["writes"]:
            now = self.files.get(write["path"])
            if write["before"] != ("absent" if now is None else hashlib.sha256(now).hexdigest()):
                return {"failed": True, "msg": "another program changed it meanwhile"}
        for write in module_args["writes"]:
            self.files[write["path"]] = base64.b64decode(write["content"])
            folder = ntpath.dirname(write["path"])
            while folder not in self.folders:
                self.folders.add(folder)
                folder = ntpath.dirname(folder)
        return {"changed": True}

    def _state(self, asked: str) -> dict[str, Any]:
        path = ntpath.join("C:\\", asked.replace("%USERPROFILE%", HOME).replace("%APPDATA%", APPDATA))
        path = ntpath.normpath(path)
        data, missing, folder = self.files.get(path), "", ntpath.dirname(path)
        while folder not in self.folders:
            missing, folder = folder, ntpath.dirname(folder)
        kind = "file" if data is not None else "directory" if path in self.folders else "absent"
        content = None if data is None else base64.b64encode(data).decode()
        return {"asked": asked, "path": path, "kind": kind, "content": content, "missing": missing}


def act(host: WindowsHost, *, check: bool = False, **arguments: Any) -> dict[str, Any]:
    task = Task.load({"gopherops.workstation.vscode_settings": arguments, "name": "t", "check_mode": check})
    connection = MagicMock()
    connection._shell._IS_WINDOWS = True
    loader = DataLoader()
    action = ActionModule(task, connection, PlayContext(), loader, Templar(loader), None)
    action._execute_module = host.run
    return dict(action.run(task_vars={}))


def test_byte_order_mark_comments_tabs_and_line_ends_stay() -> None:
    host = WindowsHost()
    host.files[SETTINGS] = BEFORE
    host.folders |= {ntpath.dirname(SETTINGS), ntpath.join(APPDATA, "Code")}
    wanted: dict[str, Any] = {"settings": {"go.useLanguageServer": True}}
    predicted = act(host, check=True, **wanted)
    assert host.files[SETTINGS] == BEFORE
    done = act(host, **wanted)
    assert (
        predicted["changes"]
        == done["changes"]
        == [{"path": SETTINGS, "act": "edit", "what": "go.useLanguageServer: false -> true"}]
    )
    assert host.files[SETTINGS] == BEFORE.replace(b"false", b"true")
    assert done["files"][0]["product"] == "code"
    host.calls.clear()
    assert act(host, **wanted)["changed"] is False
    assert host.calls == ["read"]


def test_on_a_fresh_machine_the_folder_is_predicted_too() -> None:
    host = WindowsHost()
    predicted = act(host, check=True, settings={"a.b": 1})
    done = act(host, settings={"a.b": 1})
    assert [one["act"] for one in done["changes"]] == ["create", "create"]
    assert predicted["changes"] == done["changes"]
    assert done["changes"][0]["path"] == ntpath.join(APPDATA, "Code")
    assert json.loads(host.files[SETTINGS]) == {"a.b": 1}


def test_a_malformed_file_stops_everything_and_stays() -> None:
    host = WindowsHost()
    host.files[SETTINGS] = b'{"a": }'
    failed = act(host, settings={"a": 1}, targets=[{"kind": "user"}, {"kind": "workspace", "path": r"C:\src\x"}])
    assert failed["failed"]
    assert failed["line"] == 1
    assert host.files == {SETTINGS: b'{"a": }'}


def test_profiles_workspaces_and_a_portable_editor_are_found() -> None:
    host = WindowsHost()
    base = ntpath.join(APPDATA, "Code")
    host.folders |= {base, ntpath.join(base, "User")}
    store = {"userDataProfiles": [{"location": "-77aa", "name": "Go"}]}
    host.files[ntpath.join(base, "User", "globalStorage", "storage.json")] = json.dumps(store).encode()
    targets = [{"kind": "profile", "name": "Go"}, {"kind": "workspace", "path": "~/src/x"}]
    done = act(host, settings={"a": 1}, targets=targets)
    assert [one["path"] for one in done["files"]] == [
        ntpath.join(base, "User", "profiles", "-77aa", "settings.json"),
        ntpath.join(HOME, "src", "x", ".vscode", "settings.json"),
    ]
    portable = WindowsHost(VSCODE_PORTABLE=r"D:\code\data")
    portable.folders.add("D:\\")
    assert act(portable, settings={"a": 1})["files"][0]["path"] == r"D:\code\data\user-data\User\settings.json"


def test_a_backup_is_the_file_as_it_was() -> None:
    host = WindowsHost()
    host.files[SETTINGS] = BEFORE
    done = act(host, settings={"editor.fontSize": 15}, backup=True)
    assert host.files[done["files"][0]["backup_file"]] == BEFORE


def test_an_editor_that_saves_meanwhile_is_not_overwritten() -> None:
    host = WindowsHost()
    host.files[SETTINGS] = BEFORE
    host.rival = b'{"mine": 1}'
    assert "meanwhile" in act(host, settings={"editor.fontSize": 15})["msg"]
    assert host.files[SETTINGS] == b'{"mine": 1}'


@pytest.mark.parametrize("path", ["/home/ada/x", "src\\x"])
def test_a_workspace_needs_a_full_path_of_windows(path: str) -> None:
    failed = act(WindowsHost(), settings={"a": 1}, targets=[{"kind": "workspace", "path": path}])
    assert "absolute path" in failed["msg"]
