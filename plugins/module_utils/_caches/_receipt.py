# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: which directories this module made, so that ``state: absent`` takes no others away."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable

from ansible_collections.gopherops.workstation.plugins.module_utils._atomic import replace_file
from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change
from ansible_collections.gopherops.workstation.plugins.module_utils._env._files import (
    missing_folders,
    removable,
    remove_folders,
)

_WHAT = "which directories were made"


def receipt_path(home: str) -> str:
    return os.path.join(home, ".config", "gopherops", "caches.json")


def record(home: str, made: Iterable[str], *, check: bool) -> list[Change]:
    """Remember directories as made by us; to be called as the developer."""
    path, fresh = receipt_path(home), list(made)
    if not fresh:
        return []
    own = [folder for folder in missing_folders([path]) if folder not in fresh]
    before = _load(path)
    changes = [Change(folder, "create", "directory") for folder in own]
    changes.append(Change(path, "edit" if os.path.exists(path) else "create", _WHAT))
    if not check:
        for folder in own:
            os.mkdir(folder, 0o700 if os.path.basename(folder) == ".config" else 0o755)
        about = "gopherops.workstation go_caches: directories that it made; state: absent needs it"
        raw = {"about": about, "folders": sorted({*before, *fresh, *own})}
        replace_file(path, (json.dumps(raw, indent=1) + "\n").encode("ascii"), mode=0o600)
    return changes


def take_back(home: str, *, check: bool) -> list[Change]:
    """Remove what we made and what is empty; content is the developer's."""
    path = receipt_path(home)
    if not os.path.isfile(path):
        return []
    gone = removable(_load(path), [path])
    if not check:
        os.unlink(path)
        remove_folders(gone)
    return [Change(path, "remove", _WHAT), *(Change(folder, "remove", "directory") for folder in gone)]


def _load(path: str) -> list[str]:
    try:
        with open(path, "rb") as stream:
            folders = json.loads(stream.read()).get("folders", [])
    except (OSError, ValueError, AttributeError):
        return []
    return [folder for folder in folders if isinstance(folder, str)]
