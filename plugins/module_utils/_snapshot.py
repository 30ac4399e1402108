# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what stood at a list of places, kept so that it can be put back exactly.

Small files are copied; large ones (tool binaries) are linked, as everything of ours replaces those by rename and so
never touches the old inode. The index is written last: without it there is no snapshot.
"""

from __future__ import annotations

import contextlib
import errno
import glob
import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._atomic import fsync_directory, replace_file
from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change
from ansible_collections.gopherops.workstation.plugins.module_utils._digest import sha256
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

INDEX = "index.json"
LINK_FROM = 1 << 20
Entry = dict[str, Any]


def at_home(path: str) -> str:
    """``~`` is the home of the account that the module runs as. The options are plain text, see their spec."""
    return os.path.expanduser(path)


def expand(patterns: Iterable[str]) -> list[str]:
    """Existing matches of globs, and plain paths whether or not they exist; ``~`` is the account's home."""
    paths: dict[str, None] = {}
    for pattern in patterns:
        path = at_home(pattern)
        for found in sorted(glob.glob(path, recursive=True)) if glob.has_magic(path) else [path]:
            paths[found] = None
    return list(paths)


def look(path: str) -> Entry:
    """What stands at a path. Directories are only noted: what is in them has paths of its own."""
    try:
        now = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return {"kind": "absent", "ground": _ground(path)}
    if stat.S_ISLNK(now.st_mode):
        return {"kind": "link", "target": os.readlink(path)}
    if stat.S_ISDIR(now.st_mode):
        return {"kind": "directory"}
    if not stat.S_ISREG(now.st_mode):
        return {"kind": "special"}
    return {"kind": "file", "mode": stat.S_IMODE(now.st_mode), "sha256": sha256(path), "mtime": now.st_mtime_ns}


def _ground(path: str) -> str:
    """The nearest folder that exists: what is made below it goes again with the file."""
    folder = os.path.dirname(path)
    while folder and not os.path.isdir(folder) and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
    return folder


def same(one: Entry, other: Entry) -> bool:
    """Whether two looks show the same. Times do not count."""
    skip = ("mtime", "ground", "blob")
    return {k: v for k, v in one.items() if k not in skip} == {k: v for k, v in other.items() if k not in skip}


class Snapshot:
    """One record of before, in a folder of its own."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.index: dict[str, Any] = {}
        try:
            with open(os.path.join(folder, INDEX), encoding="utf-8") as stream:
                self.index = json.load(stream)
        except FileNotFoundError:
            pass
        except (OSError, ValueError) as error:
            advice = f"Move {folder} away; what stood before cannot be put back"
            raise WorkstationError("read", "snapshot", folder, str(error), advice) from error

    @property
    def exists(self) -> bool:
        return bool(self.index)

    def take(self, patterns: list[str]) -> None:
        """Keep what stands there now. A snapshot that exists stays: the first one is what stood before."""
        with _told("take", self.folder):
            shutil.rmtree(self.folder, ignore_errors=True)  # a half-made one, without index
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            fsync_directory(os.path.dirname(self.folder))
            entries = {path: look(path) for path in expand(patterns)}
            for number, (path, entry) in enumerate(entries.items()):
                if entry["kind"] == "file":
                    entry["blob"] = f"{number:04d}"
                    _keep(path, os.path.join(self.folder, entry["blob"]))
            self._write({"schema": 1, "patterns": patterns, "entries": entries, "sealed": {}})

    def seal(self) -> None:
        """Note what the rollout left, so that what a person changes later is told apart from it."""
        with _told("seal", self.folder):
            self._write({**self.index, "sealed": {path: look(path) for path in self._paths()}})

    def _write(self, index: dict[str, Any]) -> None:
        replace_file(os.path.join(self.folder, INDEX), json.dumps(index, sort_keys=True).encode(), mode=0o600)
        self.index = index

    def _paths(self) -> list[str]:
        """What was there, what would have been, and what came since where a glob looks."""
        return list(dict.fromkeys([*self.index["entries"], *expand(self.index["patterns"])]))

    def differences(self) -> tuple[list[Change], list[str]]:
        """What putting back would do, and the paths that a person changed since and that therefore stay."""
        changes, conflicts = [], []
        with _told("compare with", self.folder):
            stands = {path: look(path) for path in self._paths()}
        for path, now in stands.items():
            before = self.index["entries"].get(path) or {"kind": "absent"}
            sealed = self.index["sealed"].get(path)
            if same(before, now):
                continue
            if sealed is not None and not same(sealed, now):
                conflicts.append(path)
            elif before["kind"] == "absent":
                changes.append(Change(path, "remove", "it was not there before"))
            else:
                changes.append(Change(path, "replace", f"the {before['kind']} that stood before"))
        return changes, conflicts

    def restore(self, changes: list[Change]) -> None:
        """Put back what ``differences`` named; one path that refuses keeps none of the others."""
        failed = []
        for change in changes:
            try:
                with _told("put back", change.path):
                    self._put_back(change.path, self.index["entries"].get(change.path) or {"kind": "absent"})
            except WorkstationError as error:
                failed.append(error)
        if failed:
            raise failed[0]

    def _put_back(self, path: str, before: Entry) -> None:
        if os.path.isdir(path) and not os.path.islink(path):
            raise OSError(errno.EISDIR, "a directory stands there now", path)
        fresh = f"{path}.gopherops-back"
        if os.path.lexists(fresh):
            os.unlink(fresh)
        if before["kind"] == "absent":
            os.unlink(path)
            _remove_empty(os.path.dirname(path), before.get("ground", ""))
            return
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if before["kind"] == "link":
            os.symlink(before["target"], fresh)
        elif before["kind"] == "file":
            _copy(os.path.join(self.folder, before["blob"]), fresh)
            if sha256(fresh) != before["sha256"]:
                os.unlink(fresh)
                raise OSError(errno.EIO, "what was kept of it has been changed", path)
            os.chmod(fresh, before["mode"])
            os.utime(fresh, ns=(before["mtime"], before["mtime"]))
        else:
            raise OSError(errno.ENOTSUP, f"a {before['kind']} stood there before", path)
        os.replace(fresh, path)
        fsync_directory(os.path.dirname(path))

    def drop(self) -> None:
        """Forget it, index first."""
        if self.exists:
            with _told("drop", self.folder):
                os.unlink(os.path.join(self.folder, INDEX))
        shutil.rmtree(self.folder, ignore_errors=True)
        self.index = {}


def _keep(path: str, blob: str) -> None:
    if os.path.getsize(path) >= LINK_FROM:
        try:
            os.link(path, blob)
            return
        except OSError:
            pass  # another file system, or one without links: a copy does as well
    _copy(path, blob)


def _copy(source: str, target: str) -> None:
    """On the disk before anything names it: after a power cut a name may stand with nothing in it."""
    shutil.copy2(source, target)
    descriptor = os.open(target, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_empty(folder: str, ground: str) -> None:
    """Folders that came with a file go with it, up to the one that was there."""
    while ground and folder.startswith(ground + os.sep):
        try:
            os.rmdir(folder)
        except OSError:
            return
        folder = os.path.dirname(folder)


@contextlib.contextmanager
def _told(verb: str, name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        cause = f"{error.strerror or error}{f' ({error.filename})' if error.filename else ''}"
        raise WorkstationError(verb, "snapshot", name, cause, "Free the disk or mend the rights") from error
