# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tree holds and takes, read from the code: roles, variables, modules, options, playbooks."""

from __future__ import annotations

import ast
import importlib
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
COLLECTION = "gopherops.workstation"
SPECS = "ansible_collections.gopherops.workstation.plugins.module_utils._spec"
# Variables that no role declares, since a playbook or the choice of a role reads them.
READ = ("playbooks/*.yml", "roles/*/tasks/**/*.yml", "roles/*/vars/*.yml", "roles/*/defaults/*.yml")


def load(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


@cache
def roles() -> dict[str, dict[str, Any]]:
    """Every role's variables, over all its entry points: name -> option."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(ROOT.glob("roles/*/meta/argument_specs.yml")):
        options = found.setdefault(file.parts[-3], {})
        for entry in load(file)["argument_specs"].values():
            options.update(entry.get("options") or {})
    return found


@cache
def variables() -> dict[str, Any]:
    return {name: option for options in roles().values() for name, option in options.items()}


@cache
def documents() -> dict[str, dict[str, Any]]:
    """DOCUMENTATION, EXAMPLES and RETURN of every module, parsed."""
    return {file.stem: blocks(file) for file in sorted((ROOT / "plugins" / "modules").glob("*.py"))}


@cache
def half(name: str) -> dict[str, Any]:
    """The same of a PowerShell module, from the file beside it."""
    return dict(load(ROOT / "plugins" / "modules" / f"{name}.yml"))


def blocks(file: Path) -> dict[str, Any]:
    texts = {}
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in ("DOCUMENTATION", "EXAMPLES", "RETURN"):
                texts[name] = yaml.safe_load(ast.literal_eval(node.value))
    return texts


@cache
def spec(module: str) -> dict[str, Any]:
    """What the module's action hands to ``validate_argument_spec``."""
    found = importlib.import_module(f"{SPECS}.{module}")
    return dict(getattr(found, "SPEC", None) or {"argument_spec": found.ARGUMENT_SPEC})


@cache
def playbooks() -> set[str]:
    return {file.stem for file in (ROOT / "playbooks").glob("*.yml")}


@cache
def plugins() -> set[str]:
    found = {file.stem for file in (ROOT / "plugins").glob("*/[a-z]*.*") if file.parent.name not in ("module_utils",)}
    return {name for name in found if not name.startswith("_")}


@cache
def read_names() -> set[str]:
    """Words of playbooks and roles: what none of these says, no run can read."""
    words: set[str] = set()
    for pattern in READ:
        for file in ROOT.glob(pattern):
            words |= set(re.findall(r"\w+", file.read_text(encoding="utf-8")))
    return words
