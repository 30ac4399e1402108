"""vscode_settings on a Windows host: read, merged here by the engine of the POSIX half, written."""

from __future__ import annotations

import json
import ntpath
from functools import partial
from typing import Any
from unittest.mock import MagicMock

import approved
import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.template import Templar
from windows.settings_host import APPDATA, HOME, SETTINGS, SettingsHost

from ansible_collections.gopherops.workstation.plugins.action.vscode_settings import ActionModule

BEFORE = b'\xef\xbb\xbf{\r\n\t// mine\r\n\t"editor.fontSize": 14,\r\n\t"go.useLanguageServer": false,\r\n}\r\n'


def act(host: SettingsHost, *, check: bool = False, diff: bool = True, **arguments: Any) -> dict[str, Any]:
    task = Task.load(
        {"gopherops.workstation.vscode_settings": arguments, "name": "t", "check_mode": check, "diff": diff}
    )
    connection = MagicMock()
    connection._shell._IS_WINDOWS = True
    loader = DataLoader()
    action = ActionModule(task, connection, PlayContext(), loader, Templar(loader), None)
    action._execute_module = host.run
    return dict(action.run(task_vars={}))


def test_byte_order_mark_comments_tabs_and_line_ends_stay() -> None:
    host = SettingsHost()
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


def test_the_difference_is_shown_where_it_is_asked_for() -> None:
    shown = act(SettingsHost(), settings={"a": 1})["diff"]
    assert [(one["before"], json.loads(one["after"])) for one in shown] == [("", {"a": 1})]
    assert "diff" not in act(SettingsHost(), diff=False, settings={"a": 1})


def test_what_a_life_says() -> None:
    asked: tuple[dict[str, Any], ...] = (
        {"settings": {"a.b": 1, "gopls": {"ui.semanticTokens": True}}},
        {"settings": {"a.b": 2, "c": [1]}, "policies": {"a.b": "set_if_absent", "c": "list_add", "gopls": "absent"}},
        {"settings": {"a.b": 2}, "targets": [{"kind": "workspace", "path": r"~\src\project"}]},
        {"settings": {"a.b": 2, "c": [1]}, "state": "absent"},
    )
    approved.same_json("windows/vscode_settings.json", approved.life(partial(act, SettingsHost()), asked))


def test_on_a_fresh_machine_the_folder_is_predicted_too() -> None:
    host = SettingsHost()
    predicted = act(host, check=True, settings={"a.b": 1})
    done = act(host, settings={"a.b": 1})
    assert [one["act"] for one in done["changes"]] == ["create", "create"]
    assert predicted["changes"] == done["changes"]
    assert done["changes"][0]["path"] == ntpath.join(APPDATA, "Code")
    assert json.loads(host.files[SETTINGS]) == {"a.b": 1}


def test_a_malformed_file_stops_everything_and_stays() -> None:
    host = SettingsHost()
    host.files[SETTINGS] = b'{"a": }'
    failed = act(host, settings={"a": 1}, targets=[{"kind": "user"}, {"kind": "workspace", "path": r"C:\src\x"}])
    assert failed["failed"]
    assert failed["line"] == 1
    assert host.files == {SETTINGS: b'{"a": }'}


def test_a_read_only_file_is_named_and_stays() -> None:
    host = SettingsHost()
    host.files[SETTINGS] = BEFORE
    host.folders |= {ntpath.dirname(SETTINGS), ntpath.join(APPDATA, "Code")}
    host.read_only = {SETTINGS}
    for check in (True, False):
        done = act(host, check=check, settings={"go.useLanguageServer": True})
        assert "it is read-only. Take the attribute away (attrib -r)" in done["msg"]
    assert host.files == {SETTINGS: BEFORE}
    assert host.calls == ["read", "read"]
    assert act(host, settings={"go.useLanguageServer": False})["changed"] is False


def test_profiles_workspaces_and_a_portable_editor_are_found() -> None:
    host = SettingsHost()
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
    portable = SettingsHost(VSCODE_PORTABLE=r"D:\code\data")
    portable.folders.add("D:\\")
    assert act(portable, settings={"a": 1})["files"][0]["path"] == r"D:\code\data\user-data\User\settings.json"


def test_a_backup_is_the_file_as_it_was() -> None:
    host = SettingsHost()
    host.files[SETTINGS] = BEFORE
    done = act(host, settings={"editor.fontSize": 15}, backup=True)
    assert host.files[done["files"][0]["backup_file"]] == BEFORE


def test_an_editor_that_saves_meanwhile_is_not_overwritten() -> None:
    host = SettingsHost()
    host.files[SETTINGS] = BEFORE
    host.rival = b'{"mine": 1}'
    assert "meanwhile" in act(host, settings={"editor.fontSize": 15})["msg"]
    assert host.files[SETTINGS] == b'{"mine": 1}'


@pytest.mark.parametrize("path", ["/home/ada/x", "src\\x"])
def test_a_workspace_needs_a_full_path_of_windows(path: str) -> None:
    failed = act(SettingsHost(), settings={"a": 1}, targets=[{"kind": "workspace", "path": path}])
    assert "absolute path" in failed["msg"]
