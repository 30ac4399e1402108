"""What is hard about Windows, as far as a played host can show it: a clear message each, and nothing lost."""

from __future__ import annotations

import ntpath
import re
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.template import Templar
from windows.laptop import EnvHost
from windows.sdk_host import SdkHost

from ansible_collections.gopherops.workstation.plugins.action import go_env
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._windows import reading

PLUGINS = Path(__file__).resolve().parents[4] / "plugins"


class Recorder:
    """An EnvHost that keeps what it was asked."""

    def __init__(self) -> None:
        self.host, self.asked = EnvHost(SdkHost()), list[dict[str, Any]]()

    def run(self, module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
        self.asked.append(module_args)
        return self.host.run(module_name, module_args, task_vars)


def act(host: Any, *, windows: bool = True, **arguments: Any) -> dict[str, Any]:
    task = Task.load({"gopherops.workstation.go_env": arguments, "name": "t"})
    connection = MagicMock()
    connection._shell._IS_WINDOWS = windows
    loader = DataLoader()
    action = go_env.ActionModule(task, connection, PlayContext(), loader, Templar(loader), None)
    action._execute_module = host.run
    return dict(action.run(task_vars={}))


def test_a_path_of_4000_characters_in_a_plain_string_keeps_every_element() -> None:
    seen = Recorder()
    elements = [rf"C:\tools\{number:04}" for number in range(300)]
    seen.host.values["Path"] = {"kind": "String", "data": ";".join(elements)}
    assert len(seen.host.values["Path"]["data"]) > 4000
    done = act(seen, path=["~/sdk/go/bin"])
    now = seen.host.values["Path"]
    # %USERPROFILE% is expanded in this kind only.
    assert now["kind"] == "ExpandString"
    assert now["data"].split(";") == [r"%USERPROFILE%\sdk\go\bin", *elements]
    assert done["env"]["new_terminal"] is True
    assert act(seen, path=["~/sdk/go/bin"])["changed"] is False
    act(seen, path=["~/sdk/go/bin"], state="absent")
    assert seen.host.values["Path"]["data"].split(";") == elements


def test_the_machines_path_keeps_its_kind_when_nothing_in_it_is_to_be_expanded() -> None:
    seen = Recorder()
    seen.host.registry["machine"]["Path"] = {"kind": "String", "data": r"C:\Windows"}
    act(seen, scope="machine", path=[r"C:\Program Files\Go\bin", "~/go/bin"])
    assert seen.host.registry["machine"]["Path"] == {"kind": "String", "data": r"C:\Program Files\Go\bin;C:\Windows"}


def test_machine_and_account_are_read_by_one_call_and_both_given_back() -> None:
    seen = Recorder()
    before = {scope: dict(values) for scope, values in seen.host.registry.items()}
    own = {"path": ["~/go/bin"], "variables": {"GOPROXY": "https://proxy.example.com"}}
    both: dict[str, Any] = {"scope": "machine", "path": [r"C:\Program Files\Go\bin"], "_plan": {"own": own}}
    done = act(seen, **both)
    assert [(one["action"], one["scope"]) for one in seen.asked] == [
        ("read", "machine"),
        ("write", "user"),
        ("write", "machine"),
    ]
    assert done["env"]["new_terminal"] is True
    assert seen.host.registry["user"]["Path"]["data"] == r"%USERPROFILE%\go\bin;%USERPROFILE%\bin"
    assert seen.host.registry["machine"]["Path"]["data"].startswith(r"C:\Program Files\Go\bin;")
    assert any(data == b"GOPROXY=https://proxy.example.com\n" for data in seen.host.files.values())
    seen.asked.clear()
    assert act(seen, **both)["changed"] is False
    assert [one["action"] for one in seen.asked] == ["read"]
    act(seen, **{**both, "state": "absent", "_plan": {"own": {**own, "state": "absent"}}})
    assert seen.host.registry == before
    assert seen.host.files == {}
    assert "it is for Windows" in act(seen, windows=False, _plan={"own": own})["msg"]


def test_another_account_is_named_in_every_call_and_refused_where_it_means_nothing() -> None:
    seen = Recorder()
    done = act(seen, path=["~/go/bin"], owner=r"LAPTOP\grace")
    assert done["changed"] is True
    assert [one["account"] for one in seen.asked] == [r"LAPTOP\grace"] * 2
    assert "belongs to no account" in act(seen, scope="machine", owner="grace")["msg"]
    assert "it is for Windows" in act(seen, windows=False, owner="grace")["msg"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_read_only_file_is_named_before_anything_is_written(state: str) -> None:
    seen = Recorder()
    act(seen, path=["~/go/bin"], variables={"GOPROXY": "https://proxy.example.com"})
    before, values = dict(seen.host.files), dict(seen.host.values)
    (path,) = (name for name in before if name.endswith(r"\go\env"))
    seen.host.read_only = {path}
    assert act(seen, path=["~/go/bin"], variables={"GOPROXY": "https://proxy.example.com"})["changed"] is False
    seen.asked.clear()
    done = act(seen, state=state, path=[r"C:\new"], variables={"GOPROXY": "https://other.example.com"})
    assert done["failed"] is True
    assert path in done["msg"]
    assert "it is read-only. Take the attribute away (attrib -r) and run again; nothing was changed." in done["msg"]
    assert [one["action"] for one in seen.asked] == ["read"]
    assert (seen.host.files, seen.host.values) == (before, values)


def test_what_the_host_says_is_handed_on_and_nothing_is_written_after_it() -> None:
    seen = Recorder()
    words = "Cannot write the environment of the user: the process cannot access the file, it is being used."

    def locked(module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
        if module_args["action"] == "write":
            return {"failed": True, "msg": words}
        return seen.run(module_name, module_args, task_vars)

    host = MagicMock()
    host.run = locked
    failed = act(host, path=["~/go/bin"])
    assert (failed["failed"], failed["msg"]) == (True, words)
    assert seen.host.values["Path"]["data"] == r"%USERPROFILE%\bin"


@pytest.mark.parametrize(
    "root", [r"C:\Users\J" + "\u00f6" + r"rg M" + "\u00fc" + r"ller (dev)\sdk", "D:\\" + "x" * 300]
)
def test_names_of_any_length_and_letters_travel_as_they_are(root: str) -> None:
    asked = reading(
        {"root": root, "link": None, "scope": "user", "state": "present", "verify": "fast"}, {"platforms": {}}
    )
    assert (asked["root"], asked["link"]) == (root, ntpath.join(root, "go"))


@pytest.mark.parametrize("name", ["_Fetch", "_GoTree", "_GoLink"])
def test_trees_are_reached_by_paths_without_a_limit(name: str) -> None:
    text = (PLUGINS / "module_utils" / f"{name}.psm1").read_text(encoding="utf-8")
    assert "Get-GopheropsLongPath" in text


def test_every_failure_of_a_half_is_a_sentence_with_its_cause_and_none_prints_a_trace() -> None:
    for path in sorted((PLUGINS / "modules").glob("win_*.ps1")):
        text = path.read_text(encoding="utf-8")
        messages = re.findall(r"FailJson\(\"([^\n]*)\"[,)]", text)
        assert messages, path.name
        assert text.count("FailJson(") == len(messages), path.name
        assert all(message.startswith("Cannot ") for message in messages), (path.name, messages)
        assert text.count("catch {") + text.count("finally {") > 0, path.name


def test_certificates_are_those_of_windows_and_nothing_switches_the_check_off() -> None:
    fetch = (PLUGINS / "module_utils" / "_Fetch.psm1").read_text(encoding="utf-8")
    assert "CertificateValidationCallback" not in fetch
    assert "[Net.WebRequest]::CreateHttp" in fetch  # the store and the proxy of Windows
