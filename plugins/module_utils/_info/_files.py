# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: reads files for a report, never more than it needs and never a secret."""

from __future__ import annotations

import os
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._info._words import scrub

LIMIT = 64 << 10
MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def read(path: str, limit: int = LIMIT) -> bytes | None:
    """The beginning of a regular file, or None."""
    try:
        if not os.path.isfile(path):  # a pipe would block
            return None
        with open(path, "rb") as stream:
            return stream.read(limit)
    except OSError:
        return None


def first_line(path: str) -> str:
    lines = (read(path, 400) or b"").decode("utf-8", "replace").splitlines()
    return lines[0].strip() if lines else ""


def text_file(path: str) -> dict[str, Any]:
    """Text, byte order mark and line endings, owner and mode; ``exists`` alone where there is no such file."""
    try:
        status = os.stat(path)
    except OSError as error:
        return {"exists": False, "error": error.strerror or str(error)}
    data = read(path)
    facts: dict[str, Any] = {
        "exists": True,
        "uid": status.st_uid,
        "mode": f"{status.st_mode & 0o7777:04o}",
        "size": status.st_size,
    }
    if data is None:
        return {**facts, "error": "cannot be read"}
    mark = next((name for begin, name in MARKS if data.startswith(begin)), "")
    encoding = mark if mark.startswith("utf-16") else "utf-8-sig"
    return {**facts, "bom": mark, "cr": b"\r" in data, "text": scrub(data.decode(encoding, "replace").lstrip("\ufeff"))}
