"""What speaks against a place, from mount tables as systems print them."""

from __future__ import annotations

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._caches import _mounts
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._places import Place

TABLE = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
30 22 0:25 / /mnt/c rw,noatime - 9p C:\\134 rw,dirsync,aname=drvfs;path=C:\\134;uid=1000,mmap
31 22 0:26 / /mnt/d rw,noatime - virtiofs drvfsa rw,aname=drvfs;path=D:
32 22 0:27 / /home/a\\040b rw - nfs4 server:/home rw,vers=4.2
33 22 0:28 / /srv/noexec rw,noexec - xfs /dev/sdb1 rw
34 22 0:29 / /srv/noexec rw - tmpfs tmpfs rw
35 22 0:30 / /tmp rw,nosuid,nodev,noexec - tmpfs tmpfs rw
"""
MAC = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
//me@nas/home on /Volumes/home (smbfs, nodev, nosuid, mounted by me)
"""
ROOM = _mounts.Room(10 << 30, 1 << 20)


def doubts(name: str, path: str, room: _mounts.Room = ROOM, given: bool = True) -> set[str]:
    mount = _mounts.mount_of(path, _mounts.parse_mountinfo(TABLE))
    return set(_mounts.doubts(Place(name, path, given), mount, room, min_free_mib=1024, min_free_inodes=10000))


@pytest.mark.parametrize(
    ("name", "path", "kinds"),
    [
        ("gocache", "/home/dev/.cache/go-build", set()),
        ("gocache", "/mnt/c/Users/ada/cache", {"drvfs"}),
        ("gomodcache", "/mnt/d/mod", {"drvfs"}),
        ("gocache", "/mnt/cc/cache", set()),
        ("gocache", "/home/a b/.cache/go-build", {"network"}),
        ("gobin", "/srv/noexec/bin", set()),  # the later mount hides the noexec one
        ("gotmpdir", "/tmp/gopher", {"noexec", "tmp"}),
        ("gopls", "/var/tmp/gopls", {"tmp"}),
        ("gocache", "/home/dev/OneDrive - Corp/cache", {"synced"}),
        ("gopath", "/Users/ada/Library/Mobile Documents/go", {"synced"}),
        ("gopath", "/home/dev/dropboxes/go", set()),
    ],
)
def test_doubts(name: str, path: str, kinds: set[str]) -> None:
    assert doubts(name, path) == kinds


def test_the_systems_own_temporary_directory_is_only_asked_whether_programs_start() -> None:
    assert doubts("gotmpdir", "/tmp", given=False) == {"noexec"}


def test_space_and_inodes() -> None:
    assert doubts("gocache", "/x/y", _mounts.Room(1 << 20, 1 << 20)) == {"space"}
    assert doubts("gocache", "/x/y", _mounts.Room(10 << 30, 10)) == {"space"}
    assert doubts("gocache", "/x/y", _mounts.Room(10 << 30, None)) == set()


def test_mount_command_of_macos() -> None:
    mounts = _mounts.parse_mount_command(MAC)
    assert _mounts.mount_of("/Volumes/home/go", mounts).fstype == "smbfs"
    assert _mounts.mount_of("/Users/ada/go", mounts).fstype == "apfs"
