# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example of the documentation, taken from where a reader finds it: plugins and the READMEs of roles."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from docsite import catalogue, claims


@dataclass(frozen=True)
class Example:
    """One task, or one play of a README; ``source`` is the module, plugin or role that it explains."""

    source: str
    name: str
    body: dict[str, Any]

    @property
    def is_play(self) -> bool:
        return "hosts" in self.body

    @property
    def id(self) -> str:
        return f"{self.source}: {self.name}"


def gathered() -> list[Example]:
    """In the order of the pages; a Windows half beside its module is named as a file, ``win_*``."""
    found = [Example(file.stem, task["name"], task) for file in plugins() for task in _examples(file)]
    for file in sorted(catalogue.ROOT.glob("roles/*/README.md")):
        for language, body in claims.FENCE.findall(file.read_text(encoding="utf-8")):
            if language in ("yaml", "yml"):
                role = file.parent.name
                found += [Example(f"role {role}", f"play {n}", play) for n, play in enumerate(yaml.safe_load(body), 1)]
    return found


def plugins() -> list[Path]:
    files = [*catalogue.ROOT.glob("plugins/*/*.py"), *catalogue.ROOT.glob("plugins/*/*.yml")]
    return sorted(file for file in files if re.match(r"[a-z]", file.name) and "utils" not in file.parent.name)


def _examples(file: Path) -> list[dict[str, Any]]:
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".yml":
        return yaml.safe_load(yaml.safe_load(text).get("EXAMPLES") or "") or []
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "EXAMPLES":
            return yaml.safe_load(ast.literal_eval(node.value)) or []
    return []
