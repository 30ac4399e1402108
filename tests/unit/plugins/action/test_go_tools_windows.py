"""go_tools on a Windows host: what is built here for it, and what proves the programs that stand there."""

from __future__ import annotations

import gzip
import hashlib
import json
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
from windows.tools_host import BIN, RECORDS, ToolsHost

from ansible_collections.gopherops.workstation.plugins.action import go_tools
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.wanted import Wanted
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.workshop import Parcel


class Bench:
    """A builder whose programs are their own names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.built: list[Wanted] = []

    def parcel(self, wanted: Wanted) -> Parcel:
        self.built.append(wanted)
        content = f"{wanted.title} {wanted.go_version} {wanted.goos}/{wanted.goarch}".encode()
        packed = self.folder / f"{wanted.tool.name}-{len(self.built)}.gz"
        packed.write_bytes(gzip.compress(content))
        return Parcel(packed, hashlib.sha256(content).hexdigest(), ("a word of warning",))


@pytest.fixture(name="bench")
def build_bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    bench = Bench(tmp_path)
    monkeypatch.setattr(go_tools, "controller_workshop", lambda environment: bench)
    return bench


def act(host: ToolsHost, *, check: bool = False, diff: bool = True, **arguments: Any) -> dict[str, Any]:
    given = {"tools": [{"name": "gopls", "version": "v0.24.0"}], **arguments}
    task = Task.load({"gopherops.workstation.go_tools": given, "name": "t", "check_mode": check, "diff": diff})
    connection = MagicMock()
    connection._shell._IS_WINDOWS, connection._shell.tmpdir = True, r"C:\Temp\ansible-tmp"
    connection._shell.join_path = ntpath.join
    loader = DataLoader()
    action = go_tools.ActionModule(task, connection, PlayContext(), loader, Templar(loader), None)
    action._execute_module = host.run
    action._remove_tmp_path = MagicMock()

    def transfer(local: str, remote: str) -> str:
        host.files[remote] = Path(local).read_bytes()
        return remote

    action._transfer_file = transfer
    return dict(action.run(task_vars={}))


def test_a_program_is_built_here_once_and_proved_there_by_its_bytes(bench: Bench) -> None:
    host = ToolsHost()
    predicted = act(host, check=True)
    assert bench.built == []
    done = act(host)
    assert predicted["changes"] == done["changes"]
    assert done["changes"] == [
        {"path": rf"{BIN}\gopls.exe", "act": "install", "what": "gopls v0.24.0 (built with Go 1.27.4)"}
    ]
    assert done["tools"][0]["path"] == rf"{BIN}\gopls.exe"
    assert done["tools"][0]["sum"].startswith("h1:")
    assert done["warnings"] == ["a word of warning"]
    assert host.programs == {"gopls.exe": "gopls v0.24.0 1.27.4 windows/amd64"}
    host.calls.clear()
    again = act(host)
    assert (again["changed"], again["tools"][0]["act"]) == (False, "ok")
    assert [one["action"] for one in host.calls] == ["read"]
    assert len(bench.built) == 1


def test_the_difference_is_shown_where_it_is_asked_for(bench: Bench) -> None:
    assert act(ToolsHost())["diff"]["after"] == f"{BIN}\\gopls.exe: golang.org/x/tools/gopls@v0.24.0\n"
    assert "diff" not in act(ToolsHost(), diff=False)


def test_what_a_life_says(bench: Bench) -> None:
    asked: list[dict[str, Any]] = [{}, {}, {"tools": [{"name": "gopls", "version": "v0.23.0"}]}, {"state": "absent"}]
    approved.same_json("windows/go_tools.json", approved.life(partial(act, ToolsHost()), asked))


def test_arm64_gets_its_own_program(bench: Bench) -> None:
    host = ToolsHost(processor="ARM64")
    assert act(host)["platform"] == "windows/arm64"
    assert bench.built[0].goarch == "arm64"


def test_what_is_not_the_proved_bytes_is_replaced(bench: Bench) -> None:
    host = ToolsHost()
    host.files[rf"{BIN}\gopls.exe"] = b"somebody's own"
    assert "nothing proves its content" in act(host)["tools"][0]["reason"]
    host.files[rf"{BIN}\gopls.exe"] += b"!"
    assert "its content changed since" in act(host)["tools"][0]["reason"]
    assert act(host)["changed"] is False
    records = json.loads(host.files[RECORDS])
    records["tools"]["gopls"]["version"] = "v0.23.0"
    host.files[RECORDS] = json.dumps(records).encode()
    assert act(host)["tools"][0]["reason"] == "it is version v0.23.0"
    host.files[RECORDS] = b"torn"
    assert act(host)["changed"] is True


def test_a_newer_minor_of_go_means_a_new_build_and_a_patch_does_not(bench: Bench) -> None:
    host = ToolsHost(go="go1.27.4")
    act(host)
    host.go = "go1.27.9"
    assert act(host)["changed"] is False
    host.go = "go1.28.0"
    assert "older than the active 1.28.0" in act(host)["tools"][0]["reason"]
    assert act(host)["changed"] is False


def test_exclusive_removes_what_is_ours_and_leaves_what_is_not(bench: Bench) -> None:
    host = ToolsHost()
    act(host, tools=[{"name": "gopls", "version": "v0.24.0"}, {"name": "dlv", "version": "v1.27.2"}])
    host.files[rf"{BIN}\other.exe"] = b"not ours"
    done = act(host, exclusive=True)
    assert [one["act"] for one in done["changes"]] == ["remove"]
    assert sorted(host.programs) == ["gopls.exe", "other.exe"]
    assert act(host, exclusive=True)["changed"] is False
    ours = host.files[rf"{BIN}\gopls.exe"]
    host.files[rf"{BIN}\gopls.exe"] = b"put in its place"
    assert "not installed by this collection" in act(host, state="absent")["msg"]
    host.files[rf"{BIN}\gopls.exe"] = ours
    assert act(host, state="absent")["changes"] == [{"path": rf"{BIN}\gopls.exe", "act": "remove", "what": "gopls"}]
    assert sorted(host.programs) == ["other.exe"]
    host.files[rf"{BIN}\gopls.exe"] = b"somebody's own"
    assert "not installed by this collection" in act(host, state="absent")["msg"]


def test_without_go_the_run_says_so_and_check_mode_predicts(bench: Bench) -> None:
    host = ToolsHost(go="")
    assert act(host, check=True, go_version="1.27.4")["changed"] is True
    assert "Install Go first" in act(host)["msg"]
    assert host.programs == {}


def test_paths_are_windows_own(bench: Bench) -> None:
    host = ToolsHost()
    act(host, go="C:\\Users\\ada\\sdk\\go\\bin/go", bin_dir="~/bin")
    assert host.calls[0]["go"] == "C:\\Users\\ada\\sdk\\go\\bin\\go"
    assert host.calls[0]["bin_dir"] == "%USERPROFILE%\\bin"
