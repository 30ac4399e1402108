# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the controller's way to module proxies, and its memory of their answers.

A rollout asks for the same versions from many processes; all of them must get the same answer, and a proxy must not be
asked five hundred times. Answers are kept for ten minutes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
import urllib.error
import urllib.parse
from pathlib import Path

from ansible.module_utils.urls import open_url

from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.proxy import Fetch, UnknownError

FRESH = 600.0
LARGEST = 8 << 20
SERVICES = Path(__file__).resolve().parent.parent / "_data" / "services.json"


def default_goproxy() -> str:
    services = json.loads(SERVICES.read_text(encoding="utf-8"))
    return str(services["profiles"]["default"]["goproxy"])


def over_network(address: str) -> bytes:
    """The bytes behind an http, https or file address."""
    if address.startswith("file://"):
        try:
            return Path(urllib.parse.unquote(address[len("file://") :])).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise UnknownError(address) from None
    try:
        with open_url(address, timeout=15, http_agent="gopherops.workstation") as answer:
            return bytes(answer.read(LARGEST))
    except urllib.error.HTTPError as error:
        if error.code in (404, 410):
            raise UnknownError(address) from None
        raise


def remembered(fetch: Fetch, folder: Path) -> Fetch:
    """The same, asking each address at most once in ten minutes, whoever asks."""

    def ask(address: str) -> bytes:
        path = folder / hashlib.sha256(address.encode()).hexdigest()
        with contextlib.suppress(OSError):
            if _fresh(path):
                return path.read_bytes()
        unknown = path.with_suffix(".unknown")  # most of what is asked for a package path is not there
        with contextlib.suppress(OSError):
            if _fresh(unknown):
                raise UnknownError(address)
        try:
            answer = fetch(address)
        except UnknownError:
            with contextlib.suppress(OSError):
                folder.mkdir(parents=True, exist_ok=True)
                unknown.touch()
            raise
        with contextlib.suppress(OSError):  # a cache that cannot be written is no reason to fail
            folder.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=folder)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(answer)
            os.replace(name, path)
        return answer

    return ask


def _fresh(path: Path) -> bool:
    return abs(time.time() - path.stat().st_mtime) < FRESH
