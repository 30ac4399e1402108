# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the account and the machine that a collection looks at, and the effects it may use."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import Run


@dataclass(frozen=True)
class Place:
    """Where we are: everything that a collector may ask is in here or on the file system."""

    run: Run
    environ: Mapping[str, str]
    system: str  # Linux | Darwin
    user: str
    uid: int
    home: str
    shell: str
    empty: str  # an empty private directory: the working directory of baseline probes
    root: str = "/"  # tests put a fake /proc and /etc elsewhere

    def path(self, *parts: str) -> str:
        """An absolute path below ``root``."""
        return os.path.join(self.root, *(part.lstrip("/") for part in parts))


def place_here(run: Run, environ: Mapping[str, str], empty: str) -> Place:
    """The account that runs this, refused where looking would do harm."""
    uid = os.geteuid()
    try:
        entry = pwd.getpwuid(uid)
        user, home, shell = entry.pw_name, entry.pw_dir, entry.pw_shell
    except KeyError:  # a container started with --user
        user, home, shell = str(uid), "", "/bin/sh"
    home = environ.get("HOME") or home or "/"
    _refuse_foreign_home(uid, home)
    return Place(run, environ, os.uname().sysname, user, uid, home, shell or "/bin/sh", empty)


def _refuse_foreign_home(uid: int, home: str) -> None:
    """As root in somebody's home, Go would leave root's files there: the very fault that GD026 finds."""
    try:
        owner = os.stat(home).st_uid
    except OSError:
        return
    if uid == 0 and owner != 0:
        raise WorkstationError(
            "look at",
            "account",
            home,
            f"root must not run Go in a home that belongs to uid {owner}",
            "Connect as the developer, or set become_user to the developer",
        )
