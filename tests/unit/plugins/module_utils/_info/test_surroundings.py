"""Login shell, network, places and files: what is told of them, and what a look must not do."""

from __future__ import annotations

import http.server
import os
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from played_host import Host, account_of  # type: ignore[import-not-found]  # beside this file

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._info import _collect, _dirs
from ansible_collections.gopherops.workstation.plugins.module_utils._info._files import first_line, read, text_file
from ansible_collections.gopherops.workstation.plugins.module_utils._info._mounts import mounts
from ansible_collections.gopherops.workstation.plugins.module_utils._info._network import collect_network
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import place_here
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import Ran, run
from ansible_collections.gopherops.workstation.plugins.module_utils._info._shell import (
    MARK,
    collect_environment,
    login_environment,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._info._words import excerpt, scrubbed


@pytest.mark.parametrize("shell", ["/usr/sbin/nologin", "/bin/false", ""])
def test_an_account_without_a_login_shell_is_not_asked(host: Host, shell: str) -> None:
    place = host.place(PATH="/bin")
    object.__setattr__(place, "shell", shell)
    assert login_environment(place) == (
        {"PATH": "/bin"},
        {"state": "none", "shell": shell, "seconds": 0.0, "detail": "no login shell"},
    )
    assert host.ran == []


def test_the_shell_gets_a_clean_environment_and_its_noise_is_left_out(host: Host) -> None:
    host.says = {"env -0": Ran(0, f"A=noise\n{MARK}\nPATH=/p\0_=/usr/bin/env\0B=1=2\0broken\0", "warn\n", 0.25)}
    env, outcome = login_environment(host.place(GOFLAGS="-x", LANG="C"))
    assert env == {"PATH": "/p", "B": "1=2"}
    assert outcome == {"state": "ok", "shell": "/bin/bash", "seconds": 0.25, "detail": "warn"}
    ((_argv, given, folder),) = host.ran
    assert (given["LANG"], given["HOME"], given["USER"], folder) == ("C", str(host.home), "dev", str(host.home))
    assert "GOFLAGS" not in given


@pytest.mark.parametrize("out", ["", f"{MARK}\nA=1\0", "PATH=/p\0"])
def test_a_shell_that_does_not_answer_is_stood_in_for(host: Host, out: str) -> None:
    host.says = {"env -0": Ran(1, out, "", 0.0)}
    env, outcome = login_environment(host.place(PATH="/mine"))
    assert (env, outcome["state"]) == ({"PATH": "/mine"}, "failed")


def test_programs_from_the_dock_get_what_launchd_was_told(host: Host) -> None:
    host.says = {"getenv PATH": "/dock\n", "getenv GOROOT": "\n", "getenv GOFLAGS": Ran(1, "x", "", 0.0)}
    assert collect_environment(host.place(), {}, {})["launchd"] == {}
    assert host.ran == []
    host.system = "Darwin"
    told = collect_environment(host.place(GOPROXY="a", SECRET="s"), {"GOBIN": "/b", "X": "y"}, {"state": "ok"})
    assert told == {
        "process": {"GOPROXY": "a"},
        "login": {"GOBIN": "/b"},
        "login_shell": {"state": "ok"},
        "launchd": {"PATH": "/dock"},
    }


def test_a_macs_mounts_are_those_its_program_lists(host: Host) -> None:
    host.system = "Darwin"
    host.says = {"/sbin/mount": "/dev/disk3s5 on / (apfs, sealed, local)\nmap auto on /home (autofs)\nnonsense\n"}
    assert [(one.point, one.fstype, one.options, one.source) for one in mounts(host.place())] == [
        ("/", "apfs", "sealed,local", "/dev/disk3s5"),
        ("/home", "autofs", "", "map auto"),
    ]


class Clock(http.server.BaseHTTPRequestHandler):
    """Tells a time that is off by what the path says; /none tells none, /refuse refuses."""

    def do_HEAD(self) -> None:
        word = self.path.strip("/")
        self.send_response_only(403 if word == "refuse" else 200)
        if word != "none":
            off = int(word) if word.lstrip("-").isdigit() else 0
            self.send_header("Date", "yesterday" if word == "words" else formatdate(time.time() + off, usegmt=True))
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def clock() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Clock) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_servers_clock_is_held_against_ours(host: Host, clock: str) -> None:
    host.says = {"list -m": Ran(0, "x", "", 0.5), "mod download": Ran(1, "", "403 Forbidden\n", 1.0)}
    proxy = f"{clock}/3600, direct|{clock}/refuse|file:///x,{clock}/none,{clock}/0"
    told = collect_network(host.place(), {"GOPROXY": proxy}, {"path": "/x/go", "env": {"GOPROXY": "unused"}})
    assert told["latest"] == {"rc": 0, "seconds": 0.5, "error": ""}
    assert told["download"] == {"rc": 1, "seconds": 1.0, "error": "403 Forbidden"}
    assert [one["address"] for one in told["dates"]] == [f"{clock}/3600", f"{clock}/refuse", f"{clock}/none"]
    assert -3660 < told["dates"][0]["skew"] < -3540
    assert -60 < told["dates"][1]["skew"] < 60
    assert told["dates"][2]["skew"] is None
    assert list(host.empty.iterdir()) == []


def test_a_server_that_is_away_or_tells_nonsense_is_told(host: Host, clock: str) -> None:
    address = f"{clock}/words,http://u:secret@127.0.0.1:9/x"
    words, away = collect_network(host.place(), {}, {"path": "/x/go", "env": {"GOPROXY": address}})["dates"]
    assert (words["skew"], words["error"]) == (None, "")
    assert away["error"] and "secret" not in str(away)


def look(host: Host, name: str, **env: str) -> dict[str, Any]:
    host.file("/proc/self/mountinfo", f"1 0 8:1 / {host.top} rw,noexec - ext4 /dev/sda rw\n")
    facts: dict[str, Any] = _dirs.collect_dirs(host.place(), env, {"env": {"GOROOT": "/no/root"}}, [])[name]
    return facts


def test_places_are_gos_own_unless_a_variable_names_others(host: Host) -> None:
    home = str(host.home)
    assert _dirs.where(host.place(), {}, {}) == {
        "GOCACHE": f"{home}/.cache/go-build",
        "GOMODCACHE": f"{home}/go/pkg/mod",
        "GOPATH": f"{home}/go",
        "GOBIN": f"{home}/go/bin",
        "TEMP": "/tmp",
        "GOPLS": f"{home}/.cache/gopls",
        "HOME": home,
    }
    variables = {name: f"/go/{name}" for name in ("GOCACHE", "GOMODCACHE", "GOPATH", "GOBIN", "GOTMPDIR", "GOROOT")}
    told = _dirs.where(host.place(), {"TMPDIR": "/t", "GOPLSCACHE": "/g"}, {"env": variables})
    assert told == {
        **{name: path for name, path in variables.items() if name != "GOTMPDIR"},
        "TEMP": "/go/GOTMPDIR",
        "GOPLS": "/g",
        "HOME": home,
    }
    env = {name: f"/env/{name}" for name in variables}
    assert _dirs.where(host.place(), env, {"env": variables})["GOMODCACHE"] == "/env/GOMODCACHE"
    assert _dirs.where(host.place(), {"GOPATH": "/a:/b"}, {})["GOBIN"] == "/a/bin"
    assert _dirs.where(host.place(), {"TMPDIR": "/t"}, {})["TEMP"] == "/t"


def test_a_place_says_where_it_lies_and_who_owns_it(host: Host) -> None:
    (host.home / "cache").mkdir(mode=0o750)
    host.says = {"-quit": f"{host.home}/cache/stranger\n"}
    facts = look(host, "GOCACHE", GOCACHE=f"{host.home}/cache")
    assert (facts["exists"], facts["writable"], facts["write_error"], facts["mode"]) == (True, True, "", "0750")
    assert (facts["fstype"], facts["mount"], facts["uid"]) == ("ext4", str(host.top), os.geteuid())
    assert facts["foreign"] == f"{host.home}/cache/stranger"
    assert "noexec" in facts["options"] and facts["free_bytes"] > 0
    host.says = {"-quit": ""}
    assert look(host, "GOCACHE", GOCACHE=f"{host.home}/cache")["foreign"] == ""
    host.says = {}
    assert look(host, "GOCACHE", GOCACHE=f"{host.home}/cache")["foreign"] is None


def test_a_place_that_is_not_there_is_judged_by_what_is_above_it(host: Host) -> None:
    facts = look(host, "GOCACHE", GOCACHE=f"{host.home}/a/b")
    assert (facts["exists"], facts["nearest"], facts["writable"]) == (False, str(host.home), True)
    assert "foreign" not in facts
    file = host.own("file")
    facts = look(host, "GOCACHE", GOCACHE=f"{file}/b")
    assert facts["write_error"] == f"it does not exist and cannot be made in {file}"
    assert "writable" not in look(host, "GOPATH")
    assert "writable" not in look(host, "GOROOT")
    assert look(host, "GOBIN", GOBIN="bin") == {"path": "bin", "absolute": False, "exists": False}


def test_a_link_to_nowhere_and_a_full_disk_are_told(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    (host.home / "link").symlink_to("nowhere")
    facts = look(host, "GOCACHE", GOCACHE=f"{host.home}/link")
    assert facts["error"] == "No such file or directory" and facts["writable"] is False

    def full(**_options: Any) -> tuple[int, str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)
    facts = look(host, "GOCACHE", GOCACHE=str(host.home))
    assert (facts["writable"], facts["write_error"]) == (False, "No space left on device")


@pytest.mark.parametrize(
    ("data", "bom", "text"),
    [
        (b"a\n", "", "a\n"),
        (b"\xff\xfea\0", "utf-16-le", "a"),
        (b"\xfe\xff\0a", "utf-16-be", "a"),
        (b"\xef\xbb\xbfa", "utf-8", "a"),
    ],
)
def test_text_is_read_in_the_encoding_that_its_mark_tells(host: Host, data: bytes, bom: str, text: str) -> None:
    facts = text_file(str(host.own("file", data, 0o640)))
    assert (facts["exists"], facts["bom"], facts["cr"], facts["text"]) == (True, bom, False, text)
    assert (facts["mode"], facts["size"], facts["uid"]) == ("0640", len(data), os.geteuid())


def test_what_is_no_regular_file_is_not_read(host: Host) -> None:
    pipe = host.home / "pipe"
    os.mkfifo(pipe)
    assert read(str(pipe)) is None
    assert text_file(str(pipe))["error"] == "cannot be read"
    assert text_file(str(host.home / "none")) == {"exists": False, "error": "No such file or directory"}
    assert first_line(str(host.own("lines", " one \ntwo"))) == "one"
    assert first_line(str(host.own("empty"))) == ""


def test_an_account_is_the_one_that_runs_and_home_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = place_here(run, {"HOME": str(tmp_path)}, "/e")
    assert (place.home, place.uid, place.empty, place.system) == (str(tmp_path), os.geteuid(), "/e", os.uname().sysname)
    assert place.path("/etc", "/os-release") == "/etc/os-release"
    assert place_here(run, {"HOME": "/no/such/home"}, "/e").home == "/no/such/home"

    def unknown(_uid: int) -> None:
        raise KeyError

    monkeypatch.setattr("pwd.getpwuid", unknown)
    nobody = place_here(run, {}, "/e")
    assert (nobody.user, nobody.home, nobody.shell) == (str(os.geteuid()), "/", "/bin/sh")


def test_without_room_for_a_private_folder_the_message_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_options: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkdtemp", full)
    with (
        pytest.raises(
            WorkstationError, match=r"Cannot look at machine '.*': No space left on device\. Make room there"
        ),
        _collect.visit({}),
    ):
        pytest.fail("there is no place")


def test_a_visit_leaves_nothing_behind(host: Host) -> None:
    with _collect.visit({"HOME": str(host.home)}) as place:
        assert os.listdir(place.empty) == []
        Path(place.empty, "x").write_text("")
    assert not os.path.exists(place.empty)


def test_the_network_is_asked_only_where_wanted_and_where_there_is_a_go(host: Host) -> None:
    host.says = {"env -json": '{"GOPROXY": "off"}', "version": "go version go1.27.4 linux/amd64"}
    go = str(host.own("sdk/go/bin/go", "", 0o755))
    place = account_of(host.place(), 0)
    info = _collect.Collection(place, {"network": True, "workspaces": [], "go": go}).gather()
    assert info["network"]["dates"] == [] and info["go"]["via"] == "the option go"
    assert "network" not in _collect.Collection(place, {"network": False, "go": go}).gather()
    Path(go).unlink()
    assert "network" not in _collect.Collection(place, {"network": True}).gather()


def test_programs_that_end_badly_say_how(tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin:/bin"}
    assert run(["sh", "-c", "exit 3"], env, str(tmp_path), 10).rc == 3
    assert run(["sh", "-c", "kill -9 $$"], env, str(tmp_path), 10).rc == 128 + 9
    gone = run(["sh"], env, "/no/such/folder", 10)
    assert (gone.rc, gone.err, gone.seconds) == (127, "/no/such/folder: no such directory", 0.0)
    # Closes its output, and stays.
    late = run(["sh", "-c", "exec >&- 2>&-; sleep 30"], env, str(tmp_path), 0.3)
    assert late.timed_out and not late.ok
    # Does not read what it is given.
    assert run(["true"], env, str(tmp_path), 10, b"x" * 300_000).ok
    assert "sh: " in run(["sh", "-c", "no-such-command"], env, str(tmp_path), 10).err


def test_reports_are_short_and_lists_are_cleaned_too() -> None:
    assert excerpt("a\n" * 20, 3) == "a\na\na"
    assert excerpt("x" * 500, 1) == "x" * 300
    assert scrubbed(["https://u:p@x", ("https://u:p@y",), 3]) == ["https://***@x", ["https://***@y"], 3]
    assert scrubbed({"token": "", "password": 3, "myenv": {"A": "x"}}) == {
        "token": "",
        "password": 3,
        "myenv": {"A": "x"},
    }
