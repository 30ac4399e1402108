"""vscode_extension on a Windows host: the brain of the POSIX half over what win_vscode_extension tells."""

from __future__ import annotations

import hashlib
import json
import ntpath
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import approved
import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.template import Templar
from vscode.pack import vsix
from windows.extensions_host import FOLDER, HOME, PROGRAM, ExtensionsHost

from ansible_collections.gopherops.workstation.plugins.action import vscode_extension

ROOM = r"C:\Users\JRGMLL~1\AppData\Local\Temp\ansible-tmp"
LIST = ntpath.join(FOLDER, "extensions.json")
GO = ntpath.join(FOLDER, "golang.go-0.56.0")

Act = Callable[..., dict[str, Any]]


@pytest.fixture(name="act")
def actor(tmp_path: Path) -> Act:
    def act(host: ExtensionsHost, *extensions: dict[str, Any], check: bool = False, **more: Any) -> dict[str, Any]:
        arguments = {"extensions": list(extensions), **more}
        task = Task.load({"gopherops.workstation.vscode_extension": arguments, "name": "t", "check_mode": check})
        connection = MagicMock()
        connection._shell._IS_WINDOWS, connection._shell.tmpdir = True, ROOM
        connection._shell.join_path = ntpath.join
        loader = DataLoader()
        loader.set_basedir(str(tmp_path))
        action = vscode_extension.ActionModule(task, connection, PlayContext(), loader, Templar(loader), None)
        action._execute_module = host.run

        def transfer(local: str, remote: str) -> str:
            assert not check
            host.calls.append("send")
            host.files[remote] = Path(local).read_bytes()
            return remote

        action._transfer_file, action._fixup_perms2 = transfer, lambda _: None
        return dict(action.run(task_vars={}))

    return act


def package(folder: Path, **about: Any) -> dict[str, Any]:
    return {"name": "golang.go", "vsix": str(vsix(folder, **about))}


def test_a_package_of_the_controller_is_predicted_laid_down_listed_and_then_left_alone(
    act: Act, tmp_path: Path
) -> None:
    host, wanted = ExtensionsHost(), package(tmp_path)
    predicted = act(host, wanted, check=True)
    assert host.calls == ["read"]
    done = act(host, wanted)
    assert predicted["changes"] == done["changes"] == [
        {"path": FOLDER, "act": "install", "what": "golang.go: (nothing) -> 0.56.0"}
    ]  # fmt: skip
    assert host.calls[1:] == ["read", "send", "lay", "write"]
    (entry,) = host.listed()
    # As VS Code itself writes a folder of Windows in a URI.
    path = f"/c:/Users/{ntpath.basename(HOME)}/.vscode/extensions/golang.go-0.56.0"
    assert entry["location"] == {"$mid": 1, "path": path, "scheme": "file"}
    assert (entry["relativeLocation"], entry["metadata"]["pinned"]) == ("golang.go-0.56.0", True)
    assert ntpath.join(GO, "out", "main.js") in host.files
    assert done["extensions"] == [
        {"name": "golang.go", "product": "code", "act": "install", "version": "0.56.0", "path": GO, "pinned": True}
    ]
    host.calls.clear()
    again = act(host, wanted)
    assert (again["changed"], again["extensions"][0]["act"], host.calls) == (False, "keep", ["read"])


def test_what_a_life_says(act: Act, tmp_path: Path) -> None:
    host, said = ExtensionsHost(), []
    host.files[ntpath.join(HOME, ".vscode-server", "machineid")] = b"x"
    old, new = package(tmp_path, version="0.54.0"), package(tmp_path)
    for one, more in ((old, {}), (new, {}), (new, {"servers": True}), ({"name": "golang.go", "state": "absent"}, {})):
        told = {name: value for name, value in one.items() if name != "vsix"}
        for check in (True, False):
            said.append({"asked": {**told, **more}, "check": check, **act(host, one, check=check, **more)})
    approved.same_json("windows/vscode_extension.json", said)


def test_an_upgrade_leaves_the_old_folder_to_the_editor_and_others_on_the_list(act: Act, tmp_path: Path) -> None:
    host = ExtensionsHost()
    act(host, package(tmp_path, version="0.54.0"))
    other = {"identifier": {"id": "a.b"}, "version": "1.0.0", "relativeLocation": "a.b-1.0.0"}
    host.files[LIST] = json.dumps([other, *host.listed()]).encode()
    done = act(host, package(tmp_path))
    assert done["changes"][0]["what"] == "golang.go: 0.54.0 -> 0.56.0"
    assert [entry["version"] for entry in host.listed()] == ["1.0.0", "0.56.0"]
    assert json.loads(host.files[ntpath.join(FOLDER, ".obsolete")]) == {"golang.go-0.54.0": True}


def test_absent_takes_the_folder_and_marks_it_where_a_running_editor_holds_it(act: Act, tmp_path: Path) -> None:
    host = ExtensionsHost()
    act(host, package(tmp_path))
    gone: dict[str, Any] = {"name": "golang.go", "state": "absent"}
    host.locked.add(GO)
    done = act(host, gone)
    assert done["changes"] == [{"path": LIST, "act": "remove", "what": "golang.go: 0.56.0 -> (nothing)"}]
    assert host.listed() == []
    assert json.loads(host.files[ntpath.join(FOLDER, ".obsolete")]) == {"golang.go-0.56.0": True}
    assert act(host, gone)["changed"] is False


def test_a_folder_without_a_list_is_taken_as_the_list(act: Act, tmp_path: Path) -> None:
    host = ExtensionsHost()
    host.files[ntpath.join(FOLDER, "a.b-1.0.0", "package.json")] = (
        b'{"publisher": "a", "name": "b", "version": "1.0.0"}'
    )
    act(host, package(tmp_path))
    assert [entry["identifier"]["id"] for entry in host.listed()] == ["a.b", "golang.go"]


def test_a_policy_in_the_registry_refuses_before_anything_happens(act: Act, tmp_path: Path) -> None:
    host = ExtensionsHost()
    host.policies[r"Microsoft\VSCode"] = '{"github": true}'
    failed = act(host, package(tmp_path))
    assert "the policy AllowedExtensions of code would disable it: no rule allows it" in failed["msg"]
    assert host.calls == ["read"]
    host.policies[r"Microsoft\VSCode"] = '{"golang": true}'
    assert act(host, package(tmp_path))["changed"] is True


@pytest.mark.parametrize("honest", [True, False])
def test_the_editors_own_command_is_found_where_its_installer_puts_it_and_not_believed(act: Act, honest: bool) -> None:
    host, said = ExtensionsHost(), list[str]()
    host.files[PROGRAM] = b"@echo off"

    def editor(machine: ExtensionsHost, arguments: str) -> dict[str, Any]:
        said.append(arguments)
        if honest:
            manifest = {"publisher": "golang", "name": "Go", "version": "0.56.0"}
            machine.files[ntpath.join(GO, "package.json")] = json.dumps(manifest).encode()
            entry = {"identifier": {"id": "golang.Go"}, "version": "0.56.0", "relativeLocation": "golang.go-0.56.0"}
            machine.files[LIST] = json.dumps([entry]).encode()
        return {"rc": 0, "out": "", "err": ""}

    host.editor = editor
    done = act(host, {"name": "golang.go", "version": "0.56.0"})
    assert said == [f'--extensions-dir "{FOLDER}" --install-extension golang.go@0.56.0 --force']
    if honest:
        assert done["extensions"][0]["pinned"] is True
        assert act(host, {"name": "golang.go", "version": "0.56.0"})["changed"] is False
    else:
        assert "the program reported success, but nothing is on disk" in done["msg"]


def test_a_package_of_the_host_and_one_of_an_address_are_proved_there(act: Act, tmp_path: Path) -> None:
    host, data = ExtensionsHost(), vsix(tmp_path).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    host.files[ntpath.join(HOME, "go.vsix")] = data
    failed = act(host, {"name": "golang.go", "vsix": r"~\go.vsix", "remote_src": True, "sha256": "0" * 64})
    assert f"its SHA-256 is {digest}" in failed["msg"]
    assert act(host, {"name": "golang.go", "vsix": r"~\go.vsix", "remote_src": True})["changed"] is True
    other = ExtensionsHost()
    other.offers["https://example.com/go.vsix"] = data
    done = act(other, {"name": "golang.go", "vsix": "https://example.com/go.vsix", "sha256": digest})
    assert done["extensions"][0]["version"] == "0.56.0"
    assert other.calls == ["read", "fetch", "read", "lay", "write"]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"name": "golang.go"}, "has no command line here"),
        ({"name": "golang.go&calc", "version": "1.0.0"}, "odd"),
    ],
)
def test_what_cannot_be_is_said_first(act: Act, wanted: dict[str, Any], words: str) -> None:
    host = ExtensionsHost()
    assert words in act(host, wanted)["msg"]
    assert host.calls == ["read"]


def test_a_package_for_another_system_and_a_list_of_nonsense_are_refused(act: Act, tmp_path: Path) -> None:
    host = ExtensionsHost()
    failed = act(host, package(tmp_path, platform="linux-x64"))
    assert "the package is for linux-x64, and this machine is win32-x64" in failed["msg"]
    host.files[LIST] = b"{"
    failed = act(host, package(tmp_path))
    assert "list of extensions" in failed["msg"]
    assert host.files[LIST] == b"{"
