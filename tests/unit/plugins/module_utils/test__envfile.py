"""Go's env file, compared with what a real ``go`` reads and writes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.gopherops.workstation.plugins.module_utils import _envfile

GO = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
LINES = st.sampled_from(
    [
        b"GOFLAGS=-mod=mod\n",
        b"GOPROXY=off\n",
        b"# GOFLAGS=no\n",
        b"\n",
        b" GOBIN=/x\n",
        b"GOBIN=/a\r\n",
        b"junk\n",
        b"GOFLAGS=\n",
        b"gobin=/y\n",
        b"GOBIN=/last",
        b"\xef\xbb\xbfGOBIN=/bom\n",
        b"=x\n",
        b"A\rB=1\n",
    ]
)
FILES = st.lists(LINES, max_size=8).map(b"".join)


def test_go_reads_the_file_as_we_do(tmp_path: Path) -> None:
    if GO is None:
        pytest.skip("no go on this machine")
    data = b"\xef\xbb\xbfGOBIN=/bom\nGOPROXY=one\n# GONOPROXY=c\n GOPRIVATE=space\nGOFLAGS=-x\r\n"
    data += b"GOPROXY=two\njunk\nGOVCS=last"
    file = tmp_path / "env"
    file.write_bytes(data)
    env = {**os.environ, "GOENV": str(file), "GOTOOLCHAIN": "local", "GOROOT": "", "GOPROXY": "", "GOFLAGS": ""}
    for name in ("GOBIN", "GOPROXY", "GONOPROXY", "GOPRIVATE", "GOFLAGS", "GOVCS"):
        env.pop(name, None)
        done = subprocess.run([GO, "env", name], env=env, cwd=tmp_path, capture_output=True, check=True)
        # Go 1.27 answers for GOBIN where nothing sets it.
        if name != "GOBIN":
            assert done.stdout.removesuffix(b"\n").decode() == _envfile.parse(data).get(name, ""), name
    assert "GOBIN" not in _envfile.parse(data)


def test_go_env_w_and_we_agree_on_the_variables(tmp_path: Path) -> None:
    if GO is None:
        pytest.skip("no go on this machine")
    data = b"# mine\nGOPROXY=one\nGOFLAGS=-x\nGOPROXY=two\n"
    file = tmp_path / "env"
    file.write_bytes(data)
    env = {**os.environ, "GOENV": str(file), "GOTOOLCHAIN": "local"}
    subprocess.run([GO, "env", "-w", "GOPROXY=off", "GOPRIVATE=example.com"], env=env, cwd=tmp_path, check=True)
    ours = _envfile.merge(data, {"GOPROXY": "off", "GOPRIVATE": "example.com"})
    assert _envfile.parse(ours) == _envfile.parse(file.read_bytes())
    assert ours == b"# mine\nGOFLAGS=-x\nGOPROXY=off\nGOPRIVATE=example.com\n"


@settings(max_examples=500, deadline=None)
@given(FILES)
def test_foreign_lines_keep_bytes_and_order_and_twice_is_once(data: bytes) -> None:
    want = {"GOPROXY": "direct", "GOPRIVATE": "example.com"}
    after = _envfile.merge(data, want, ["GOFLAGS"])
    assert _envfile.parse(after).items() >= want.items()
    assert "GOFLAGS" not in _envfile.parse(after)
    foreign = [line for line in _pieces(data) if _envfile.key_of(line) not in {"GOPROXY", "GOPRIVATE", "GOFLAGS"}]
    left = [line for line in _pieces(after) if _envfile.key_of(line) not in {"GOPROXY", "GOPRIVATE", "GOFLAGS"}]
    assert [line.rstrip(b"\n") for line in left] == [line.rstrip(b"\n") for line in foreign]
    assert _envfile.merge(after, want, ["GOFLAGS"]) == after


def test_exclusive_keeps_comments_only() -> None:
    data = b"# about\nGOFLAGS=-x\njunk\nGOPROXY=off\n"
    assert _envfile.merge(data, {"GOPROXY": "direct"}, exclusive=True) == b"# about\nGOPROXY=direct\n"


def test_repair_takes_mark_and_returns_out() -> None:
    assert _envfile.repair(b"\xef\xbb\xbfGOBIN=/a\r\nX=\rb\r\n") == b"GOBIN=/a\nX=\rb\n"


def test_repair_makes_a_comment_of_what_go_skips() -> None:
    data = b"# mine\n\nexport GOFLAGS=-x\njunk\nGOPROXY=off\nlast"
    repaired = _envfile.repair(data)
    assert repaired == b"# mine\n\n# export GOFLAGS=-x\n# junk\nGOPROXY=off\n# last"
    assert _envfile.parse(repaired) == _envfile.parse(data)
    assert _envfile.repair(repaired) == repaired
    assert _envfile.problems(repaired, ["GOPROXY"]) == []
    assert _envfile.repair("export A=1\n".encode("utf-16")) == "export A=1\n".encode("utf-16")


def test_problems_name_line_and_reason() -> None:
    found = _envfile.problems(b"\xef\xbb\xbfGOBIN=/a\nGOFLAGS=-x\r\njunk\nGOPROXXY=off\n", ["GOBIN", "GOFLAGS"])
    assert [(line, name) for line, name, _ in found] == [(1, "GOBIN"), (2, "GOFLAGS"), (3, ""), (4, "GOPROXXY")]
    [(line, name, reason)] = _envfile.problems("GOBIN=/a\n".encode("utf-16"), ["GOBIN"])
    assert (line, name, "UTF-16" in reason) == (1, "", True)


def _pieces(data: bytes) -> list[bytes]:
    return [line for line in data.split(b"\n") if line]
