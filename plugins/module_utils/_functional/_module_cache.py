# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: finds a module in the module cache that a scratch module can require offline."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterator
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._info._files import read

# Small modules without requirements of their own that nearly every module cache holds: path, package, exported name.
KNOWN = (
    ("golang.org/x/sync", "golang.org/x/sync/singleflight", "Group{}"),
    ("golang.org/x/mod", "golang.org/x/mod/semver", "IsValid"),
    ("golang.org/x/sys", "golang.org/x/sys/cpu", "CacheLinePad{}"),
)
_VERSION = re.compile(rb"(\d+)\.(\d+)(?:\.(\d+))?")
_ASKED = re.compile(rb"^go\s+" + _VERSION.pattern, re.MULTILINE)


def cached_module(modcache: str, go: str) -> dict[str, Any] | None:
    """What the probe needs to import it with this Go ("go1.27.4"), or None: then that question is not asked."""
    for known in KNOWN:
        for version in _versions(modcache, known[0]):
            found = _describe(modcache, known, version, go)
            if found:
                return found
    return None


def _versions(modcache: str, path: str) -> Iterator[str]:
    folder = os.path.join(modcache, "cache", "download", *path.split("/"), "@v")
    try:
        names = os.listdir(folder)
    except OSError:
        return
    yield from sorted((name[: -len(".ziphash")] for name in names if name.endswith(".ziphash")), reverse=True)


def _describe(modcache: str, known: tuple[str, str, str], version: str, go: str) -> dict[str, Any] | None:
    path, package, symbol = known
    base = os.path.join(modcache, "cache", "download", *path.split("/"), "@v", version)
    mod, total = read(f"{base}.mod"), read(f"{base}.ziphash")
    folder = os.path.join(modcache, f"{path}@{version}")
    if not mod or not total or not os.path.isdir(os.path.join(folder, *package[len(path) :].strip("/").split("/"))):
        return None
    if (b"require" in mod and path != "golang.org/x/mod") or _asks_for_newer(mod, go):
        return None
    return {
        "path": path,
        "version": version,
        "package": package,
        "symbol": symbol,
        "dir": folder,
        "sum": [f"{path} {version} {total.decode().strip()}", f"{path} {version}/go.mod {_go_mod_sum(mod)}"],
    }


def _asks_for_newer(mod: bytes, go: str) -> bool:
    """Another Go of this machine may have fetched it; this one refuses it, and fetches no toolchain for the proof."""
    asked, have = _ASKED.search(mod), _VERSION.search(go.encode())
    return asked is not None and have is not None and _numbers(asked) > _numbers(have)


def _numbers(version: re.Match[bytes]) -> tuple[int, ...]:
    return tuple(int(number or 0) for number in version.groups())


def _go_mod_sum(content: bytes) -> str:
    """The h1 of a single file named go.mod (golang.org/x/mod/sumdb/dirhash)."""
    summary = f"{hashlib.sha256(content).hexdigest()}  go.mod\n"
    return "h1:" + base64.b64encode(hashlib.sha256(summary.encode()).digest()).decode()
