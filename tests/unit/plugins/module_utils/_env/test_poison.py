"""Harmful lines are found with file and line; only a line that was read in full is ever switched off."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from test_env_run import BASHRC, go_env, tree  # type: ignore[import-not-found]  # found beside this file by pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._env import _shellread


@pytest.mark.parametrize(
    ("line", "name", "value", "whole"),
    [
        ("export GOROOT=/usr/lib/go", "GOROOT", "/usr/lib/go", True),
        ("  export GOROOT='/opt/my go'  # old", "GOROOT", "/opt/my go", True),
        ('GOROOT="$HOME/go"; export GOROOT', "GOROOT", "$HOME/go", True),
        ("declare -x GOOS=linux", "GOOS", "linux", True),
        ("typeset -gx GOOS=linux;", "GOOS", "linux", True),
        ("set -gx GOROOT /usr/lib/go", "GOROOT", "/usr/lib/go", True),
        ("set -g -x GOROOT '/a b'", "GOROOT", "/a b", True),
        ("set --global --export GOOS js", "GOOS", "js", True),
        ("setenv GOROOT /usr/lib/go", "GOROOT", "/usr/lib/go", True),
        ("if true; then export GOROOT=/x; fi", "GOROOT", "/x", False),
        ("[ -d /x ] && export GOROOT=/x", "GOROOT", "/x", False),
        ("export A=1 GOROOT=/x", "GOROOT", "/x", False),
        ("export GOROOT=$(go env GOROOT)", "GOROOT", "$", False),
        ("GOOS=js go build", "GOOS", "js", False),
    ],
)
def test_how_shells_assign(line: str, name: str, value: str, whole: bool) -> None:
    found = [one for one in _shellread.assignments(line.encode() + b"\n", {name}) if one.name == name]
    assert [(one.line, one.whole) for one in found] == [(1, whole)]
    if whole:
        assert found[0].value == value


@pytest.mark.parametrize(
    "text",
    [
        "# export GOROOT=/x\n",
        "cat > f <<EOF\nexport GOROOT=/x\nEOF\n",
        "cat > f <<-'X'\n\texport GOROOT=/x\n\tX\n",
        ": #gopherops.workstation# export GOROOT=/x\n",
    ],
)
def test_what_is_no_assignment(text: str) -> None:
    assert [one for one in _shellread.assignments(text.encode(), {"GOROOT"}) if one.name == "GOROOT"] == []


@pytest.mark.parametrize(
    "text",
    [
        "echo 'first\nexport GOROOT=/x\nlast'\n",
        "echo \\\nexport GOROOT=/x\n",
        "export GOROOT=/x\\\n/y\n",
        "x=$(( 1 << 2 ))\necho 'open\nexport GOROOT=/x'\n",
    ],
)
def test_a_line_that_is_part_of_another_is_never_taken_out(text: str) -> None:
    assert not any(one.whole for one in _shellread.assignments(text.encode(), {"GOROOT"}) if one.name == "GOROOT")


def test_arithmetic_is_no_here_document() -> None:
    text = b"x=$(( 1 << 2 ))\nexport GOROOT=/x\n"
    assert [one.whole for one in _shellread.assignments(text, {"GOROOT"}) if one.name == "GOROOT"] == [True]


def poisoned(folder: Path) -> Path:
    """A home in which old guides and old tools have left their lines."""
    home = folder / "dev"
    (home / ".config" / "fish").mkdir(parents=True)
    (home / "oldgo" / "bin").mkdir(parents=True)
    go = home / "oldgo" / "bin" / "go"
    go.write_text("#!/bin/sh\n")
    go.chmod(0o755)
    (home / ".bashrc").write_bytes(
        BASHRC + b"if [ -d /x ]; then\n  export GOROOT=/usr/lib/go\nfi\nexport GOPROXY=off\n"
    )
    (home / ".zshrc").write_bytes(b"export PATH=$HOME/oldgo/bin:$PATH\nexport PATH=$PATH:$HOME/oldgo/bin\n")
    (home / ".config" / "fish" / "config.fish").write_bytes(b"set -gx GO111MODULE off\nset -gx GOARCH arm64\n")
    (home / ".config" / "go").mkdir()
    (home / ".config" / "go" / "env").write_bytes(b"\xef\xbb\xbfGOBIN=/x\nGOFLAGS=-v\r\nGOROOT=/old\n")
    return home


def test_poison_is_reported_and_left_until_asked(tmp_path: Path) -> None:
    home = poisoned(tmp_path)
    before = tree(home)
    result = go_env(home, variables={"GOPROXY": "direct"})
    found = {(Path(one["file"]).name, one["name"]): one for one in result["poison"]}
    assert set(found) == {
        (".bashrc", "GOROOT"),
        (".bashrc", "GOPROXY"),
        (".zshrc", "PATH"),
        ("config.fish", "GO111MODULE"),
        ("config.fish", "GOARCH"),
        ("env", "GOBIN"),
        ("env", "GOFLAGS"),
        ("env", "GOROOT"),
    }
    assert "overrides" in found[".bashrc", "GOPROXY"]["reason"]
    assert found[".zshrc", "PATH"]["line"] == 1
    assert found[".bashrc", "GOROOT"]["line"] == 8
    assert (home / ".zshrc").read_bytes() == b"export PATH=$HOME/oldgo/bin:$PATH\nexport PATH=$PATH:$HOME/oldgo/bin\n"
    asked = {"variables": {"GOPROXY": "direct"}, "unset": ["GOROOT", "GO111MODULE"], "repair": True}
    predicted = go_env(home, check=True, **asked)
    done = go_env(home, **asked)
    assert predicted == done
    assert b"  : #gopherops.workstation# export GOROOT=/usr/lib/go\n" in (home / ".bashrc").read_bytes()
    assert (home / ".config" / "go" / "env").read_bytes() == b"GOBIN=/x\nGOFLAGS=-v\nGOPROXY=direct\n"
    assert {(Path(one["file"]).name, one["name"]) for one in done["poison"]} == {
        (".bashrc", "GOPROXY"),
        (".zshrc", "PATH"),
        ("config.fish", "GOARCH"),
    }
    assert go_env(home, **asked)["changed"] is False
    go_env(home, state="absent")
    assert tree(home) == before


def test_the_machines_own_poison_goes_on_request_and_comes_back(tmp_path: Path) -> None:
    home, etc = tmp_path / "root-home", tmp_path / "root" / "etc"
    home.mkdir()
    (etc / "profile.d").mkdir(parents=True)
    (home / ".bashrc").write_bytes(b"export GOROOT=/usr/lib/go\n")
    (etc / "profile.d" / "golang.sh").write_bytes(b"if true; then\n  export GOROOT=/usr/lib/go\nfi\nexport GOOS=js\n")
    (etc / "environment").write_bytes(b"LANG=C\nGOROOT=/usr/lib/go\n")
    before = tree(tmp_path)
    asked: dict[str, object] = {"scope": "machine", "path": [], "unset": ["GOROOT"]}
    predicted = go_env(home, check=True, **asked)
    assert tree(tmp_path) == before
    done = go_env(home, **asked)
    assert predicted == done
    assert b"\n  : #gopherops.workstation# export GOROOT=" in (etc / "profile.d" / "golang.sh").read_bytes()
    assert (etc / "environment").read_bytes() == b"LANG=C\n#gopherops.workstation# GOROOT=/usr/lib/go\n"
    # Somebody's home is not the machine's to change; it is said.
    assert (home / ".bashrc").read_bytes() == b"export GOROOT=/usr/lib/go\n"
    assert {(Path(one["file"]).name, one["name"]) for one in done["poison"]} == {
        (".bashrc", "GOROOT"),
        ("golang.sh", "GOOS"),
    }
    assert go_env(home, **asked)["changed"] is False
    go_env(home, scope="machine", path=[], state="absent")
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    "line", ["export A=" + "x" * 5000 + "`", "GOROOT=" + "ab" * 3000 + "(", "x" * 20000, "set -g " * 900]
)
def test_a_long_odd_line_takes_no_time(line: str) -> None:
    started = time.process_time()
    list(_shellread.assignments(line.encode() + b" GOROOT", {"GOROOT"}))
    assert time.process_time() - started < 5
