# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what kind of filesystem a path is on, and what speaks against a cache there."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.gopherops.workstation.plugins.module_utils._caches._places import EXECUTED, Place

NETWORK = {
    "afpfs", "afs", "beegfs", "ceph", "cifs", "davfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs",
    "fuse.sshfs", "fuse.glusterfs", "fuse.davfs2", "fuse.rclone", "webdav",
}  # fmt: skip
_SYNCED = re.compile(
    r"/(OneDrive( - [^/]*)?|Dropbox( \([^/]*\))?|Google ?Drive|Nextcloud|iCloudDrive|Mobile Documents|CloudStorage)"
    r"(/|$)",
    re.IGNORECASE,
)
_WORLD = ("/tmp/", "/var/tmp/", "/dev/shm/", "/private/tmp/")


@dataclass(frozen=True)
class Mount:
    point: str
    fstype: str
    options: tuple[str, ...]
    source: str


def parse_mountinfo(text: str) -> list[Mount]:
    """/proc/self/mountinfo, proc_pid_mountinfo(5)."""
    mounts = []
    for line in text.splitlines():
        head, _between, tail = line.partition(" - ")
        fields, rest = head.split(), tail.split()
        if len(fields) >= 6 and len(rest) >= 2:
            options = dict.fromkeys([*fields[5].split(","), *(rest[2].split(",") if len(rest) > 2 else ())])
            mounts.append(Mount(_plain(fields[4]), rest[0], tuple(options), _plain(rest[1])))
    return mounts


def parse_mount_command(text: str) -> list[Mount]:
    """``mount`` of macOS: ``/dev/disk3s1 on / (apfs, local, noexec)``."""
    mounts = []
    for line in text.splitlines():
        found = re.match(r"(.+?) on (.+) \(([^)]*)\)$", line)
        if found:
            words = [word.strip() for word in found.group(3).split(",")]
            mounts.append(Mount(found.group(2), words[0], tuple(words[1:]), found.group(1)))
    return mounts


def mount_of(path: str, mounts: Sequence[Mount]) -> Mount:
    """The mount that holds a real path; of several on one point the last one counts."""
    best = Mount("/", "unknown", (), "")
    for mount in mounts:
        prefix = mount.point.rstrip("/") + "/"
        if f"{path}/".startswith(prefix) and len(mount.point) >= len(best.point):
            best = mount
    return best


@dataclass(frozen=True)
class Room:
    """Space of a filesystem as the developer may use it."""

    free_bytes: int
    free_inodes: int | None

    @classmethod
    def of(cls, path: str) -> Room:
        info = os.statvfs(path)
        # btrfs and others make inodes as they go and answer 0.
        return cls(info.f_bavail * info.f_frsize, info.f_favail if info.f_files else None)


def doubts(place: Place, mount: Mount, room: Room, *, min_free_mib: int, min_free_inodes: int) -> dict[str, str]:
    """What speaks against this place: kind of doubt -> reason."""
    found = {}
    if mount.fstype in {"9p", "drvfs"} or any(option.startswith("aname=drvfs") for option in mount.options):
        found["drvfs"] = f"it is on a Windows drive or a shared folder ({mount.fstype}): slow, without locks and modes"
    if mount.fstype in NETWORK:
        found["network"] = f"it is on a network filesystem ({mount.fstype}): locks are unsafe there"
    if place.name in EXECUTED and "noexec" in mount.options:
        found["noexec"] = f"'{mount.point}' is mounted noexec, and Go starts programs from there"
    if _SYNCED.search(place.path):
        found["synced"] = "a file synchroniser would copy it away and lock its files"
    if place.ours and place.path.startswith(_WORLD):
        found["tmp"] = "everybody may write beside it, so somebody else may make it first"
    if place.ours and room.free_bytes < min_free_mib << 20:
        found["space"] = f"only {room.free_bytes >> 20} MiB are free, {min_free_mib} are wanted"
    elif place.ours and room.free_inodes is not None and room.free_inodes < min_free_inodes:
        found["space"] = f"only {room.free_inodes} inodes are free, {min_free_inodes} are wanted"
    return found


def _plain(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found.group(1), 8)), text)
