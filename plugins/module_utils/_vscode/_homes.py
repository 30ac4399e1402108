# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the folders of extensions that a task means, and what it needs for them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._allowed import allowed_extensions
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._extensions import Store
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._install import Home, Wanted
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._places import (
    System,
    installations,
    is_installed,
)


def homes(system: System, products: dict[str, Any], options: dict[str, Any]) -> list[Home]:
    """Every folder to manage; ``auto`` is what is installed, or Code where every extension comes as a package."""
    wanted = options["products"]
    found = []
    for one in installations(system, products, wanted):
        table = products[one.product]
        rules = _rules(system, table)
        folder = options["extensions_dir"] or one.extensions
        if "auto" not in wanted or is_installed(system, table, one.user_data):
            found.append(Home(one.product, folder, _command(system, table), rules))
        if options["servers"] and one.server and system.exists(one.server):
            found.append(Home(f"{one.product} server", f"{one.server}/extensions", None, rules))
    if not found and all(one["vsix"] or one["state"] == "absent" for one in options["extensions"]):
        code = products["code"]
        found = [
            Home("code", options["extensions_dir"] or system.expand(code["extensions"]), None, _rules(system, code))
        ]
    if not found:
        raise WorkstationError(
            "install",
            "extensions",
            "of VS Code",
            "no product is installed on this machine",
            "Install one first, name it in products, or give every extension as a .vsix",
        )
    return list({home.folder: home for home in found}.values())


def _rules(system: System, table: dict[str, Any]) -> dict[str, Any]:
    """What the policy file says; on a Mac the one for this account comes before the one for everybody."""
    path = table.get("policy", {}).get(system.name, "")
    folder, name = os.path.split(path)
    own = [os.path.join(folder, os.path.basename(system.home), name)] if path and system.name == "darwin" else []
    return next(filter(None, (allowed_extensions(one, system.read) for one in [*own, path])), {})


def _command(system: System, table: dict[str, Any]) -> list[str] | None:
    for command in table["commands"]:
        if system.on_path(command):
            return [command]
        for app in table["apps"] if system.name == "darwin" else []:
            program = f"{system.expand(app)}/Contents/Resources/app/bin/{command}"
            if system.exists(program):
                return [program]
    return None


def missing_packages(
    found: list[Home],
    wanted: list[Wanted],
    options: dict[str, Any],
    plan: dict[str, Any],
    store: Callable[[str], Store] = Store,
) -> list[str]:
    """The extensions whose package still lies on the controller and is needed here."""
    on_controller = {one["name"] for one in options["extensions"] if is_local(one)} - set(plan["files"])
    return [
        one.name
        for one in wanted
        if one.name in on_controller
        and one.state == "present"
        and any(not one.met_by(store(home.folder).find(one.name)) for home in found)
    ]


def is_local(one: dict[str, Any]) -> bool:
    """Whether an extension's package is a file on the controller."""
    return bool(one["vsix"]) and not one["remote_src"] and not is_url(one["vsix"])


def is_url(text: str) -> bool:
    return text.startswith(("https://", "http://", "file://"))


def target_platform(system: str, machine: str) -> str:
    """The name that VS Code has for this machine, as in platform-specific packages."""
    families = {"linux": "alpine" if os.path.exists("/etc/alpine-release") else "linux"}
    processors = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64", "armv7l": "armhf"}
    return f"{families.get(system, system)}-{processors.get(machine.lower(), machine)}"
