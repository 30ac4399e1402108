# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the real disk behind the settings, as the account that runs."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
import time

from ansible_collections.gopherops.workstation.plugins.module_utils._atomic import replace_file
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._places import System
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._settings import Files

_BACKUP = ".gopherops-"
MAX_BYTES = 64 * 1024 * 1024


def this_system() -> System:
    return System(
        name="darwin" if sys.platform == "darwin" else "linux",
        home=os.path.expanduser("~"),
        environment=dict(os.environ),
        exists=os.path.exists,
        read=_read_or_raise,
        on_path=lambda command: shutil.which(command) is not None,
    )


def real_files(keep_backups: int) -> Files:
    return Files(
        read=read,
        write=write,
        backup=lambda path, content: backup(path, content, keep_backups),
        missing_folder=missing_folder,
    )


def _read_or_raise(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(MAX_BYTES)


def read(path: str) -> bytes | None:
    """The content of a regular file, or nothing where there is none."""
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            raise _cannot("read", path, "it is no regular file")
        if found.st_size > MAX_BYTES:
            raise _cannot("read", path, f"it is larger than {MAX_BYTES // 2**20} MiB")
        return _read_or_raise(path)
    except (FileNotFoundError, NotADirectoryError):
        if os.path.islink(path):
            raise _cannot("read", path, "it is a link to nothing") from None
        return None
    except OSError as error:
        raise _cannot("read", path, error.strerror or str(error)) from error


def write(path: str, content: bytes) -> None:
    folder = os.path.dirname(path)
    not_for_others(folder)
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise _cannot("make the folder of", path, error.strerror or str(error)) from error
    replace_file(path, content)


def not_for_others(folder: str) -> None:
    """Root must not create files in a home: the developer could not save his settings, or had planted a link."""
    while not os.path.isdir(folder) and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
    if os.geteuid() == 0 and os.stat(folder).st_uid != 0:
        raise WorkstationError(
            "write",
            "settings as root in",
            folder,
            "the folder belongs to another account",
            "Run the task as that account: become_user, or no become at all",
        )


def missing_folder(path: str) -> str:
    folder, missing = os.path.dirname(path), ""
    while folder and not os.path.isdir(folder) and folder != os.path.dirname(folder):
        folder, missing = os.path.dirname(folder), folder
    return missing


def backup(path: str, content: bytes, keep: int) -> str:
    """A copy beside the file; of the copies only the newest ``keep`` stay."""
    folder, name = os.path.split(os.path.realpath(path))
    now = time.time_ns()  # once: names are in the order of their making
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime(now // 10**9)) + f"{now % 10**9:09d}"
    copy = os.path.join(folder, f"{name}{_BACKUP}{stamp}.bak")
    replace_file(copy, content, mode=stat.S_IMODE(os.stat(path).st_mode))
    copies = sorted(one for one in os.listdir(folder) if one.startswith(name + _BACKUP) and one.endswith(".bak"))
    for old in copies[: max(0, len(copies) - keep)]:
        os.unlink(os.path.join(folder, old))
    return copy


def _cannot(verb: str, path: str, cause: str) -> WorkstationError:
    advice = "Check who may read and write there" if os.strerror(errno.EACCES) in cause else "Move it away or mend it"
    return WorkstationError(verb, "settings file", path, cause, advice)
