# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: all rules, found by importing every file of the rules folder."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import Rule

FOLDER = Path(__file__).parent / "rules"
PACKAGE = "ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor.rules"


@cache
def rules() -> tuple[Rule, ...]:
    """By id. Two rules with one id are a mistake that must not pass silently."""
    found: dict[str, Rule] = {}
    for file in sorted(FOLDER.glob("[!_]*.py")):
        module = importlib.import_module(f"{PACKAGE}.{file.stem}")
        for one in vars(module).values():
            if not isinstance(one, Rule):
                continue
            if found.setdefault(one.id, one) is not one:
                raise ValueError(f"two rules have the id {one.id}: {found[one.id].name} and {one.name}")
    return tuple(found[id_] for id_ in sorted(found))
