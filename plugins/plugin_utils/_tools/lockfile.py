# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the file in which a team agrees on what ``stable`` and ``latest`` mean."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.gopherops.workstation.plugins.module_utils._atomic import replace_file
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.catalog import Request

HEAD = "---\n# Written by gopherops.workstation.go_tools; check it in. lock_update renews it.\n"
FACTS = ("asked", "package", "module", "version", "sum")
Locked = dict[str, dict[str, str]]


def read(path: str) -> Locked | None:
    """The entries by name; nothing when there is no file yet."""
    try:
        found = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise WorkstationError(
            "read", "lock file", path, " ".join(str(error).split()), "Repair it, or take it from version control"
        ) from error
    entries = found.get("tools") if isinstance(found, dict) else None
    if not isinstance(entries, dict) or not all(
        isinstance(entry, dict) and all(isinstance(entry.get(key), str) for key in ("asked", "package", "version"))
        for entry in entries.values()
    ):
        raise WorkstationError(
            "read",
            "lock file",
            path,
            "it is not what this collection writes",
            "Remove it, or take it from version control",
        )
    return {name: {key: str(entry.get(key, "")) for key in FACTS} for name, entry in entries.items()}


def held(request: Request, locked: Locked) -> Request | None:
    """The request at its locked version, if the lock still speaks of the same request."""
    entry = locked.get(request.name)
    if entry is None or entry["asked"] != request.asked or entry["package"] != request.package:
        return None
    return request.pinned(entry["version"], entry["sum"])


def merged(requests: list[Request], tools: list[dict[str, Any]], locked: Locked) -> Locked:
    """The lock after a run. What other hosts asked for stays."""
    found = {tool["name"]: tool for tool in tools}
    after = dict(locked)
    for request in requests:
        tool = found.get(request.name)
        if tool is None:
            continue
        entry = {"asked": request.asked, **{key: str(tool[key]) for key in FACTS[1:]}}
        before = locked.get(request.name, {})
        if not entry["sum"] and before.get("version") == entry["version"]:
            entry["sum"] = before.get("sum", "")  # in check mode nobody has seen the module yet
        after[request.name] = entry
    return after


def written(locked: Locked) -> str:
    return HEAD + yaml.safe_dump({"tools": locked}, sort_keys=True, default_flow_style=False)


def write(path: str, text: str) -> None:
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        replace_file(path, text.encode())
    except OSError as error:
        raise WorkstationError("write", "lock file", path, error.strerror or str(error)) from error


def drift(path: str, before: Locked, after: Locked) -> WorkstationError:
    """The error that check mode ends with."""
    names = sorted(name for name in after if after[name] != before.get(name))
    moves = [f"{name} {before.get(name, {}).get('version', '(none)')} -> {after[name]['version']}" for name in names]
    return WorkstationError(
        "keep",
        "lock file",
        path,
        f"it would change: {', '.join(moves)}",
        "Run without check mode (with lock_update for newer versions) and check the file in",
    )
