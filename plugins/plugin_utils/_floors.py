# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: whether a system is new enough for a Go, before that Go is fetched."""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Mapping
from typing import Any

_DATA = pathlib.Path(__file__).resolve().parent / "_data" / "os_floors.json"
KERNELS = {"macos": "macos", "linux": "linux", "wsl2": "linux"}
NAMES = {"macos": "macOS", "linux": "Linux"}


def floors() -> dict[str, dict[str, str]]:
    """The table of oldest systems, by system and first minor release that needs it."""
    table: dict[str, dict[str, str]] = json.loads(_DATA.read_text(encoding="utf-8"))["floors"]
    return table


def numbers(version: str) -> tuple[int, ...]:
    """``"6.6.87.2-microsoft"`` to ``(6, 6, 87, 2)``."""
    head = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in head.group().split(".")) if head else ()


def check(system: str, version: str, go: str, table: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """``go``, ``needs`` (for people) and ``met``; ``met`` is also true where nothing is known."""
    kernel = KERNELS.get(system, "")
    minors = [minor for minor in table.get(kernel, {}) if numbers(minor) <= numbers(go)]
    if not minors or not numbers(version):
        return {"go": go, "needs": "", "met": True}
    floor = table[kernel][max(minors, key=numbers)]
    return {"go": go, "needs": f"{NAMES[kernel]} {floor}", "met": numbers(version) >= numbers(floor)}
