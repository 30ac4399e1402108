# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the directory that one installation works in, and the lock that it holds.

Whatever is half done lies in a stage. A stage whose lock can be had belongs to a dead run. What was moved into it
and is not ours is named in a note first, so that cleaning up puts it back under a telling name.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ansible_collections.gopherops.workstation.plugins.module_utils import _atomic
from ansible_collections.gopherops.workstation.plugins.module_utils._atomic import (
    fsync_directory,
    replace_file,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._layout import STAGE, Layout

_NOTE = "note.json"
_POLL = 0.2


@contextmanager
def locked(layout: Layout, patience: float, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """The root directory for this run alone; others wait their turn."""
    waited = 0.0
    descriptor = _open(layout.root)
    while not _try_lock(descriptor) or _replaced(descriptor, layout.root):
        if waited >= patience:
            os.close(descriptor)
            advice = "Wait for it to end, or raise lock_timeout"
            cause = f"another run has held the lock for {patience:.0f} seconds"
            raise WorkstationError("change", "directory", layout.root, cause, advice)
        sleep(_POLL)
        waited += _POLL
        os.close(descriptor)
        descriptor = _open(layout.root)
    try:
        yield
    finally:
        os.close(descriptor)


class Stage:
    """A directory beside the trees, on their filesystem, locked while its run lives."""

    def __init__(self, layout: Layout) -> None:
        self.path = os.path.join(layout.root, f"{STAGE}{os.getpid()}-{secrets.token_hex(4)}")
        os.mkdir(self.path, 0o700)
        self._descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        _try_lock(self._descriptor)

    @property
    def tree(self) -> str:
        return os.path.join(self.path, "tree")

    @property
    def spool(self) -> str:
        return os.path.join(self.path, "download")

    def empty(self) -> None:
        """Ready for the next attempt."""
        shutil.rmtree(self.tree, ignore_errors=True)
        if os.path.lexists(self.spool):
            os.unlink(self.spool)
        os.mkdir(self.tree, 0o755)
        os.chmod(self.tree, 0o755)

    def note(self, guest: str, destination: str) -> None:
        """Before ``guest`` (a directory that is not ours) is moved in here: where it belongs in the end."""
        text = json.dumps({"inode": os.lstat(guest).st_ino, "destination": destination})
        replace_file(os.path.join(self.path, _NOTE), text.encode())

    def remove(self) -> None:
        """What is not ours and had to come in here goes where it was to go, also when something failed on the way."""
        try:
            clean(self.path)
        finally:
            os.close(self._descriptor)


def leftovers(layout: Layout) -> list[str]:
    """What dead runs left: stages, half-written files, a link not yet in place. Looks, and changes nothing."""
    links = [layout.fresh_link] if os.path.islink(layout.fresh_link) else []
    names = os.listdir(layout.root) if os.path.isdir(layout.root) else []
    links += filter(layout.is_stray_link, (os.path.join(layout.root, name) for name in sorted(names)))
    return _stages(layout) + _atomic.leftovers(layout.root) + links


def _stages(layout: Layout) -> list[str]:
    try:
        names = sorted(os.listdir(layout.root))
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [
        path
        for path in (os.path.join(layout.root, name) for name in names if name.startswith(STAGE))
        if os.path.isdir(path) and not _alive(path)
    ]


def clean(path: str) -> None:
    """Remove it; what a stage holds that is not ours goes where it was to go."""
    if not os.path.isdir(path) or os.path.islink(path):
        if os.path.lexists(path):
            os.unlink(path)
        return
    try:
        with open(os.path.join(path, _NOTE), encoding="utf-8") as stream:
            note = json.load(stream)
    except (OSError, ValueError):
        note = None
    if note:
        guest = os.path.join(path, "tree")
        try:
            held = os.lstat(guest).st_ino == note["inode"]
        except FileNotFoundError:
            held = False
        if held:
            os.rename(guest, note["destination"])
            fsync_directory(os.path.dirname(note["destination"]))
    # A tree of ours may hold read-only directories only if somebody made them so.
    shutil.rmtree(path)


def _alive(path: str) -> bool:
    descriptor = _open(path)
    try:
        return not _try_lock(descriptor)
    finally:
        os.close(descriptor)


def _open(path: str) -> int:
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in {errno.EWOULDBLOCK, errno.EACCES}:
            return False
        if error.errno in {errno.EBADF, errno.ENOTSUP, errno.ENOLCK, errno.EINVAL}:
            # NFS locks no directory that is open for reading: then runs on one home are not serialized,
            # and each still works in its own stage and switches by rename.
            return True
        raise
    return True


def _replaced(descriptor: int, path: str) -> bool:
    try:
        return os.fstat(descriptor).st_ino != os.stat(path).st_ino
    except FileNotFoundError:
        raise WorkstationError("change", "directory", path, "another run has just removed it", "Run again") from None
