"""The parts of the target half that look at nothing: hashes, platforms, names, and what to roll back to."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils import _dirhash
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._decide import rollback_target
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._layout import Layout, version_key
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._platform import detect
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._run import _others
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._state import History, Link


def test_h1_sorts_by_the_names_in_the_module() -> None:
    """go.mod is hashed as _go.mod, which sorts behind the capital letters and before the small ones."""
    digests = {"src/go.mod": "aa", "src/a.go": "bb", "src/Z.go": "cc"}
    lines = "cc  m@v/src/Z.go\naa  m@v/src/_go.mod\nbb  m@v/src/a.go\n"
    expected = base64.b64encode(hashlib.sha256(lines.encode()).digest()).decode()
    assert _dirhash.h1(digests, "m@v/") == f"h1:{expected}"


BLOCK = b"# BEGIN gopherops.workstation\nGOPROXY=x\n# END gopherops.workstation\n"


@pytest.mark.parametrize(
    ("text", "released"),
    [
        (b"A=1\n", b"A=1\n"),
        (b"A=1\n" + BLOCK, b"A=1\n"),
        (BLOCK + b"A=1\n", b"A=1\n"),
        (b"A=1\n" + BLOCK + b"B=2\n", b"A=1\nB=2\n"),
        (b"A=1\n# BEGIN gopherops.workstation-not\n", b"A=1\n# BEGIN gopherops.workstation-not\n"),
    ],
)
def test_the_marked_block_is_taken_out(text: bytes, released: bytes) -> None:
    assert _dirhash.without_block(text) == released


@pytest.mark.parametrize("name", ["api/x", "doc/x", "misc/x/y", "test/x", ".unpacked-success"])
def test_what_no_hash_covers(name: str) -> None:
    assert not _dirhash.is_proved(name)
    assert _dirhash.is_proved("src/" + name)


@pytest.mark.parametrize(
    ("system", "machine", "files", "found"),
    [
        ("Linux", "x86_64", {}, "linux-amd64"),
        ("Linux", "aarch64", {}, "linux-arm64"),
        ("Linux", "i686", {"/proc/sys/kernel/arch": "x86_64\n"}, "linux-amd64"),
        ("Linux", "i686", {"/proc/self/personality": "00000008\n"}, "linux-amd64"),
        ("Linux", "armv8l", {}, "linux-arm64"),
        ("Linux", "i686", {"/proc/sys/kernel/arch": "i686\n"}, None),
        ("Linux", "i686", {"/proc/self/personality": "00000000\n"}, None),
        ("Linux", "armv7l", {}, None),
        ("Linux", "riscv64", {}, None),
        ("FreeBSD", "amd64", {}, None),
    ],
)
def test_platform_on_linux(system: str, machine: str, files: dict[str, str], found: str | None) -> None:
    def run(_: Sequence[str]) -> tuple[int, str, str]:
        raise AssertionError("nothing is run here")

    def ask() -> str:
        return detect(system, machine, run, lambda path: files.get(path, ""))

    if found:
        assert ask() == found
        return
    with pytest.raises(WorkstationError, match=f"{system.lower()}-{machine}"):
        ask()


@pytest.mark.parametrize(
    ("machine", "status", "answer", "found"),
    [
        ("arm64", 0, "1\n", "darwin-arm64"),
        ("x86_64", 0, "1\n", "darwin-arm64"),  # a translated Python
        ("x86_64", 1, "", "darwin-amd64"),
        ("x86_64", 0, "0\n", "darwin-amd64"),
    ],
)
def test_platform_on_a_mac(machine: str, status: int, answer: str, found: str) -> None:
    assert detect("Darwin", machine, lambda _: (status, answer, ""), lambda _: "") == found


def test_versions_sort_by_number() -> None:
    mixed = ["1.9.7", "1.27.4", "1.10.1", "1.27.0", "1.28rc1", "1.28.0"]
    assert sorted(mixed, key=version_key) == ["1.9.7", "1.10.1", "1.27.0", "1.27.4", "1.28rc1", "1.28.0"]


def test_layout_knows_its_own_trees() -> None:
    layout = Layout("/usr/local/sdk", "/usr/local/go")
    assert layout.link_text("1.26.6") == "sdk/go1.26.6"
    assert layout.version_of("/usr/local/sdk/go1.26.6") == "1.26.6"
    assert layout.version_of("/usr/local/../local/sdk/go1.26.6/") == "1.26.6"
    assert layout.version_of("/usr/local/sdk/gopher") is None
    assert layout.version_of("/opt/go1.26.6") is None


@pytest.mark.parametrize(
    ("link", "history", "target"),
    [
        ("2", History("2", "1"), "1"),
        ("1", History("1", None, "2"), None),  # done
        ("2", History("1", None, "2"), "1"),  # noted, then killed
        ("1", History("2", "1"), None),  # an upgrade that never switched
    ],
)
def test_where_rollback_leads(link: str, history: History, target: str | None) -> None:
    assert rollback_target(Link("tree", link), history) == target


@pytest.mark.parametrize("history", [History(), History("2"), History("3", "1")])
def test_rollback_to_nothing(history: History) -> None:
    with pytest.raises(WorkstationError, match="no version was active before it"):
        rollback_target(Link("tree", "2"), history)


def test_only_what_runs_of_ours_leave_behind_does_not_keep_the_directory(tmp_path: Path) -> None:
    for name in ("notes-new", ".go1.27.4.manifest.12-ab.gopherops-new", ".stage-12-ab"):
        (tmp_path / name).touch()
    assert _others(Layout(str(tmp_path), str(tmp_path / "go")), {}, Link("absent")) == ["notes-new"]
