# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the one act that root does in a home: owner, group and mode of cache entries.

Safe against the developer who runs at the same time: every directory is reached from its parent's descriptor and
never through a symbolic link, and changed through its own descriptor. While something in it has to change it is
root's alone, so that no name can become another file's between the look and the change; and it is locked, since another
walk, led there by a directory that was moved, would hand it over too early. A file with a second name is left alone;
nothing beyond the filesystem of the place is touched.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import struct
from dataclasses import dataclass

from ansible_collections.gopherops.workstation.plugins.module_utils._caches._crew import Folder, spread
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._policy import EXAMPLES, Count, Policy
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._reach import OPEN_DIR
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

_DEPTH = 256
_ACL = "system.posix_acl_default"
# acl(5) in the kernel's form: version 2, then (tag, permissions, id) of owner, group and others.
_ACL_SHARED = struct.pack("<I", 2) + b"".join(
    struct.pack("<HHI", tag, permissions, 0xFFFFFFFF) for tag, permissions in ((1, 7), (4, 7), (0x20, 5))
)


def dress(folder: str, mode: int, gid: int, *, shared: bool) -> None:
    """A directory that was just made, as a later pass wants to find it."""
    if shared:
        os.chown(folder, -1, gid)
        if not _has_shared_acl(folder):
            os.setxattr(folder, _ACL, _ACL_SHARED)
    # Last, since a change of the group takes the setgid bit away.
    os.chmod(folder, mode)


class Walk:
    """One pass over one place; with ``act`` false it only counts, and counts the same."""

    def __init__(self, policy: Policy, *, act: bool, read_only_content: bool, workers: int = 1) -> None:
        self.policy, self.act, self.workers = policy, act, workers
        self.read_only_content = read_only_content
        self.count = Count()

    def run(self, top: int, path: str, *, deep: bool = True) -> Count:
        """Walk from an open directory, which is itself an entry."""
        here = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            info = os.fstat(top)
            self.device = info.st_dev
            if not deep:
                self._hand_over(top, info, path, content=False, frozen=False)
            elif self._lock(top):
                spread(self, self._visit(os.dup(top), path, content=False, depth=0))
        finally:
            os.fchdir(here)
            os.close(here)
        return self.count

    def enter(self, above: Folder, name: str) -> Folder | None:
        """Open and mend a directory; nothing when it is gone, elsewhere, or another walk is in it."""
        try:
            child = os.open(name, OPEN_DIR, dir_fd=above.descriptor)
        except OSError:
            # Gone, no directory any more, or closed to a developer who runs without root.
            self.count.left += 1
            return None
        path = f"{above.path}/{name}"
        if os.fstat(child).st_dev != self.device or not self._lock(child):
            os.close(child)
            return None
        inside = above.content or (self.read_only_content and "@" in name)
        return self._visit(child, path, content=inside, depth=above.depth + 1)

    def below(self, above: Folder, name: str) -> None:
        """Everything from one directory downwards."""
        folder = self.enter(above, name)
        if folder is not None:
            try:
                for inner in folder.names:
                    self.below(folder, inner)
            finally:
                os.close(folder.descriptor)

    def _lock(self, descriptor: int) -> bool:
        """Whether this walk is the only one of root's in a directory."""
        if not (self.act and self.policy.change_owner):
            return True
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.count.left += 1
            return False
        except OSError:
            # A filesystem without locks: one process is alone with itself.
            self.workers = 1
        return True

    def _unlock(self, descriptor: int) -> None:
        if self.act and self.policy.change_owner:
            with contextlib.suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_UN)

    def _visit(self, descriptor: int, path: str, *, content: bool, depth: int) -> Folder:
        """Mend a locked directory and the files in it; the descriptor belongs to what it returns."""
        try:
            if depth > _DEPTH:
                cause = f"it is nested more than {_DEPTH} levels deep"
                raise WorkstationError("repair", "directory", path, cause, "Look at it and remove it")
            # Plain names in the current directory are a third faster than names with a dir_fd; the directory is the
            # one that the descriptor holds, whatever its path has become meanwhile.
            os.fchdir(descriptor)
            # Behind the lock: until then it may have been another walk's.
            info = os.fstat(descriptor)
            room = _Room(descriptor, closed=not (self.act and self.policy.change_owner) or _is_closed(info))
            try:
                names = os.listdir()
                directories = self._files(names, path, room, content=content)
            finally:
                self._hand_over(descriptor, info, path, content=content, frozen=room.frozen)
            self.count.entries += len(names)
            self._unlock(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        return Folder(descriptor, path, content, depth, directories)

    def _files(self, names: list[str], path: str, room: _Room, *, content: bool) -> list[str]:
        """Mend what is no directory; returns the directories."""
        uid, gid, lstat = self.policy.uid, self.policy.gid, os.lstat
        mask, right = self.policy.right_file_bits
        lchown = os.lchown if self.policy.change_owner and self.act else None
        directories, given = [], 0
        for name in names:
            try:
                info = lstat(name)
                mode = info.st_mode
                if mode & 0o170000 == 0o040000:
                    directories.append(name)
                    continue
                # These two run for every entry: of a right cache the first, of one that root has filled the second.
                plain = mode & mask == right
                if plain and info.st_uid == uid and info.st_gid == gid:
                    continue
                if plain and lchown and room.closed and info.st_nlink == 1:
                    lchown(name, uid, gid)
                    given += 1
                    if given <= EXAMPLES:
                        self._example("owner", path, name)
                    continue
                self._look_closely(name, info, path, room, content=content)
            except FileNotFoundError:
                continue
            except OSError:
                # An immutable file, for instance, refuses root too.
                self._count("left", path, name)
        self.count.owner += given
        return directories

    def _look_closely(self, name: str, info: os.stat_result, path: str, room: _Room, *, content: bool) -> None:
        if self._wrong(info, content=content):
            if not room.closed:
                # From here on nobody but root can put another file behind a name of this directory.
                room.freeze()
                info = os.lstat(name)
            self._mend(name, info, path, content=content)

    def _wrong(self, info: os.stat_result, *, content: bool) -> bool:
        mode = stat.S_IMODE(info.st_mode)
        if info.st_uid != self.policy.uid or info.st_gid != self.policy.gid:
            return True
        return stat.S_ISREG(info.st_mode) and self.policy.file(mode, read_only=content) != mode

    def _mend(self, name: str, info: os.stat_result, path: str, *, content: bool) -> None:
        """Owner and mode of one entry of the current directory, which is no directory."""
        policy, kind = self.policy, stat.S_IFMT(info.st_mode)
        if kind == stat.S_IFDIR:
            return
        if not policy.change_owner and info.st_uid != policy.uid:
            self._count("foreign", path, name)
            return
        if kind not in {stat.S_IFREG, stat.S_IFLNK} or (kind == stat.S_IFREG and info.st_nlink > 1):
            # The other name may be anywhere, also in /etc.
            self._count("left", path, name)
            return
        foreign = info.st_uid != policy.uid or info.st_gid != policy.gid
        if foreign and (policy.change_owner or policy.shared):
            self._count("owner", path, name)
            if self.act:
                os.lchown(name, policy.uid, policy.gid)
        mask, right = policy.right_file_bits
        if kind != stat.S_IFREG or info.st_mode & mask == right:
            return
        mode = stat.S_IMODE(info.st_mode)
        wanted = policy.file(mode, read_only=content)
        if wanted != mode:
            self._count("mode", path, name)
            if self.act:
                os.chmod(name, wanted)

    def _hand_over(self, descriptor: int, info: os.stat_result, path: str, *, content: bool, frozen: bool) -> None:
        """Mend an open directory itself, after what is in it: until then it may be root's."""
        policy, mode = self.policy, stat.S_IMODE(info.st_mode)
        if info.st_uid != policy.uid and not policy.change_owner:
            self._count("foreign", path)
            return
        foreign = info.st_uid != policy.uid or (info.st_gid != policy.gid and (policy.change_owner or policy.shared))
        if foreign:
            self._count("owner", path)
        if (foreign and self.act) or frozen:
            os.fchown(descriptor, policy.uid, policy.gid)
        wanted = policy.directory(mode, read_only=content)
        inherits = policy.shared and not content and not _has_shared_acl(descriptor)
        if wanted != mode or inherits:
            self._count("mode", path)
        if ((wanted != mode or inherits) and self.act) or frozen:
            os.fchmod(descriptor, wanted)
        if inherits and self.act:
            os.setxattr(descriptor, _ACL, _ACL_SHARED)

    def _count(self, what: str, path: str, name: str = "") -> None:
        count = self.count
        if what == "owner":
            count.owner += 1
        elif what == "mode":
            count.mode += 1
        elif what == "foreign":
            count.foreign += 1
        else:
            count.left += 1
        self._example(what, path, name)

    def _example(self, what: str, path: str, name: str) -> None:
        some = self.count.first.get(what)
        if some is not None and len(some) < EXAMPLES:
            some.append(os.path.join(path, name) if name else path)


@dataclass
class _Room:
    """A directory while root works in it by names."""

    descriptor: int
    closed: bool
    """Nobody but root can change what is behind its names."""
    frozen: bool = False

    def freeze(self) -> None:
        self.frozen = self.closed = True
        os.fchown(self.descriptor, 0, -1)
        os.fchmod(self.descriptor, stat.S_IRWXU)


def _is_closed(info: os.stat_result) -> bool:
    # The group's bits are also the mask of an access list.
    return info.st_uid == 0 and not info.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _has_shared_acl(directory: int | str) -> bool:
    """Whether new entries inherit the group's rights; true as well where the filesystem has no ACLs."""
    if not hasattr(os, "getxattr"):
        return True
    try:
        os.getxattr(directory, _ACL)
    except OSError as error:
        return error.errno != errno.ENODATA
    return True
