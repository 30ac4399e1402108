# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: F1, the environment that the user's own login shell makes."""

from __future__ import annotations

import os
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place
from ansible_collections.gopherops.workstation.plugins.module_utils._info._words import excerpt, reported

MARK = "gopherops-environment-begins"
SECONDS = 10.0
NO_SHELLS = ("nologin", "false", "sync", "")


def login_environment(place: Place) -> tuple[dict[str, str], dict[str, Any]]:
    """The environment after start-up files, as VS Code resolves it, and how getting it went.

    Where the shell cannot be asked, this process's environment stands in and ``state`` says so.
    """
    name = os.path.basename(place.shell)
    if name in NO_SHELLS:
        return dict(place.environ), {"state": "none", "shell": place.shell, "seconds": 0.0, "detail": "no login shell"}
    clean = {
        key: place.environ[key]
        for key in ("HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TERM", "TMPDIR")
        if key in place.environ
    }
    clean.update(
        HOME=place.home,
        SHELL=place.shell,
        PATH="/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        USER=place.user,
        LOGNAME=place.user,
    )
    # The same words as VS Code's: login and interactive, since people put PATH in either kind of file.
    ran = place.run(
        [place.shell, "-l", "-i", "-c", f"echo; echo {MARK}; command env -0"], clean, place.home, SECONDS, b""
    )
    detail = {"shell": place.shell, "seconds": round(ran.seconds, 3), "detail": excerpt(ran.err, 3)}
    _before, mark, text = ran.out.partition(f"{MARK}\n")
    pairs = dict(item.split("=", 1) for item in text.split("\0") if "=" in item) if mark else {}
    if "PATH" in pairs:
        pairs.pop("_", None)
        return pairs, {"state": "ok", **detail}
    return dict(place.environ), {"state": "timeout" if ran.timed_out else "failed", **detail}


def collect_environment(place: Place, login: dict[str, str], outcome: dict[str, Any]) -> dict[str, Any]:
    """What of it is reported."""
    return {
        "process": reported(place.environ),
        "login": reported(login),
        "login_shell": outcome,
        "launchd": _launchd(place),
    }


def _launchd(place: Place) -> dict[str, str]:
    """macOS: what programs started from the Dock get."""
    if place.system != "Darwin":
        return {}
    found = {}
    for name in ("PATH", "GOROOT", "GOPATH", "GOBIN", "GOPROXY", "GOFLAGS", "GO111MODULE"):
        ran = place.run(["/bin/launchctl", "getenv", name], place.environ, "/", SECONDS, b"")
        if ran.ok and ran.out.strip():
            found[name] = ran.out.strip()
    return reported(found)
