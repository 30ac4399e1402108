# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: write a file so that a reader or a power cut finds old or new content.

``atomic_move`` of AnsibleModule does not fsync and replaces a symlink by a file; dotfiles kept in a
repository and linked into the home must stay links.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

_SUFFIX = ".gopherops-new"


def replace_file(path: str, data: bytes, *, mode: int | None = None, follow: bool = True) -> str:
    """Make ``path`` hold ``data``; returns the path that was really written (a symlink's target).

    Mode, owner, ACL and label of an existing file stay unless ``mode`` is given. The directory must exist.
    """
    target = os.path.realpath(path) if follow else path
    try:
        before = os.lstat(target)
    except FileNotFoundError:
        before = None
    except OSError as error:
        raise WorkstationError("write", "file", path, error.strerror or str(error), _advice(error)) from error
    if before is not None and stat.S_ISDIR(before.st_mode):
        raise WorkstationError("write", "file", path, "it is a directory", "Move it away or name another path")
    _remove_leftovers(target)
    fresh = f"{_prefix(target)}{os.getpid()}-{secrets.token_hex(4)}{_SUFFIX}"
    try:
        _write_beside(fresh, target, data, before, mode)
        os.replace(fresh, target)
        fsync_directory(os.path.dirname(target) or ".")
    except OSError as error:
        _unlink_quietly(fresh)
        raise WorkstationError("write", "file", path, error.strerror or str(error), _advice(error)) from error
    return target


def fsync_directory(path: str) -> None:
    """Make the names in a directory survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network and FUSE filesystems cannot; then there is nothing more that could be done.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)


def make_directories(path: str) -> None:
    """``makedirs``, each new name synced: a directory whose parent does not know it after a power cut holds nothing."""
    if os.path.isdir(path):
        return
    parent = os.path.dirname(path)
    make_directories(parent)
    with contextlib.suppress(FileExistsError):
        os.mkdir(path, 0o755)
    fsync_directory(parent)


def _write_beside(fresh: str, target: str, data: bytes, before: os.stat_result | None, mode: int | None) -> None:
    # Private until owner and mode stand: the old file may have been readable by its owner alone.
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        if before is not None and stat.S_ISREG(before.st_mode):
            _keep_owner(descriptor, before)
            os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
            _keep_attributes(target, fresh)
        else:
            os.fchmod(descriptor, 0o666 & ~_umask())
        if mode is not None:
            os.fchmod(descriptor, mode)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _keep_owner(descriptor: int, before: os.stat_result) -> None:
    now = os.fstat(descriptor)
    if (now.st_uid, now.st_gid) == (before.st_uid, before.st_gid):
        return
    try:
        os.fchown(descriptor, before.st_uid, before.st_gid)
    except PermissionError:
        # A group that this account has left is no reason to fail; another owner is.
        if now.st_uid != before.st_uid:
            raise


def _keep_attributes(source: str, fresh: str) -> None:
    """ACLs and SELinux labels are extended attributes on Linux; what may not be copied keeps its default."""
    if not hasattr(os, "listxattr"):
        return
    try:
        names = os.listxattr(source)
    except OSError:
        return
    for name in names:
        try:
            os.setxattr(fresh, name, os.getxattr(source, name))
        except OSError:
            continue


def leftovers(directory: str) -> list[str]:
    """Half-written files of runs that were killed; those of living processes are none."""
    try:
        names = sorted(os.listdir(directory))
    except OSError:
        return []
    return [os.path.join(directory, name) for name in names if _is_leftover(name)]


def _is_leftover(name: str) -> bool:
    if not (name.startswith(".") and name.endswith(_SUFFIX)):
        return False
    owner = name[: -len(_SUFFIX)].rpartition(".")[2].partition("-")[0]
    return owner.isdigit() and not _alive(int(owner))


def _remove_leftovers(target: str) -> None:
    prefix = _prefix(target)
    for path in leftovers(os.path.dirname(target) or "."):
        if os.path.basename(path).startswith(os.path.basename(prefix)):
            _unlink_quietly(path)


def _prefix(target: str) -> str:
    return os.path.join(os.path.dirname(target), f".{os.path.basename(target)}.")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _unlink_quietly(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)


def _advice(error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "Free some space on that filesystem and run again; the file is as it was"
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return "Check who may write there; the file is as it was"
    return "The file is as it was"
