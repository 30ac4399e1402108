# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: where Go keeps what, as ``go env`` would say, without running Go."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

VARIABLES = {
    "gopath": "GOPATH",
    "gocache": "GOCACHE",
    "gomodcache": "GOMODCACHE",
    "gobin": "GOBIN",
    "gotmpdir": "GOTMPDIR",
    "gopls": "GOPLSCACHE",
}
EXECUTED = {"gobin", "gocache", "gomodcache", "gotmpdir"}
"""Places from which programs start: tools, cached `go run` executables, downloaded toolchains, test binaries."""


_SYSTEM = {
    *("/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/media", "/mnt", "/opt", "/proc", "/root", "/run"),
    *("/sbin", "/srv", "/sys", "/tmp", "/usr", "/usr/local", "/usr/local/bin", "/usr/local/go", "/var", "/var/tmp"),
    *("/Applications", "/Library", "/System", "/Users", "/Volumes", "/private"),
}
_SYSTEM_TREES = ("/boot/", "/dev/", "/etc/", "/lib/", "/proc/", "/sys/", "/usr/bin/", "/usr/lib/", "/System/")


@dataclass(frozen=True)
class Place:
    name: str
    path: str
    given: bool
    """Named by somebody; else Go's own default."""
    default: str = ""
    """Where Go would have it if nobody had named it."""

    @property
    def ours(self) -> bool:
        """Whether to make and own it; the system's own temporary directory is only tried out."""
        return self.name != "gotmpdir" or self.given


@dataclass(frozen=True)
class Account:
    """The developer, and what decides where Go's places are for the account."""

    name: str
    uid: int
    gid: int
    home: str
    system: str
    environ: Mapping[str, str]
    env_file: Mapping[str, str]


def resolve(names: Sequence[str], paths: Mapping[str, str], account: Account) -> list[Place]:
    """The places of an account, in the order asked for."""

    def named(name: str) -> str:
        variable = VARIABLES[name]
        given = paths.get(name) or account.environ.get(variable) or account.env_file.get(variable, "")
        if name == "gopath":
            given = given.split(os.pathsep)[0]
        return os.path.join(account.home, given[2:]) if given.startswith("~/") else given

    def default(name: str) -> str:
        gopath = named("gopath") or os.path.join(account.home, "go")
        return {
            "gopath": gopath,
            "gomodcache": os.path.join(gopath, "pkg", "mod"),
            "gobin": os.path.join(gopath, "bin"),
            "gocache": os.path.join(cache_home(account), "go-build"),
            "gopls": os.path.join(cache_home(account), "gopls"),
            "gotmpdir": account.environ.get("TMPDIR") or "/tmp",
        }[name]

    found = []
    for name in dict.fromkeys(names):
        path = named(name)
        usual = os.path.normpath(default(name))
        place = Place(name, os.path.normpath(path) if path else usual, bool(path), usual)
        _check(place, account)
        found.append(place)
    return found


def cache_home(account: Account) -> str:
    """``os.UserCacheDir()``."""
    if account.system == "Darwin":
        return os.path.join(account.home, "Library", "Caches")
    given = account.environ.get("XDG_CACHE_HOME", "")
    return given if given.startswith("/") else os.path.join(account.home, ".cache")


def _check(place: Place, account: Account) -> None:
    home, cause = os.path.normpath(account.home), ""
    if not place.path.startswith("/"):
        cause = f"'{place.path}' is not absolute, and Go refuses that"
    elif place.ours and f"{home}/".startswith(place.path.rstrip("/") + "/"):
        cause = f"'{place.path}' holds the whole home of {account.name}"
    elif place.ours and (place.path in _SYSTEM or place.path.startswith(_SYSTEM_TREES)):
        cause = f"'{place.path}' is a directory of the system"
    if cause:
        raise WorkstationError(
            "place", "cache", place.name, cause, f"Correct {VARIABLES[place.name]} or name another path for it"
        )
