# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One ``./dev`` at a time where two would tread on each other."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from .errors import DevError


@contextlib.contextmanager
def locked(path: Path, doing: str, *, wait: bool) -> Iterator[None]:
    """Hold ``path`` locked. The kernel drops the lock with the process, so a killed run leaves none behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            if not wait:
                raise DevError(
                    f"Cannot {doing}: another ./dev (process {holder}) is doing it. Wait for it to end.", 1
                ) from None
            print(f"Waiting for another ./dev (process {holder}) to {doing} ...", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield
