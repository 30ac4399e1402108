# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: ``vscode_extension`` on a Windows host: the POSIX half's brain, on the controller."""

from __future__ import annotations

import json
import ntpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._changes import changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._homes import homes, is_local, is_url
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._install import Installer, Wanted
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._places import System
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._vsix import Package, inspect
from ansible_collections.gopherops.workstation.plugins.plugin_utils._settings._windows import (
    APPDATA,
    HOME,
    Execute,
    HostError,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._settings._windows_store import Host, WindowsStore

PROCESSORS = {"AMD64": "x64", "ARM64": "arm64"}
BASES = (r"%LOCALAPPDATA%\Programs", "%ProgramFiles%")
# Where the installers for the account and for the machine put the command line: PATH names it only after a new log-on.
PROGRAMS = {
    "code": r"Microsoft VS Code\bin\code.cmd",
    "code-insiders": r"Microsoft VS Code Insiders\bin\code-insiders.cmd",
    "codium": r"VSCodium\bin\codium.cmd",
    "cursor": r"cursor\resources\app\bin\cursor.cmd",
    "windsurf": r"Windsurf\bin\windsurf.cmd",
}


@dataclass(frozen=True)
class Carrier:
    """What only the action can do."""

    execute: Execute
    sources: Mapping[str, str]
    """Paths of packages on the controller, by the name of their extension."""
    send: Callable[[str], str]
    """Takes a file to the host's temporary folder."""
    room: Callable[[str], str]
    """The path of a file in the host's temporary folder."""


def run(options: Mapping[str, Any], products: dict[str, Any], carrier: Carrier, *, check: bool) -> dict[str, Any]:
    """The action's result."""
    try:
        names = sorted({one["name"].lower() for one in options["extensions"]})
        host = Host(carrier.execute, names, _question(options, products))
        _find_programs(host)
        given = options["extensions_dir"] and _expanded(options["extensions_dir"], host.environment["USERPROFILE"])
        found = homes(_system(host), products, {**options, "extensions_dir": given})
        found = [replace(home, folder=ntpath.normpath(home.folder)) for home in found]
        parcels = Parcels(host, carrier)
        processor = PROCESSORS.get(host.processor, host.processor.lower())
        installer = Installer(
            partial(_command, host),
            f"win32-{processor}",
            check,
            lambda folder: WindowsStore(folder, host),
            parcels.inspected,
        )
        result = installer.apply(found, [parcels.wanted(one) for one in options["extensions"]])
    except HostError as error:
        return error.result
    return {**changes_result(result.changes), "extensions": result.extensions}


class Parcels:
    """Packages on their way."""

    def __init__(self, host: Host, carrier: Carrier) -> None:
        self._host, self._carrier = host, carrier
        self._known: dict[str, Package] = {}

    def wanted(self, one: Mapping[str, Any]) -> Wanted:
        if not re.fullmatch(r"[A-Za-z0-9._-]+", one["name"] + (one["version"] or "").replace("+", "")):
            cause, advice = "its name or version is odd", "Write publisher.name, and a version of digits and dots"
            raise WorkstationError("install", "extension", one["name"], cause, advice)
        package = partial(self._package, one) if one["vsix"] else None
        return Wanted(one["name"], one["version"] or "", one["state"], one["pre_release"], package)

    def inspected(self, path: str) -> Package:
        if path not in self._known:
            self._known[path] = self._host.package(path)
        return self._known[path]

    def _package(self, one: Mapping[str, Any]) -> str:
        if is_local(dict(one)):
            source = self._carrier.sources[one["name"]]
            path = self._carrier.send(source)
            self._known[path] = inspect(source)
            return path
        path = _expanded(str(one["vsix"]), HOME)
        if is_url(path):
            path = self._carrier.room(f"{one['name']}.vsix")
            self._host.act("fetch", path, "", url=one["vsix"])
        found, wanted = self.inspected(path).sha256, str(one["sha256"] or "").lower()
        if wanted and found != wanted:
            cause, advice = f"its SHA-256 is {found}, not {wanted}", "Do not trust it before you know why"
            raise WorkstationError("use", "extension package", str(one["vsix"]), cause, advice)
        return path


def _question(options: Mapping[str, Any], products: Mapping[str, Any]) -> dict[str, Any]:
    """What nearly every run needs, before anything is known of the host."""
    marks = {"home": HOME, "appdata": APPDATA, "config": rf"{HOME}\.config", "data": rf"{HOME}\.local\share"}
    wanted = options["products"]
    names = list(products) if {"auto", "all"} & set(wanted) else wanted
    chosen = [products[name] for name in names]
    paths = [one["user_data"]["windows"].format(**marks) for one in chosen]
    folders = [_expanded(options["extensions_dir"] or "", HOME) or one["extensions"].format(**marks) for one in chosen]
    if options["servers"]:
        servers = [one["server"].format(**marks) for one in chosen if one["server"]]
        paths += servers
        folders += [f"{server}/extensions" for server in servers]
    commands = [name for one in chosen for name in one["commands"]]
    paths += [rf"{base}\{PROGRAMS[name]}" for name in commands if name in PROGRAMS for base in BASES]
    policies = [one["policy"]["windows"] for one in products.values() if one.get("policy", {}).get("windows")]
    return {
        "paths": [path.replace("/", "\\") for path in dict.fromkeys(paths)],
        "folders": [path.replace("/", "\\") for path in dict.fromkeys(folders)],
        "commands": commands,
        "policies": [path.replace("/", "\\") for path in policies],
    }


def _expanded(path: str, home: str) -> str:
    return home + path[1:] if path.startswith("~") else path


def _find_programs(host: Host) -> None:
    for name, place in PROGRAMS.items():
        for base in BASES:
            found = host.known(rf"{base}\{place}")
            if name not in host.programs and found and found["kind"] == "file":
                host.programs[name] = found["path"]


def _system(host: Host) -> System:
    def read(path: str) -> bytes:
        rules = host.policies.get(path.replace("/", "\\"))
        if not path:  # a product that has no policies
            raise FileNotFoundError(path)
        if rules is None:
            return host.read_or_raise(path)
        return json.dumps({"AllowedExtensions": rules}).encode()

    environment = {**host.environment, "APPDATA": host.environment.get("APPDATA", "")}
    home = host.environment["USERPROFILE"]
    return System("windows", home, environment, host.exists, read, host.programs.__contains__)


def _command(host: Host, command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    words = " ".join(f'"{word}"' if " " in word or "\\" in word else word for word in command[1:])
    folder = command[command.index("--extensions-dir") + 1]
    ran = host.act("command", host.programs[command[0]], folder, arguments=words, environment=environment)["ran"]
    return int(ran["rc"]), f"{ran['out']}{ran['err']}"
