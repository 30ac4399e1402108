# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what a run of ``go_caches`` says."""

from __future__ import annotations

import pwd
from collections.abc import Mapping
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._caches._policy import Count
from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change


def mended(name: str, path: str, count: Count, developer: str) -> tuple[list[Change], list[str]]:
    """The changes and the warnings of one place."""
    changes, warnings = [], []
    if count.owner:
        words = f"{count.owner} of {count.entries} entries given to {developer}: "
        changes.append(Change(path, "owner", words + count.examples("owner")))
    if count.mode:
        words = f"{count.mode} of {count.entries} entries made usable: "
        changes.append(Change(path, "mode", words + count.examples("mode")))
    if count.foreign:
        warnings.append(
            f"{name}: {count.foreign} entries below {path} belong to others; "
            f"run as root with owner: {developer} to repair them"
        )
    if count.left:
        warnings.append(
            f"{name}: {count.left} entries below {path} were left as they are: they have names elsewhere, "
            "are no files, or something holds or hides them"
        )
    return changes, warnings


def shown(place: Mapping[str, Any], found: Mapping[str, Any], count: Count | None) -> dict[str, Any]:
    """One of the result's places."""
    return {
        "name": place["name"],
        "path": place["path"],
        "fstype": place["fstype"],
        "options": place["options"],
        "writable": found["writable"],
        "owner": found["owner"],
        "free_bytes": found["free"],
        "repaired": count.repaired if count else 0,
        "doubts": place["doubts"],
    }


def account_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
