# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: F7, whether the places Go writes to can really be used, tried by using them."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._info._gos import cache_home
from ansible_collections.gopherops.workstation.plugins.module_utils._info._mounts import Mount, mount_of, mounts
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place

SECONDS = 20.0
CACHES = ("GOCACHE", "GOMODCACHE", "GOBIN", "GOPLS")


def collect_dirs(place: Place, env: Mapping[str, str], go: Mapping[str, Any], workspaces: list[str]) -> dict[str, Any]:
    """By name, then the workspaces by ``workspace 1`` ..."""
    table = mounts(place)
    named = where(place, env, go)
    named.update({f"workspace {number}": path for number, path in enumerate(workspaces, 1)})
    return {name: _look(place, name, path, table) for name, path in named.items()}


def where(place: Place, env: Mapping[str, str], go: Mapping[str, Any]) -> dict[str, str]:
    """The places by the variables that name them; defaults are Go's own where there is no Go to ask."""
    variables = go.get("env") or {}
    cache = cache_home(place, env)
    gopath = (env.get("GOPATH") or variables.get("GOPATH") or os.path.join(place.home, "go")).split(os.pathsep)[0]
    return {
        "GOCACHE": env.get("GOCACHE") or variables.get("GOCACHE") or os.path.join(cache, "go-build"),
        "GOMODCACHE": env.get("GOMODCACHE") or variables.get("GOMODCACHE") or os.path.join(gopath, "pkg", "mod"),
        "GOPATH": gopath,
        "GOBIN": env.get("GOBIN") or variables.get("GOBIN") or os.path.join(gopath, "bin"),
        "TEMP": env.get("GOTMPDIR") or variables.get("GOTMPDIR") or env.get("TMPDIR") or "/tmp",
        "GOPLS": env.get("GOPLSCACHE") or os.path.join(cache, "gopls"),
        "HOME": place.home,
        **({"GOROOT": variables["GOROOT"]} if variables.get("GOROOT") else {}),
    }


def _look(place: Place, name: str, path: str, table: list[Mount]) -> dict[str, Any]:
    if not os.path.isabs(path):
        return {"path": path, "absolute": False, "exists": False}
    nearest = path
    while not os.path.lexists(nearest) and nearest != os.path.dirname(nearest):
        nearest = os.path.dirname(nearest)
    facts: dict[str, Any] = {"path": path, "absolute": True, "exists": os.path.isdir(path), "nearest": nearest}
    facts["real"] = os.path.realpath(path)
    facts.update(_space(nearest))
    mount = mount_of(facts["real"], table)
    if mount:
        facts.update(fstype=mount.fstype, options=mount.options, mount=mount.point, source=mount.source)
    try:
        status = os.stat(nearest)
        facts.update(uid=status.st_uid, gid=status.st_gid, mode=f"{status.st_mode & 0o7777:04o}")
    except OSError as error:
        facts["error"] = error.strerror or str(error)
    if name == "GOROOT" or (name == "GOPATH" and not facts["exists"]):
        return facts  # nobody should write there
    facts["writable"], facts["write_error"] = _write_probe(nearest, exists=facts["exists"] and nearest == path)
    if facts["exists"] and name in CACHES:
        facts["foreign"] = _foreign(place, path)
    return facts


def _space(path: str) -> dict[str, Any]:
    try:
        status = os.statvfs(path)
    except OSError:
        return {}
    facts = {"free_bytes": status.f_bavail * status.f_frsize}
    if status.f_files:  # btrfs and drvfs count none
        facts.update(free_inodes=status.f_favail, inodes=status.f_files)
    return facts


def _write_probe(folder: str, exists: bool) -> tuple[bool, str]:
    """Create and delete a file, then put the directory's times back: looking must leave no trace.

    Where the directory is still to be made, its nearest ancestor has to let us.
    """
    if not exists:
        good = os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)
        return good, "" if good else f"it does not exist and cannot be made in {folder}"
    before = os.stat(folder)
    try:
        handle, path = tempfile.mkstemp(prefix=".gopherops-", dir=folder)
        try:
            os.write(handle, b"x" * 4096)
        finally:
            os.close(handle)
            os.unlink(path)
            with contextlib.suppress(OSError):  # in a directory of another owner only that one may set times
                os.utime(folder, ns=(before.st_atime_ns, before.st_mtime_ns))
    except OSError as error:
        return False, error.strerror or str(error)
    return True, ""


def _foreign(place: Place, path: str) -> str | None:
    """The first entry that belongs to somebody else, empty for none, None when nobody could tell."""
    argv = ["find", path, "-mindepth", "1", "-maxdepth", "3", "!", "-user", str(place.uid), "-print", "-quit"]
    ran = place.run(argv, {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}, "/", SECONDS, b"")
    first = ran.out.splitlines()[:1]
    if first:
        return first[0]
    return "" if ran.ok else None
