# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: F10, what settings name on disk, which folders are trusted, which editors run."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ansible_collections.gopherops.workstation.plugins.module_utils._info._files import first_line, read
from ansible_collections.gopherops.workstation.plugins.module_utils._info._gos import executable, expand
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place
from ansible_collections.gopherops.workstation.plugins.module_utils._info._words import reported

PROCESSES = ("code", "code-insiders", "codium", "cursor", "windsurf")


def named_programs(place: Place, env: Mapping[str, str], settings: Mapping[str, Any]) -> list[dict[str, str]]:
    """Absolute paths that settings name, and what is wrong with them; paths with other variables cannot be judged."""
    tools = settings.get("go.alternateTools")
    named = {f"go.alternateTools, {key}": value for key, value in tools.items()} if isinstance(tools, dict) else {}
    named.update({key: settings[key] for key in ("go.goroot", "go.gopath", "go.toolsGopath") if settings.get(key)})
    found = []
    for key, value in named.items():
        path = expand(place, env, value)
        if not os.path.isabs(path) or "${" in path:
            continue
        if key.startswith("go.alternateTools"):
            problem = (
                "" if executable(path) else "it cannot be run" if os.path.exists(path) else "there is no such file"
            )
        else:
            problem = "" if os.path.isdir(path) else "there is no such folder"
        found.append({"key": key, "value": str(value), "path": path, "problem": problem})
    return found


def trusted(database: str) -> list[str] | None:
    """The folders that the user trusts; None where VS Code's own database cannot be read."""
    try:
        import sqlite3  # noqa: PLC0415  # some small Pythons come without it
    except ImportError:
        return None
    if not os.path.isfile(database):
        return None
    try:
        # immutable: no lock, no journal, no trace in the editor's folder.
        connection = sqlite3.connect(f"file:{quote(database)}?mode=ro&immutable=1", uri=True)
        try:
            row = connection.execute("SELECT value FROM ItemTable WHERE key = 'content.trust.model.key'").fetchone()
        finally:
            connection.close()
        model = json.loads(row[0]) if row else {}
        entries = model.get("uriTrustInfo") or []
        return [str(one["uri"]["path"]) for one in entries if one.get("trusted")]
    except (sqlite3.Error, ValueError, KeyError, TypeError, AttributeError):
        return None


def running(place: Place) -> list[dict[str, Any]]:
    """Main processes of editors of this account, with the environment they were started with (Linux)."""
    found: list[dict[str, Any]] = []
    if place.system != "Linux":
        return found
    for pid in sorted(filter(str.isdigit, os.listdir(place.path("/proc"))), key=int):
        folder = place.path("/proc", pid)
        name = first_line(os.path.join(folder, "comm"))
        if name not in PROCESSES or any(one["name"] == name for one in found):
            continue
        try:
            if os.stat(folder).st_uid != place.uid:
                continue
        except OSError:
            continue
        text = (read(os.path.join(folder, "environ"), 1 << 20) or b"").decode("utf-8", "replace")
        pairs = dict(item.split("=", 1) for item in text.split("\0") if "=" in item)
        if pairs:
            found.append({"name": name, "pid": int(pid), "env": reported(pairs)})
    return found
