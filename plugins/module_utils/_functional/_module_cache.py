# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: finds a module in the module cache that a scratch module can require offline."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._info._files import read

# Small modules without requirements of their own that nearly every module cache holds: path, package, exported name.
KNOWN = (
    ("golang.org/x/sync", "golang.org/x/sync/singleflight", "Group{}"),
    ("golang.org/x/mod", "golang.org/x/mod/semver", "IsValid"),
    ("golang.org/x/sys", "golang.org/x/sys/cpu", "CacheLinePad{}"),
)


def cached_module(modcache: str) -> dict[str, Any] | None:
    """What the probe needs to import it, or None: then that question is not asked."""
    for path, package, symbol in KNOWN:
        for version in _versions(modcache, path):
            found = _describe(modcache, path, version, package, symbol)
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


def _describe(modcache: str, path: str, version: str, package: str, symbol: str) -> dict[str, Any] | None:
    base = os.path.join(modcache, "cache", "download", *path.split("/"), "@v", version)
    mod, total = read(f"{base}.mod"), read(f"{base}.ziphash")
    folder = os.path.join(modcache, f"{path}@{version}")
    if not mod or not total or not os.path.isdir(os.path.join(folder, *package[len(path) :].strip("/").split("/"))):
        return None
    if b"require" in mod and path != "golang.org/x/mod":
        return None
    return {
        "path": path,
        "version": version,
        "package": package,
        "symbol": symbol,
        "dir": folder,
        "sum": [f"{path} {version} {total.decode().strip()}", f"{path} {version}/go.mod {_go_mod_sum(mod)}"],
    }


def _go_mod_sum(content: bytes) -> str:
    """The h1 of a single file named go.mod (golang.org/x/mod/sumdb/dirhash)."""
    summary = f"{hashlib.sha256(content).hexdigest()}  go.mod\n"
    return "h1:" + base64.b64encode(hashlib.sha256(summary.encode()).digest()).decode()
