"""What stood before comes back exactly: content, mode, time, links, and the absence of things."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._snapshot import Snapshot, look


def state(home: Path) -> dict[str, object]:
    """Every path below, with all that counts."""
    found: dict[str, object] = {}
    for folder, folders, files in os.walk(home):
        for name in [*folders, *files]:
            path = os.path.join(folder, name)
            now = os.lstat(path)
            content = os.readlink(path) if os.path.islink(path) else Path(path).read_bytes() if name in files else b""
            found[path] = (now.st_mode, content, now.st_mtime_ns if name in files else 0)
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    (home / "bin").mkdir(parents=True)
    (home / "sdk" / "go1").mkdir(parents=True)
    (home / "sdk" / "go2").mkdir()
    (home / "sdk" / "go").symlink_to("go1")
    (home / ".profile").write_text("PATH=x\r\n")
    (home / ".profile").chmod(0o600)
    os.utime(home / ".profile", ns=(1_600_000_000_123_456_789,) * 2)
    (home / "bin" / "gopls").write_bytes(b"\x7fELF" + b"old" * 500_000)
    (home / "bin" / "gopls").chmod(0o755)
    return home


def paths(home: Path) -> list[str]:
    return [str(home / name) for name in ("sdk/go", ".profile", ".config/go/env", "bin/*")]


def meddle(home: Path) -> None:
    """What a rollout does: everything by rename, as our own code does."""
    (home / "sdk" / "new").symlink_to("go2")
    os.replace(home / "sdk" / "new", home / "sdk" / "go")
    (home / ".profile").write_text("PATH=y\n")
    (home / ".profile").chmod(0o644)
    (home / ".config" / "go").mkdir(parents=True)
    (home / ".config" / "go" / "env").write_text("GOPROXY=x\n")
    (home / "bin" / "part").write_bytes(b"new")
    os.replace(home / "bin" / "part", home / "bin" / "gopls")
    (home / "bin" / "dlv").write_bytes(b"dlv")


def test_everything_comes_back(home: Path, tmp_path: Path) -> None:
    before = state(home)
    Snapshot(str(tmp_path / "record")).take(paths(home))
    meddle(home)
    assert state(home) != before
    snapshot = Snapshot(str(tmp_path / "record"))
    changes, conflicts = snapshot.differences()
    assert not conflicts
    snapshot.restore(changes)
    assert state(home) == before
    assert snapshot.differences() == ([], [])


def test_large_programs_take_no_second_place_on_the_disk(home: Path, tmp_path: Path) -> None:
    Snapshot(str(tmp_path / "record")).take(paths(home))
    assert os.stat(home / "bin" / "gopls").st_nlink == 2
    assert os.stat(home / ".profile").st_nlink == 1


def test_what_a_person_changed_since_stays(home: Path, tmp_path: Path) -> None:
    snapshot = Snapshot(str(tmp_path / "record"))
    snapshot.take(paths(home))
    meddle(home)
    snapshot.seal()
    (home / ".profile").write_text("mine\n")
    changes, conflicts = Snapshot(str(tmp_path / "record")).differences()
    assert conflicts == [str(home / ".profile")]
    assert str(home / ".profile") not in [change.path for change in changes]


def test_a_snapshot_without_index_is_none(home: Path, tmp_path: Path) -> None:
    snapshot = Snapshot(str(tmp_path / "record"))
    snapshot.take(paths(home))
    os.unlink(tmp_path / "record" / "index.json")
    assert not Snapshot(str(tmp_path / "record")).exists
    again = Snapshot(str(tmp_path / "record"))
    again.take(paths(home))
    assert again.exists


def test_a_broken_index_is_said_and_nothing_touched(home: Path, tmp_path: Path) -> None:
    Snapshot(str(tmp_path / "record")).take(paths(home))
    (tmp_path / "record" / "index.json").write_text("{")
    with pytest.raises(WorkstationError, match="what stood before cannot be put back"):
        Snapshot(str(tmp_path / "record"))


def test_a_directory_in_the_way_is_an_error_and_stays(home: Path, tmp_path: Path) -> None:
    snapshot = Snapshot(str(tmp_path / "record"))
    snapshot.take(paths(home))
    (home / ".profile").unlink()
    (home / ".profile").mkdir()
    (home / ".profile" / "precious").write_text("")
    with pytest.raises(WorkstationError, match="a directory stands there now"):
        snapshot.restore(snapshot.differences()[0])
    assert (home / ".profile" / "precious").exists()


def test_looks_tell_kinds_apart(home: Path) -> None:
    assert look(str(home / "sdk" / "go"))["kind"] == "link"
    assert look(str(home / "sdk"))["kind"] == "directory"
    assert look(str(home / "nothing" / "at" / "all")) == {"kind": "absent", "ground": str(home)}
