# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what the processes of one controller share, a cache and a way to take turns.

Ansible works on each host in a process of its own: many of them want the same download, build or record at once.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError


def cache_dir(process: Mapping[str, str]) -> Path:
    """The account's cache of this collection; ``process`` is the environment."""
    base = process.get("XDG_CACHE_HOME") or os.path.join(process.get("HOME") or os.path.expanduser("~"), ".cache")
    return Path(base, "gopherops.workstation")


@contextlib.contextmanager
def alone(lock: Path) -> Iterator[None]:
    """One process at a time; the system lets go of the file when a process dies."""
    try:
        lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        stream = open(lock, "w", encoding="utf-8")  # noqa: SIM115  # it is the lock, and lives as long
    except OSError as error:
        advice = "Check who may write in its folder"
        raise WorkstationError("lock", "file", str(lock), error.strerror or str(error), advice) from error
    with stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
