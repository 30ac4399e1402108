# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the SHA-256 of a file of any size; Python has a function for it since 3.11 only."""

from __future__ import annotations

import hashlib
import os

_CHUNK = 1 << 20


def sha256(path: str | os.PathLike[str]) -> str:
    """In hexadecimal, in constant memory."""
    digest = hashlib.sha256()
    with open(path, "rb", buffering=0) as stream:
        for chunk in iter(lambda: stream.read(_CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest()
