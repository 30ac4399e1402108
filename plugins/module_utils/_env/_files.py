# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: files as they are and as they shall be, and the one place that writes them."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ansible_collections.gopherops.workstation.plugins.module_utils._atomic import fsync_directory, replace_file
from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError


@dataclass(frozen=True)
class Edit:
    """One file before and after; ``None`` means that it is not there."""

    path: str
    before: bytes | None
    after: bytes | None
    what: str
    mode: int | None = None
    secret: bool = False

    @property
    def act(self) -> str:
        if self.before is None:
            return "create"
        return "remove" if self.after is None else "edit"


@dataclass
class Files:
    """Collects edits, so that all are known, and all can be refused, before the first is made."""

    edits: list[Edit] = field(default_factory=list)

    def read(self, path: str) -> bytes | None:
        """A file's bytes or ``None``; refuses what cannot be a file that somebody edits."""
        try:
            info = os.lstat(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise _unreadable(path, error.strerror or str(error)) from error
        if stat.S_ISLNK(info.st_mode):
            if not os.path.exists(path):
                goal = os.readlink(path)
                raise _unreadable(path, f"it is a symbolic link to '{goal}', which does not exist")
            info = os.stat(path)
        if stat.S_ISDIR(info.st_mode):
            raise _unreadable(path, "it is a directory")
        if not stat.S_ISREG(info.st_mode):
            raise _unreadable(path, "it is no regular file")
        try:
            with open(path, "rb") as stream:
                return stream.read()
        except OSError as error:
            raise _unreadable(path, error.strerror or str(error)) from error

    def want(self, edit: Edit) -> None:
        """Remember an edit unless it changes nothing."""
        if edit.before != edit.after:
            self.edits.append(edit)

    def check(self) -> None:
        """Refuse the whole run when one file could not be written: half an environment helps nobody."""
        for edit in self.edits:
            folder = os.path.dirname(os.path.realpath(edit.path))
            while not os.path.lexists(folder):
                folder = os.path.dirname(folder)
            if not os.path.isdir(folder):
                raise _unwritable(edit.path, f"'{folder}' is no directory")
            if not os.access(folder, os.W_OK | os.X_OK):
                reason = "read-only file system" if _read_only(folder) else "permission denied"
                raise _unwritable(edit.path, f"directory '{folder}': {reason}")

    def missing_folders(self) -> list[str]:
        """The directories that the edits need and that are not there, outermost first."""
        return missing_folders(edit.path for edit in self.edits if edit.after is not None)

    def apply(self) -> None:
        """Write; each file by one atomic replace."""
        for folder in self.missing_folders():
            with _writable(folder), contextlib.suppress(FileExistsError):
                # XDG wants 0700 for a configuration home that an application makes.
                os.mkdir(folder, 0o700 if os.path.basename(folder) == ".config" else 0o755)
        for edit in self.edits:
            if edit.after is None:
                with _writable(edit.path):
                    os.unlink(edit.path)
                    fsync_directory(os.path.dirname(edit.path))
            else:
                replace_file(edit.path, edit.after, mode=edit.mode if edit.before is None else None)

    def changes(self) -> list[Change]:
        folders = [Change(folder, "create", "directory") for folder in self.missing_folders()]
        return folders + [Change(edit.path, edit.act, edit.what) for edit in self.edits]


def missing_folders(paths: Iterable[str]) -> list[str]:
    """The directories above these paths that are not there, outermost first."""
    missing: dict[str, None] = {}
    for path in paths:
        folder, above = os.path.dirname(path), []
        while not os.path.lexists(folder):
            above.append(folder)
            folder = os.path.dirname(folder)
        missing.update(dict.fromkeys(reversed(above)))
    return list(missing)


def removable(folders: Iterable[str], leaving: Iterable[str]) -> list[str]:
    """Which of these directories are empty once those files are gone, innermost first."""
    gone, found = set(leaving), []
    for folder in sorted(set(folders), key=len, reverse=True):
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        if all(os.path.join(folder, name) in gone for name in names):
            found.append(folder)
            gone.add(folder)
    return found


def remove_folders(folders: Iterable[str]) -> None:
    """Innermost first, and only what is empty: somebody may have put something there."""
    for folder in sorted(folders, key=len, reverse=True):
        with contextlib.suppress(OSError):
            os.rmdir(folder)


def _read_only(folder: str) -> bool:
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _unreadable(path: str, cause: str) -> WorkstationError:
    return WorkstationError(
        "edit", "file", path, cause, "Put a regular file there or take it away; nothing was changed", path=path
    )


@contextlib.contextmanager
def _writable(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _unwritable(path, error.strerror or str(error)) from error


def _unwritable(path: str, cause: str) -> WorkstationError:
    return WorkstationError(
        "write",
        "file",
        path,
        cause,
        "Make it writable for the account that runs, or leave this file out (shells)",
        path=path,
    )
