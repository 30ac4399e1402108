"""The collectors against real files, real programs and a real login shell, in a home of their own."""

from __future__ import annotations

import json
import os
import select
import signal
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._info import _runner
from ansible_collections.gopherops.workstation.plugins.module_utils._info._collect import Collection
from ansible_collections.gopherops.workstation.plugins.module_utils._info._editor import collect_editor, effective
from ansible_collections.gopherops.workstation.plugins.module_utils._info._editor_state import named_programs, trusted
from ansible_collections.gopherops.workstation.plugins.module_utils._info._files import text_file
from ansible_collections.gopherops.workstation.plugins.module_utils._info._gos import expand
from ansible_collections.gopherops.workstation.plugins.module_utils._info._mounts import mount_of, mounts
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place, place_here
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import TIMED_OUT, run
from ansible_collections.gopherops.workstation.plugins.module_utils._info._shell import login_environment
from ansible_collections.gopherops.workstation.plugins.module_utils._info._words import reported, scrub, scrubbed

ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


@pytest.fixture(name="place")
def make_place(tmp_path: Path) -> Place:
    home, empty = tmp_path / "home", tmp_path / "empty"
    home.mkdir()
    empty.mkdir()
    return Place(run, {**ENV, "HOME": str(home)}, "Linux", "dev", os.geteuid(), str(home), "/bin/bash", str(empty))


def test_a_program_gets_exactly_this_environment_and_input(tmp_path: Path) -> None:
    ran = run(["sh", "-c", "cat; env | sort"], {"A": "1", "PATH": "/usr/bin:/bin"}, str(tmp_path), 10, b"hello\n")
    assert ran.ok
    assert ran.out.splitlines()[0] == "hello"
    assert "A=1" in ran.out
    assert "HOME=" not in ran.out


def test_a_late_program_is_killed_with_its_children(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    begin = time.monotonic()
    # Time enough for a busy machine to come as far as the number; nothing is done meanwhile.
    ran = run(["sh", "-c", f"sleep 600 & echo $! > {file}; wait"], ENV, str(tmp_path), 4)
    assert ran.rc == TIMED_OUT
    assert time.monotonic() - begin < 300
    deadline = time.monotonic() + 60
    status = Path("/proc") / file.read_text().strip() / "stat"
    while status.exists() and status.read_text().split()[2] != "Z" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not status.exists() or status.read_text().split()[2] == "Z"


def test_a_daemon_that_keeps_the_pipe_is_not_waited_for(tmp_path: Path) -> None:
    begin = time.monotonic()
    ran = run(["sh", "-c", "sleep 60 & echo done"], ENV, str(tmp_path), 50)
    assert ran.ok
    assert ran.out == "done\n"
    assert time.monotonic() - begin < 45


def test_what_a_program_says_last_is_heard_however_busy_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It speaks and ends between our look into the pipe and the question whether it has ended."""
    look = select.select

    def busy(readers: Any, writers: Any, others: Any, _wait: float) -> Any:
        found = look(readers, writers, others, 0)
        (tmp_path / "go").touch()
        if not any(found):
            time.sleep(0.5)
        return found

    monkeypatch.setattr(select, "select", busy)
    script = "until [ -e go ]; do sleep 0.01; done; sleep 0.1; echo last"
    assert run(["sh", "-c", script], ENV, str(tmp_path), 60).out == "last\n"


def test_a_program_that_has_no_group_of_its_own_yet_is_killed_too() -> None:
    pid = os.posix_spawn("/bin/sleep", ["sleep", "60"], ENV)  # in our group, as before setsid
    begin = time.monotonic()
    assert os.WTERMSIG(_runner._kill(pid)) == signal.SIGKILL
    assert time.monotonic() - begin < 45


def test_a_missing_program_is_an_answer(tmp_path: Path) -> None:
    assert run(["/no/such/program"], ENV, str(tmp_path), 5).rc == 127


def test_endless_output_does_not_fill_the_memory(tmp_path: Path) -> None:
    ran = run([sys.executable, "-c", "print('x' * (9 << 20))"], ENV, str(tmp_path), 60)
    assert ran.ok
    assert len(ran.out) == 4 << 20


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("https://user:geheim@proxy.example/x,direct", "https://***@proxy.example/x,direct"),
        ("a|https://tok@p|b", "a|https://***@p|b"),
        ("fatal: password=abc rest", "fatal: password=*** rest"),
        ("https://proxy.golang.org,direct", "https://proxy.golang.org,direct"),
        ("NPM_TOKEN=abc AWS_SECRET_ACCESS_KEY: abc", "NPM_TOKEN=*** AWS_SECRET_ACCESS_KEY: ***"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("GOFLAGS=-v\nGOAUTH=netrc abc\nGOOS=linux", "GOFLAGS=-v\nGOAUTH=***\nGOOS=linux"),
        ("the tokenizer is fine", "the tokenizer is fine"),
    ],
)
def test_credentials_are_blanked(text: str, clean: str) -> None:
    assert scrub(text) == clean


def test_what_a_key_calls_a_secret_is_none_of_ours() -> None:
    settings = {
        "go.toolsEnvVars": {"GOPROXY": "https://u:p@x.example", "OTHER": "private"},
        "gopls": {"build.env": {"GOFLAGS": "-v", "X": "private"}, "token": "private", "usePlaceholders": True},
    }
    assert scrubbed(settings) == {
        "go.toolsEnvVars": {"GOPROXY": "https://***@x.example", "OTHER": "***"},
        "gopls": {"build.env": {"GOFLAGS": "-v", "X": "***"}, "token": "***", "usePlaceholders": True},
    }


def test_only_known_names_leave_the_machine() -> None:
    assert reported({"GOPROXY": "direct", "GOOGLE_API_KEY": "s", "AWS_SECRET": "s"}) == {"GOPROXY": "direct"}


def test_the_login_shell_is_asked_as_the_editor_asks_it(place: Place) -> None:
    Path(place.home, ".bash_profile").write_text("echo noise; export GOFLAGS=-trimpath; export GOPATH=$'a\\nb'\n")
    env, outcome = login_environment(place)
    assert outcome["state"] == "ok"
    assert (env["GOFLAGS"], env["GOPATH"]) == ("-trimpath", "a\nb")


def test_a_login_shell_that_never_ends_is_left_behind(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansible_collections.gopherops.workstation.plugins.module_utils._info._shell.SECONDS", 0.5)
    Path(place.home, ".bash_profile").write_text("sleep 60\n")
    env, outcome = login_environment(place)
    assert outcome["state"] == "timeout"
    assert env["PATH"] == ENV["PATH"]


def test_root_is_refused_in_a_foreign_home(tmp_path: Path) -> None:
    """Really as root, in a home that belongs to somebody else."""
    if os.geteuid() != 0:
        pytest.skip("only root can give a home away")
    os.chown(tmp_path, 1234, 1234)
    with pytest.raises(WorkstationError, match="root must not run Go in a home that belongs to uid 1234"):
        place_here(run, {"HOME": str(tmp_path)}, str(tmp_path))


def test_mounts_are_found_by_the_longest_point(place: Place, tmp_path: Path) -> None:
    (tmp_path / "proc" / "self").mkdir(parents=True)
    (tmp_path / "proc" / "self" / "mountinfo").write_text(
        "1 0 8:1 / / rw,relatime - ext4 /dev/sda rw\n"
        "2 1 0:5 / /home/a\\040b rw,noexec - tmpfs tmpfs rw,size=1k\n"
        "broken line\n"
    )
    table = mounts(Place(run, {}, "Linux", "dev", 1, "/", "/bin/sh", "/", root=str(tmp_path)))
    found = mount_of("/home/a b/c", table)
    assert found is not None
    assert (found.fstype, "noexec" in found.options.split(",")) == ("tmpfs", True)
    assert mount_of("/home/a bc", table) == table[0]


def test_byte_order_marks_and_carriage_returns_are_facts(tmp_path: Path) -> None:
    file = tmp_path / "env"
    file.write_bytes(b"\xef\xbb\xbfGOPROXY=https://u:p@x\r\n")
    facts = text_file(str(file))
    assert (facts["bom"], facts["cr"], facts["text"]) == ("utf-8", True, "GOPROXY=https://***@x\r\n")


def test_settings_merge_as_in_the_editor_and_others_stay_private(place: Place) -> None:
    user = Path(place.home, ".config", "Code", "User")
    user.mkdir(parents=True)
    (user / "settings.json").write_text('{"go.toolsEnvVars": {"A": "1",}, "my.secret": "x", // c\n "gopls": {"x": 1}}')
    editor = collect_editor(place, place.environ)
    assert [one["name"] for one in editor["products"]] == ["Code"]
    assert effective(editor) == {"go.toolsEnvVars": {"A": "1"}, "gopls": {"x": 1}}
    assert "secret" not in json.dumps(editor)


def test_a_malformed_settings_file_says_where(place: Place) -> None:
    user = Path(place.home, ".config", "Code", "User")
    user.mkdir(parents=True)
    (user / "settings.json").write_text('{"go.lintTool": }')
    assert "line 1" in collect_editor(place, place.environ)["products"][0]["files"][0]["error"]


def test_variables_in_paths_are_expanded_once(place: Place) -> None:
    assert expand(place, {"X": "${env:X}/y"}, "${env:X}") == "${env:X}/y"
    assert expand(place, {}, "~/bin") == f"{place.home}/bin"


def test_named_programs_that_are_gone_are_told(place: Place) -> None:
    named = {"go.alternateTools": {"gopls": "/no/gopls", "dlv": "dlv", "go": "/bin/sh"}, "go.goroot": "/no/root"}
    assert [one["key"] for one in named_programs(place, {}, named) if one["problem"]] == [
        "go.alternateTools, gopls",
        "go.goroot",
    ]


def test_trusted_folders_are_read_without_a_trace(tmp_path: Path) -> None:
    database = tmp_path / "state.vscdb"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE ItemTable (key TEXT, value BLOB)")
        trust = {
            "uriTrustInfo": [{"uri": {"path": "/src"}, "trusted": True}, {"uri": {"path": "/no"}, "trusted": False}]
        }
        connection.execute("INSERT INTO ItemTable VALUES ('content.trust.model.key', ?)", (json.dumps(trust),))
    connection.close()
    before = sorted(tmp_path.iterdir())
    assert trusted(str(database)) == ["/src"]
    assert sorted(tmp_path.iterdir()) == before
    database.write_bytes(b"nonsense")
    assert trusted(str(database)) is None


def snapshot(folder: Path) -> dict[str, Any]:
    return {
        str(one): (one.lstat().st_mtime_ns, one.lstat().st_mode, one.lstat().st_size)
        for one in sorted(folder.rglob("*"))
    }


def test_looking_changes_nothing_in_the_home(place: Place) -> None:
    """Also where there is no Go at all; with a real Go see tests/integration/go_info."""
    home = Path(place.home)
    for name in (".cache/go-build/00", "go/pkg/mod/cache", "go/bin", ".cache/gopls", "src/ws"):
        (home / name).mkdir(parents=True)
    (home / "src" / "ws" / "main.go").write_text("package main\n")
    before = snapshot(home)
    info = Collection(place, {"workspaces": [str(home / "src" / "ws")]}).gather()
    assert info["errors"] == {}
    assert snapshot(home) == before
    assert info["dirs"]["GOCACHE"]["writable"] is True
    assert info["workspaces"][0]["go_files"] is True


def test_a_part_that_breaks_leaves_the_rest(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any) -> None:
        raise RuntimeError("no such thing")

    module = "ansible_collections.gopherops.workstation.plugins.module_utils._info._collect"
    monkeypatch.setattr(f"{module}.collect_dirs", broken)
    info = Collection(place, {}).gather()
    assert info["errors"] == {"dirs": "RuntimeError: no such thing"}
    assert "tools" in info
    assert "dirs" not in info
