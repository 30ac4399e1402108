# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: F10, what VS Code and its kin are told about Go. None of them is started."""

from __future__ import annotations

import glob
import json
import os
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ansible_collections.gopherops.workstation.plugins.module_utils._info._editor_state import (
    named_programs,
    running,
    trusted,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._info._files import read
from ansible_collections.gopherops.workstation.plugins.module_utils._info._gos import on_path
from ansible_collections.gopherops.workstation.plugins.module_utils._info._mounts import is_windows, mount_of, mounts
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._reader import Document, JsoncError


class Desktop(NamedTuple):
    name: str
    data: str  # folder of user data
    extensions: str
    command: str


DESKTOP = (
    Desktop("Code", "Code", ".vscode", "code"),
    Desktop("Code - Insiders", "Code - Insiders", ".vscode-insiders", "code-insiders"),
    Desktop("VSCodium", "VSCodium", ".vscode-oss", "codium"),
    Desktop("Cursor", "Cursor", ".cursor", "cursor"),
    Desktop("Windsurf", "Windsurf", ".windsurf", "windsurf"),
)
SERVERS = (".vscode-server", ".vscode-server-insiders", ".cursor-server", ".windsurf-server", ".vscodium-server")
ABOUT_GO = re.compile(r"^(go\.|gopls$|gopls\.|http\.proxy|\[go)")
EXTENSION = re.compile(r"^golang\.go-(\d+\.\d+\.\d+)")
FILE_LIMIT = 4 << 20


def collect_editor(place: Place, env: Mapping[str, str]) -> dict[str, Any]:
    """Every product with a trace on this account; ``settings`` of a file are only the keys about Go and its proxy.

    They are as they stand, secrets and all, for gopls is started with them; what is reported goes through ``scrubbed``.
    """
    products = [_desktop(place, env, one) for one in DESKTOP]
    data = env.get("XDG_DATA_HOME") or os.path.join(place.home, ".local", "share")
    served = os.path.join(data, "code-server")
    products.append(_product("code-server", "server", [os.path.join(served, "User")], served))
    for folder in SERVERS:
        base = os.path.join(place.home, folder)
        products.append(_product(folder.lstrip("."), "remote", [os.path.join(base, "data", "Machine")], base))
    found = [one for one in products if one]
    for file in (file for one in found for file in one["files"]):
        file["programs"] = named_programs(place, env, file["settings"])
    return {"products": found, "processes": running(place)}


def _desktop(place: Place, env: Mapping[str, str], one: Desktop) -> dict[str, Any] | None:
    if place.system == "Darwin":
        base = os.path.join(place.home, "Library", "Application Support", one.data)
    else:
        base = os.path.join(env.get("XDG_CONFIG_HOME") or os.path.join(place.home, ".config"), one.data)
    user = os.path.join(base, "User")
    scopes = [user, *sorted(glob.glob(os.path.join(glob.escape(user), "profiles", "*")))]
    command = _command(place, env, one.command)
    product = _product(one.name, "desktop", scopes, os.path.join(place.home, one.extensions), command)
    return {**product, "trusted": trusted(os.path.join(user, "globalStorage", "state.vscdb"))} if product else None


def _command(place: Place, env: Mapping[str, str], name: str) -> str:
    """The program on PATH. In WSL the one of Windows is none of this side's: it brings its server here by itself."""
    found = (on_path(name, env.get("PATH", "")) or [""])[0]
    mount = mount_of(os.path.realpath(found), mounts(place)) if found and place.system == "Linux" else None
    return "" if mount and is_windows(mount) else found


def _product(name: str, kind: str, scopes: list[str], base: str, command: str = "") -> dict[str, Any] | None:
    files = [settings_file(os.path.join(scope, "settings.json"), _scope(scope)) for scope in scopes]
    extensions = os.path.join(base, "extensions")
    versions = _extensions(extensions)
    if not (versions or command or any(one["exists"] for one in files) or (kind == "remote" and os.path.isdir(base))):
        return None
    return {
        "name": name,
        "kind": kind,
        "files": files,
        "extensions_dir": extensions,
        "extension_versions": versions,
        "version": _editor_version(command),
        "command": command,
    }


def _scope(folder: str) -> str:
    if os.path.basename(os.path.dirname(folder)) == "profiles":
        return f"profile {os.path.basename(folder)}"
    return "machine" if os.path.basename(folder) == "Machine" else "user"


def settings_file(path: str, scope: str, within: str = "") -> dict[str, Any]:
    """One settings file; ``within`` names the member of a workspace file that holds the settings."""
    data = read(path, FILE_LIMIT)
    facts: dict[str, Any] = {"path": path, "scope": scope, "exists": data is not None, "settings": {}, "error": ""}
    if data is None:
        return facts
    try:
        value = Document(data.decode("utf-8", "replace")).value({})
    except JsoncError as error:
        return {**facts, "error": str(error)}
    if within and isinstance(value, dict):
        value = value.get(within, {})
    if isinstance(value, dict):
        facts["settings"] = {str(key): one for key, one in value.items() if ABOUT_GO.match(str(key))}
    return facts


def _extensions(folder: str) -> list[str]:
    """The versions of golang.go on disk, oldest first; those marked for deletion do not count."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    obsolete = _json(os.path.join(folder, ".obsolete"))
    found = []
    for name in names:
        match = EXTENSION.match(name)
        if match and not obsolete.get(name):
            manifest = _json(os.path.join(folder, name, "package.json"))
            found.append(str(manifest.get("version") or ""))
    return sorted((one for one in found if one), key=lambda text: [int(part) for part in re.findall(r"\d+", text)])


def _json(path: str) -> dict[str, Any]:
    try:
        value = json.loads(read(path, FILE_LIMIT) or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _editor_version(command: str) -> str:
    """Of a desktop editor, from the package.json beside its launcher: starting it could prompt or open a window."""
    if not command:
        return ""
    base = os.path.dirname(os.path.realpath(command))
    for up in ("../resources/app", "..", "../../resources/app"):
        version = _json(os.path.join(base, up, "package.json")).get("version")
        if version:
            return str(version)
    return ""


def effective(editor: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that count for the first product that has any: user, then machine; objects merge as in VS Code."""
    merged: dict[str, Any] = {}
    for product in editor.get("products", []):
        for one in product["files"]:
            if one["scope"] in ("user", "machine"):
                _merge(merged, one["settings"])
        if merged:
            break
    return merged


def _merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        old = into.get(key)
        into[key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
