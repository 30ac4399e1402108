# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the few system calls that Python does not offer, each with what to do without it."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import shutil
import sys

from ansible_collections.gopherops.workstation.plugins.module_utils._atomic import fsync_directory

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAMEAT2 = {"x86_64": 316, "aarch64": 276}


def sync_tree(root: str) -> None:
    """Make every file and name under ``root`` survive a power cut.

    One syncfs instead of 11,000 fsyncs, which take half a minute on a journalling filesystem. It waits for the data
    and since Linux 5.8 reports write errors. Elsewhere each file is synced by itself.
    """
    if sys.platform.startswith("linux"):
        libc = ctypes.CDLL(None, use_errno=True)
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            if libc.syncfs(descriptor) != 0:
                raise _error(root)
        finally:
            os.close(descriptor)
        return
    for folder, _folders, files in os.walk(root):
        for name in files:
            descriptor = os.open(os.path.join(folder, name), os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        fsync_directory(folder)


def exchange(one: str, other: str) -> bool:
    """Swap two names in one step; false where the filesystem cannot."""
    arguments = (os.fsencode(one), os.fsencode(other))
    libc = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin":
        failed = libc.renamex_np(*arguments, ctypes.c_uint(2)) != 0
    elif platform.machine() in _RENAMEAT2:
        # By number: musl and glibc before 2.28 have no function for it.
        number = ctypes.c_long(_RENAMEAT2[platform.machine()])
        failed = (
            libc.syscall(number, _AT_FDCWD, arguments[0], _AT_FDCWD, arguments[1], ctypes.c_uint(_RENAME_EXCHANGE)) != 0
        )
    else:
        return False
    if not failed:
        return True
    if ctypes.get_errno() in {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EXDEV}:
        return False
    raise _error(other)


def move(directory: str, destination: str) -> None:
    """Rename it. What came with a container's image can only be copied: there overlayfs refuses with EXDEV.

    https://docs.kernel.org/filesystems/overlayfs.html#renaming-directories
    """
    try:
        os.rename(directory, destination)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        shutil.copytree(directory, destination, symlinks=True)
        sync_tree(destination)
        shutil.rmtree(directory)


def _error(path: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), path)
