# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: a file of JSON lines that survives a killed controller.

Lines are only ever appended, each in one write under a lock and flushed to the disk before the run goes on. What a
kill leaves is therefore every finished line, and at most one torn line at the end, which reading skips.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from pathlib import Path
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

Record = dict[str, Any]


def read(path: Path) -> list[Record]:
    """Every whole record; none when there is no file."""
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _trouble("read", path, error) from error
    records = []
    for line in lines:
        # A torn line is a prefix of an object, so it never parses; losing it means doing that one host again.
        with contextlib.suppress(ValueError):
            record = json.loads(line)
            if isinstance(record, dict):
                records.append(record)
    return records


def append(path: Path, *records: Record) -> None:
    """Add records, all of them or (when the machine dies) a prefix of them."""
    text = "".join(json.dumps(record, ensure_ascii=True, sort_keys=True) + "\n" for record in records)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = not path.exists()
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            _write_all(handle, _seam(handle) + text.encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        if fresh:
            sync_folder(path.parent)
    except OSError as error:
        raise _trouble("write", path, error) from error


def _seam(handle: int) -> bytes:
    """A newline when the last writer was killed in the middle of a line."""
    size = os.fstat(handle).st_size
    return b"" if not size or os.pread(handle, 1, size - 1) == b"\n" else b"\n"


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def sync_folder(folder: Path) -> None:
    """A new name lasts only when its folder is on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems cannot
            os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, text: str) -> None:
    """A report: the old file or the new one, never half of it."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(part, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, path)
        sync_folder(path.parent)
    except OSError as error:
        raise _trouble("write", path, error) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _trouble(verb: str, path: Path, error: OSError) -> WorkstationError:
    return WorkstationError(
        verb, "file", str(path), error.strerror or str(error), "Name a folder that you can write with fleet_dir"
    )
