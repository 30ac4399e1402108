"""Real files: what a replaced file keeps, and what a failure leaves behind."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils import _atomic
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError


def names(directory: Path) -> list[str]:
    return sorted(entry.name for entry in directory.iterdir())


def test_a_new_file_follows_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        _atomic.replace_file(str(tmp_path / "env"), b"GOBIN=/x\n")
    finally:
        os.umask(old)
    assert (tmp_path / "env").read_bytes() == b"GOBIN=/x\n"
    assert stat.S_IMODE((tmp_path / "env").stat().st_mode) == 0o640
    assert names(tmp_path) == ["env"]


def test_an_existing_file_keeps_its_mode_and_a_given_mode_wins(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b"old")
    path.chmod(0o604)
    _atomic.replace_file(str(path), b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o604)
    _atomic.replace_file(str(path), b"new", mode=0o600)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_symlink_stays_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    target = tmp_path / "dotfiles" / "zprofile"
    target.write_bytes(b"old")
    link = tmp_path / ".zprofile"
    link.symlink_to("dotfiles/zprofile")
    assert _atomic.replace_file(str(link), b"new") == str(target)
    assert (link.readlink(), target.read_bytes()) == (Path("dotfiles/zprofile"), b"new")
    _atomic.replace_file(str(link), b"own", follow=False)
    assert not link.is_symlink()
    assert (link.read_bytes(), target.read_bytes()) == (b"own", b"new")


def test_extended_attributes_stay(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.note", b"kept")
    except OSError:
        pytest.skip("this filesystem has no user attributes")
    _atomic.replace_file(str(path), b"new")
    assert os.getxattr(path, "user.note") == b"kept"


def test_a_failure_leaves_the_old_file_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(WorkstationError, match=r"Cannot write file .*No space left.*Free some space"):
        _atomic.replace_file(str(path), b"new")
    assert (path.read_bytes(), names(tmp_path)) == (b"old", ["file"])


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkstationError, match="it is a directory"):
        _atomic.replace_file(str(tmp_path), b"")


def test_a_file_where_a_folder_belongs_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(
        WorkstationError, match=r"Cannot write file '.*/file/x': Not a directory\. The file is as it was"
    ):
        _atomic.replace_file(str(tmp_path / "file" / "x"), b"")


def test_leftovers_of_dead_runs_go_and_those_of_live_ones_stay(tmp_path: Path) -> None:
    dead = tmp_path / f".file.{2**22 + 1}-aa.gopherops-new"
    alive = tmp_path / f".file.{os.getpid()}-bb.gopherops-new"
    dead.write_bytes(b"")
    alive.write_bytes(b"")
    _atomic.replace_file(str(tmp_path / "file"), b"x")
    assert names(tmp_path) == sorted([alive.name, "file"])


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "Free some space on that filesystem and run again; the file is as it was."),
        (errno.EDQUOT, "Free some space on that filesystem and run again; the file is as it was."),
        (errno.EROFS, "Check who may write there; the file is as it was."),
        (errno.EIO, "The file is as it was."),
    ],
)
def test_a_failure_says_what_to_do_and_leaves_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, advice: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fail(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(WorkstationError) as caught:
        _atomic.replace_file(str(path), b"new")
    assert caught.value.message == f"Cannot write file '{path}': {os.strerror(number)}. {advice}"
    assert (path.read_bytes(), names(tmp_path)) == (b"old", ["file"])


def test_a_file_system_that_syncs_no_directories_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [errno.EINVAL, errno.ENOTSUP, errno.EIO]

    def fail(_descriptor: int) -> None:
        raise OSError(numbers[0], os.strerror(numbers.pop(0)))

    monkeypatch.setattr("os.fsync", fail)
    _atomic.fsync_directory(str(tmp_path))
    _atomic.fsync_directory(str(tmp_path))
    with pytest.raises(OSError, match="Input/output error"):
        _atomic.fsync_directory(str(tmp_path))


def test_directories_are_made_up_to_the_one_that_is_there(tmp_path: Path) -> None:
    _atomic.make_directories(str(tmp_path / "a" / "b"))
    _atomic.make_directories(str(tmp_path / "a" / "b"))
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o755 & ~_umask()


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


@pytest.mark.skipif(os.geteuid() != 0, reason="another owner's file takes root")
def test_the_owner_stays_and_only_a_group_that_was_left_may_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    os.chown(path, 4321, 4321)
    _atomic.replace_file(str(path), b"new")
    assert (path.stat().st_uid, path.stat().st_gid) == (4321, 4321)

    def refuse(*_arguments: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("os.fchown", refuse)
    with pytest.raises(WorkstationError, match=r"Operation not permitted\. Check who may write there"):
        _atomic.replace_file(str(path), b"newer")
    assert path.read_bytes() == b"new"
    os.chown(path, 0, 4321)
    _atomic.replace_file(str(path), b"newer")
    assert (path.read_bytes(), path.stat().st_gid) == (b"newer", 0)


def test_half_files_of_other_accounts_and_of_nobody_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = tmp_path / f".file.{2**22 + 1}-abcd1234.gopherops"
    for one in (dead, tmp_path / ".file.1-abcd1234.gopherops", tmp_path / "file", tmp_path / ".other.gopherops"):
        one.write_bytes(b"")
    suffix = _atomic._SUFFIX
    for one in list(tmp_path.iterdir()):
        if one.suffix == ".gopherops":
            one.rename(one.with_name(one.name.replace(".gopherops", suffix)))

    def kill(pid: int, _signal: int) -> None:
        if pid == 1:
            raise PermissionError(errno.EPERM, "Operation not permitted")
        raise ProcessLookupError

    monkeypatch.setattr("os.kill", kill)
    assert _atomic.leftovers(str(tmp_path)) == [str(dead).replace(".gopherops", suffix)]
    assert _atomic.leftovers(str(tmp_path / "none")) == []
