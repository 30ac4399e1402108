# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what this collection installed into a folder of programs, and with which bytes.

Build info is a claim that anybody can write into a file. The SHA-256 taken right after a verified build is the proof;
size, times and inode of the file tell cheaply that nobody touched it since.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._atomic import replace_file
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

STATE_DIR = ".gopherops"
WAIT = 900.0  # another run may be building gopls on a slow machine


class Records:
    """``<bin_dir>/.gopherops/tools.json``: on the filesystem of the programs, so that renames work."""

    def __init__(self, bin_dir: str) -> None:
        self.folder = os.path.join(bin_dir, STATE_DIR)
        self.path = os.path.join(self.folder, "tools.json")
        self.tools: dict[str, dict[str, Any]] = {}
        self.previous: list[dict[str, Any]] = []
        self.load()

    def load(self) -> None:
        """Read again; a file that is missing or broken means that nothing is proved."""
        self.tools, self.previous = {}, []
        try:
            with open(self.path, encoding="utf-8") as stream:
                found = json.load(stream)
            tools, previous = found["tools"], found["previous"]
        except (OSError, ValueError, KeyError, TypeError):
            return
        if isinstance(tools, dict) and isinstance(previous, list):
            self.tools = {name: entry for name, entry in tools.items() if isinstance(entry, dict)}
            self.previous = [entry for entry in previous if isinstance(entry, dict)]

    def save(self) -> None:
        text = json.dumps({"tools": self.tools, "previous": self.previous}, indent=1, sort_keys=True)
        replace_file(self.path, text.encode() + b"\n", mode=0o644)

    @contextlib.contextmanager
    def locked(self, wait: float = WAIT) -> Iterator[None]:
        """One run at a time for each folder; the system lets go when a run dies."""
        name = os.path.join(self.folder, "lock")
        deadline = time.monotonic() + wait
        while (descriptor := self._take(name)) is None:
            if time.monotonic() > deadline:
                raise WorkstationError(
                    "lock",
                    "folder",
                    self.folder,
                    f"another run has been working there for more than {wait:.0f} seconds",
                    "Wait for it, or end it, and run again",
                )
            time.sleep(0.2)
        try:
            self.load()
            yield
        finally:
            if not self.tools and not self.previous:
                self._leave()
            os.close(descriptor)

    def _take(self, name: str) -> int | None:
        """The lock, if it is free and still the file of that name: whoever held it may have left nothing behind."""
        os.makedirs(self.folder, mode=0o755, exist_ok=True)
        try:
            descriptor = os.open(name, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
        except FileNotFoundError:
            return None
        taken = False
        try:
            taken = _try_lock(descriptor) and _is_named(descriptor, name)
        finally:
            if not taken:
                os.close(descriptor)
        return descriptor if taken else None

    def _leave(self) -> None:
        """Nothing of ours is in the folder of programs any more, so neither is this. What is not empty stays."""
        with contextlib.suppress(OSError):
            os.unlink(self.path)
        with contextlib.suppress(OSError):
            os.rmdir(os.path.join(self.folder, "previous"))
        with contextlib.suppress(OSError):
            if os.listdir(self.folder) == ["lock"]:
                os.unlink(os.path.join(self.folder, "lock"))
                os.rmdir(self.folder)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_named(descriptor: int, name: str) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(name))
    except FileNotFoundError:
        return False


def fingerprint(path: str) -> list[int]:
    """Changes whenever the file does: even a write that puts the times back moves ctime."""
    status = os.lstat(path)
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
