"""What stood before comes back exactly: content, mode, time, links, and the absence of things."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils import _snapshot
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


def test_a_record_that_cannot_be_read_is_named_and_not_overwritten(tmp_path: Path) -> None:
    record = tmp_path / "record"
    record.mkdir()
    (record / "index.json").write_text("{")
    with pytest.raises(WorkstationError, match=r"Cannot read snapshot .*Move .* away; what stood before cannot be put"):
        Snapshot(str(record))


def test_a_folder_where_a_file_stood_and_a_pipe_are_not_put_back(tmp_path: Path) -> None:
    file, pipe = tmp_path / "file", tmp_path / "pipe"
    file.write_text("x")
    os.mkfifo(pipe)
    assert look(str(pipe)) == {"kind": "special"}
    record = Snapshot(str(tmp_path / "record"))
    record.take([str(file), str(pipe)])
    file.unlink()
    file.mkdir()
    pipe.unlink()
    pipe.write_text("x")
    changes, conflicts = record.differences()
    assert ([change.path for change in changes], conflicts) == ([str(file), str(pipe)], [])
    with pytest.raises(WorkstationError, match="a directory stands there now"):
        record.restore(changes[:1])
    with pytest.raises(WorkstationError, match="a special stood there before"):
        record.restore(changes[1:])


def test_a_record_on_a_full_disk_and_in_a_file_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("x")

    def full(*_arguments: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copy2", full)
    with pytest.raises(WorkstationError) as caught:
        Snapshot(str(tmp_path / "record")).take([str(tmp_path / "file")])
    assert caught.value.message == (
        f"Cannot take snapshot '{tmp_path / 'record'}': No space left on device. Free the disk or mend the rights."
    )


def test_a_large_file_is_kept_without_a_second_copy_where_that_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = tmp_path / "large"
    large.write_bytes(b"x" * (2 << 20))
    Snapshot(str(tmp_path / "one")).take([str(large)])
    assert (tmp_path / "one" / "0000").stat().st_ino == large.stat().st_ino

    def refuse(*_arguments: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr("os.link", refuse)
    Snapshot(str(tmp_path / "two")).take([str(large)])
    assert (tmp_path / "two" / "0000").read_bytes() == large.read_bytes()


def test_a_record_that_is_dropped_is_gone_and_one_that_never_was_too(tmp_path: Path) -> None:
    record = Snapshot(str(tmp_path / "record"))
    record.drop()
    record.take([])
    assert record.exists
    record.drop()
    assert not record.exists and not (tmp_path / "record").exists()


def test_folders_that_hold_something_else_now_stay(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "file"
    record = Snapshot(str(tmp_path / "record"))
    record.take([str(target)])
    target.parent.mkdir(parents=True)
    target.write_text("x")
    (tmp_path / "a" / "mine").write_text("x")
    record.restore(record.differences()[0])
    assert sorted(one.name for one in (tmp_path / "a").iterdir()) == ["mine"]


def test_what_is_kept_and_what_is_put_back_is_on_the_disk_before_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[int, int]] = []
    fsync = os.fsync

    def watch(descriptor: int) -> None:
        synced.append((os.fstat(descriptor).st_dev, os.fstat(descriptor).st_ino))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    file = tmp_path / "file"
    file.write_text("before")
    record = Snapshot(str(tmp_path / "record"))
    record.take([str(file)])
    kept = (tmp_path / "record" / "0000").stat()
    assert (kept.st_dev, kept.st_ino) in synced
    file.write_text("after")
    record.restore(record.differences()[0])
    assert (file.stat().st_dev, file.stat().st_ino) in synced


def test_what_was_kept_is_not_put_back_once_it_is_something_else_and_the_rest_is(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for file in (one, two):
        file.write_text("before")
    record = Snapshot(str(tmp_path / "record"))
    record.take([str(one), str(two)])
    (tmp_path / "record" / "0000").write_text("")
    for file in (one, two):
        file.write_text("after")
    with pytest.raises(WorkstationError, match="what was kept of it has been changed"):
        record.restore(record.differences()[0])
    assert (one.read_text(), two.read_text()) == ("after", "before")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "record", "two"]


@pytest.mark.parametrize("act", ["seal", "differences"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    record = Snapshot(str(tmp_path / "record"))
    record.take([str(file)])

    def refuse(path: str) -> str:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(_snapshot, "sha256", refuse)
    with pytest.raises(WorkstationError, match=rf"snapshot '.*': Permission denied \({file}\)\. "):
        getattr(record, act)()
