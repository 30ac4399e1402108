"""The repair walk on real trees. Changing owners takes root; without it those tests say so."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._caches import _crew
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._as_user import Child
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._policy import Count, Policy
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._reach import open_place
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._repair import Walk
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

UID = GID = 61234
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="changing owners takes root")


def walk(top: Path, *, act: bool = True, shared: bool = False, content: bool = False, workers: int = 1) -> Count:
    policy = Policy(UID, GID, shared) if os.geteuid() == 0 else Policy(os.getuid(), os.getgid(), shared, False)
    descriptor = os.open(top, os.O_RDONLY | os.O_DIRECTORY)
    try:
        return Walk(policy, act=act, read_only_content=content, workers=workers).run(descriptor, str(top))
    finally:
        os.close(descriptor)


def state(top: Path) -> str:
    """Owner, group, mode and content of everything, as one hash."""
    found = []
    for path in [top, *sorted(top.rglob("*"))]:
        info = path.lstat()
        data = path.read_bytes() if stat.S_ISREG(info.st_mode) else b""
        found.append((str(path), info.st_uid, info.st_gid, info.st_mode, data))
    return hashlib.sha256(repr(found).encode()).hexdigest()


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    top = tmp_path / "cache"
    for number in range(5):
        folder = top / f"{number:02x}"
        folder.mkdir(parents=True)
        for name in ("a", "b"):
            (folder / name).write_text("x")
            (folder / name).chmod(0o644)
    if os.geteuid() == 0:
        for path in [top, *top.rglob("*")]:
            os.chown(path, UID, GID)
    return top


def test_a_right_tree_is_not_touched(cache: Path) -> None:
    before = state(cache)
    assert (walk(cache).repaired, walk(cache).entries) == (0, 16)
    assert state(cache) == before


@root_only
def test_only_what_is_wrong_is_changed_and_check_mode_counts_the_same(cache: Path) -> None:
    os.chown(cache / "00", 0, 0)
    os.chown(cache / "01" / "a", 0, GID)
    os.chown(cache / "02" / "b", UID, 0)
    (cache / "link").symlink_to("/etc")
    (cache / "03" / "a").chmod(0o777)
    before = state(cache)
    predicted = walk(cache, act=False)
    assert state(cache) == before
    done = walk(cache)
    assert (predicted.owner, predicted.mode, predicted.first) == (done.owner, done.mode, done.first)
    assert (done.owner, done.mode) == (4, 1)
    assert {(path.lstat().st_uid, path.lstat().st_gid) for path in cache.rglob("*")} == {(UID, GID)}
    assert stat.S_IMODE((cache / "03" / "a").stat().st_mode) == 0o775
    assert os.stat("/etc").st_uid == 0
    assert walk(cache).repaired == 0


@root_only
def test_a_file_with_a_second_name_is_left_alone(cache: Path, tmp_path: Path) -> None:
    outside = tmp_path / "shadow"
    outside.write_text("secret")
    outside.chmod(0o600)
    os.link(outside, cache / "00" / "stolen")
    assert walk(cache).left == 1
    assert (outside.stat().st_uid, stat.S_IMODE(outside.stat().st_mode)) == (0, 0o600)


@root_only
def test_links_and_special_files_are_not_followed_or_opened(cache: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").touch()
    (cache / "dir").symlink_to(outside)
    (cache / "file").symlink_to(outside / "file")
    os.mkfifo(cache / "fifo")
    before = state(outside)
    assert walk(cache).left == 1
    assert state(outside) == before


@root_only
def test_the_module_cache_stays_read_only_in_content(tmp_path: Path) -> None:
    top = tmp_path / "mod"
    content = top / "example.com" / "m@v1.0.0" / "sub"
    content.mkdir(parents=True)
    (content / "file.go").touch(mode=0o444)
    content.chmod(0o555)
    content.parent.chmod(0o555)
    (top / "cache" / "download").mkdir(parents=True)
    (top / "cache" / "download").chmod(0o555)
    assert walk(top, content=True).owner == 7
    assert stat.S_IMODE(content.stat().st_mode) == 0o555
    assert stat.S_IMODE((content / "file.go").stat().st_mode) == 0o444
    assert stat.S_IMODE((top / "cache" / "download").stat().st_mode) == 0o755


@root_only
@pytest.mark.parametrize(("shared", "owner"), [(True, 3), (False, 0)])
def test_a_developer_alone_mends_the_group_of_what_the_team_shares(cache: Path, shared: bool, owner: int) -> None:
    """Without root's rights the group can be given, the owner cannot."""
    os.chown(cache / "00", UID, 0)
    os.chown(cache / "00" / "a", UID, 0)
    os.chown(cache / "01", UID, 0)
    os.chown(cache / "02" / "a", 0, GID)
    descriptor = os.open(cache, os.O_RDONLY | os.O_DIRECTORY)
    try:
        count = Walk(Policy(UID, GID, shared, False), act=True, read_only_content=False, workers=1).run(
            descriptor, str(cache)
        )
    finally:
        os.close(descriptor)
    assert (count.owner, count.foreign) == (owner, 1)
    assert (cache / "00").stat().st_gid == (GID if shared else 0)


@root_only
def test_shared_directories_hand_group_and_rights_on(cache: Path) -> None:
    (cache / "00" / "a").chmod(0o600)
    assert walk(cache, shared=True).mode > 0
    assert walk(cache, shared=True).repaired == 0
    assert stat.S_IMODE((cache / "00").stat().st_mode) & 0o2070 == 0o2070
    assert stat.S_IMODE((cache / "00" / "a").stat().st_mode) == 0o660
    old = os.umask(0o022)
    try:
        (cache / "00" / "new").touch()
        (cache / "00" / "newdir").mkdir()
    finally:
        os.umask(old)
    assert (cache / "00" / "new").stat().st_gid == GID
    if os.listxattr(cache / "00"):
        assert stat.S_IMODE((cache / "00" / "new").stat().st_mode) & 0o060 == 0o060
        assert stat.S_IMODE((cache / "00" / "newdir").stat().st_mode) & 0o2070 == 0o2070


def test_a_tree_without_end_is_refused(tmp_path: Path) -> None:
    deep = tmp_path
    here = os.getcwd()
    try:
        os.chdir(deep)
        for _ in range(300):
            os.mkdir("d")
            os.chdir("d")
    finally:
        os.chdir(here)
    with pytest.raises(WorkstationError, match="256 levels"):
        walk(tmp_path / "d")
    assert os.getcwd() == here


@root_only
def test_root_goes_only_into_what_is_the_developers(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / ".cache" / "go-build").mkdir(parents=True)
    os.chown(home, UID, GID)
    place = str(home / ".cache" / "go-build")
    for act in (False, True):
        descriptor, held = open_place(place, str(home), (UID, GID), mend_parents=act)
        os.close(descriptor)
        assert held == [str(home / ".cache")]
        assert (home / ".cache").stat().st_uid == (UID if act else 0)
    assert (home / ".cache").stat().st_uid == UID
    with pytest.raises(WorkstationError, match="outside the home"):
        open_place("/usr/share", str(home), (UID, GID), mend_parents=True)
    (home / "link").symlink_to("/etc")
    with pytest.raises(WorkstationError, match="link"):
        open_place(str(home / "link" / "apt"), str(home), (UID, GID), mend_parents=True)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """More directories than one process keeps to itself, on several levels; some entries wrong."""
    top = tmp_path / "many"
    for number in range(90):
        for name in ("a", "b/c"):
            folder = top / f"{number % 9}" / f"{number}" / name
            folder.mkdir(parents=True)
            (folder / "f").touch(0o666 if number % 7 == 0 else 0o644)
            (folder / "f").chmod(0o646 if number % 7 == 0 else 0o644)
    return top


@pytest.mark.parametrize("workers", [2, 3])
def test_several_processes_do_and_say_what_one_does(
    many: Path, tmp_path: Path, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_crew, "ALONE", 0)
    twin = tmp_path / "twin"
    shutil.copytree(many, twin)
    started: list[Child] = []

    def begin(work: Callable[[], Any]) -> Child:
        started.append(Child(work))
        return started[-1]

    monkeypatch.setattr(_crew, "Child", begin)
    descriptors = len(os.listdir("/dev/fd"))
    predicted = walk(many, act=False, workers=workers)
    done = walk(many, workers=workers)
    assert len(started) == 2 * workers
    assert predicted == done
    alone = walk(twin)
    assert (alone.entries, alone.owner, alone.mode) == (done.entries, done.owner, done.mode)
    assert done.mode == 26
    assert [len(paths) for paths in done.first.values()] == [len(paths) for paths in alone.first.values()]
    assert walk(many, workers=workers).repaired == 0
    assert len(os.listdir("/dev/fd")) == descriptors


def test_what_a_child_cannot_do_stops_the_run(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_crew, "ALONE", 0)
    deep, here = many / "8" / "89", os.getcwd()
    try:
        os.chdir(deep)
        for _ in range(260):
            os.mkdir("d")
            os.chdir("d")
    finally:
        os.chdir(here)
    with pytest.raises(WorkstationError, match="256 levels"):
        walk(many, workers=2)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_where_no_process_can_be_made_one_does_it_all(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def at_the_limit() -> int:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(_crew, "ALONE", 0)
    monkeypatch.setattr(os, "fork", at_the_limit)
    descriptors = len(os.listdir("/dev/fd"))
    assert walk(many, workers=2).mode == 26
    assert len(os.listdir("/dev/fd")) == descriptors
    assert walk(many).repaired == 0


@root_only
def test_a_directory_in_which_another_walk_works_is_left_alone(cache: Path) -> None:
    """It would be handed over while this walk still takes it for root's alone."""
    os.chown(cache / "00" / "a", 0, 0)
    os.chown(cache / "01" / "a", 0, 0)
    other = os.open(cache / "00", os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    try:
        count = walk(cache)
    finally:
        os.close(other)
    assert (count.owner, count.left) == (1, 1)
    assert [(cache / name / "a").stat().st_uid for name in ("00", "01")] == [0, UID]
    assert walk(cache).owner == 1


@root_only
def test_a_filesystem_without_locks_is_walked_by_one_process(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(descriptor: int, operation: int) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    monkeypatch.setattr(_crew, "ALONE", 0)
    monkeypatch.setattr(fcntl, "flock", no_locks)
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("two processes without locks"))
    assert walk(many, workers=2).owner > 90
