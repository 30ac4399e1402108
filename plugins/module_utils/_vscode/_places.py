# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: where each product keeps its files on this system, for this account."""

from __future__ import annotations

import ntpath
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._reader import JsoncError, parse


@dataclass(frozen=True)
class System:
    """What of the machine decides where files are; passed in, so that every system can be tested on any."""

    name: str  # linux | darwin | windows
    home: str
    environment: dict[str, str]
    exists: Callable[[str], bool]
    read: Callable[[str], bytes]
    on_path: Callable[[str], bool]

    def expand(self, pattern: str) -> str:
        """A path of the product table on this system."""
        environment = self.environment
        config = environment.get("XDG_CONFIG_HOME", "")
        data = environment.get("XDG_DATA_HOME", "")
        return pattern.format(
            home=self.home,
            # A relative value is to be ignored, says the XDG base directory specification.
            config=config if os.path.isabs(config) else f"{self.home}/.config",
            data=data if os.path.isabs(data) else f"{self.home}/.local/share",
            appdata=environment.get("APPDATA", f"{self.home}/AppData/Roaming"),
        )


@dataclass(frozen=True)
class Place:
    """One file to manage."""

    path: str
    product: str
    kind: str  # user | profile | workspace | workspace_file | machine
    name: str = ""  # of the profile
    notice: str = ""
    document: str = "settings"  # or tasks, launch, extensions


@dataclass(frozen=True)
class Installation:
    """One product as it is kept on this machine: its own package, a Flatpak, a Snap, a portable folder."""

    product: str
    user_data: str
    extensions: str
    server: str


def installations(
    system: System, products: dict[str, Any], wanted: list[str], user_data: str = ""
) -> list[Installation]:
    """The installations that ``products`` means; ``auto`` is what is installed and always Code."""
    names = list(products) if {"auto", "all"} & set(wanted) else wanted
    found: list[Installation] = []
    for name in names:
        table = products[name]
        base = user_data or _portable(system, name, "user-data") or system.expand(table["user_data"][system.name])
        server = system.expand(table["server"])
        main = Installation(name, base, _extensions(system, name, table), server)
        variants = [
            Installation(name, system.expand(one["user_data"]), system.expand(one["extensions"]), server)
            for one in table["variants"].values()
            if system.name == "linux" and not user_data
        ]
        there = [one for one in variants if system.exists(one.user_data)]
        asked = "auto" not in wanted or name in wanted or (name == "code" and not there)
        if asked or is_installed(system, table, base):
            found.append(main)
        found += there
    return found


def _portable(system: System, product: str, name: str) -> str:
    """A portable Code keeps everything in one folder, which its own environment names."""
    folder = system.environment.get("VSCODE_PORTABLE", "")
    return os.path.join(folder, name) if folder and product == "code" else ""


def _extensions(system: System, product: str, table: dict[str, Any]) -> str:
    # https://github.com/microsoft/vscode/blob/main/src/vs/platform/environment/common/environmentService.ts
    named = system.environment.get("VSCODE_EXTENSIONS", "") if product == "code" else ""
    return named or _portable(system, product, "extensions") or system.expand(table["extensions"])


def is_installed(system: System, table: dict[str, Any], user_data: str) -> bool:
    return (
        system.exists(user_data)
        or any(system.on_path(command) for command in table["commands"])
        or (system.name == "darwin" and any(system.exists(system.expand(app)) for app in table["apps"]))
    )


def places(system: System, found: list[Installation], targets: list[dict[str, Any]]) -> list[Place]:
    """Every file that the targets name, each once, in the order given."""
    result: dict[str, Place] = {}
    for target in targets:
        for place in _target(system, found, target):
            result.setdefault(place.path, place)
    return list(result.values())


def _target(system: System, found: list[Installation], target: dict[str, Any]) -> list[Place]:
    kind = target["kind"]
    document = target.get("document") or "settings"
    if kind == "user":
        return [Place(f"{one.user_data}/User/{document}.json", one.product, kind, document=document) for one in found]
    if kind == "profile":
        return [place for one in found for place in _profiles(system, one, target, document)]
    if kind == "machine":
        servers = [one for one in found if one.server and system.exists(one.server)]
        return [Place(f"{one.server}/data/Machine/settings.json", one.product, kind) for one in servers]
    path = _absolute(system, target)
    if kind == "workspace":
        return [Place(f"{path}/.vscode/{document}.json", "", kind, document=document)]
    return [Place(path, "", kind, document=document)]


def _absolute(system: System, target: dict[str, Any]) -> str:
    path = str(target.get("path") or "")
    if path == "~" or path.startswith(("~/", "~\\")):
        path = system.home + path[1:]
    if not (ntpath.splitdrive(path)[0] if system.name == "windows" else os.path.isabs(path)):
        raise WorkstationError(
            "find",
            target["kind"].replace("_", " "),
            path,
            "the target needs an absolute path",
            "Give targets[].path, for example ~/src/project",
        )
    return path.rstrip("/")


def _profiles(system: System, one: Installation, target: dict[str, Any], document: str) -> list[Place]:
    """Profiles are named in the editor's own store; on disk they are folders with a short hash for a name."""
    known = _known_profiles(system, one)
    wanted = target.get("name") or ""
    chosen = [entry for entry in known if not wanted or entry["name"] == wanted]
    if wanted and not chosen:
        names = ", ".join(sorted(entry["name"] for entry in known)) or "none"
        raise WorkstationError(
            "find",
            f"profile of {one.product}",
            wanted,
            f"its profiles are: {names}",
            "Make the profile in the editor first, or correct the name",
        )
    return [
        Place(
            f"{one.user_data}/User/profiles/{entry['location']}/{document}.json",
            one.product,
            "profile",
            entry["name"],
            "this profile takes its settings from the default profile"
            if entry.get("useDefaultFlags", {}).get("settings")
            else "",
            document,
        )
        for entry in chosen
    ]


def _known_profiles(system: System, one: Installation) -> list[dict[str, Any]]:
    store = f"{one.user_data}/User/globalStorage/storage.json"
    try:
        content = parse(system.read(store).decode("utf-8", "replace"), {})
    except (OSError, JsoncError):
        return []
    entries = content.get("userDataProfiles") if isinstance(content, dict) else None
    return [
        entry
        for entry in entries or []
        if isinstance(entry, dict) and isinstance(entry.get("location"), str) and isinstance(entry.get("name"), str)
    ]
