#!/usr/bin/env python3
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Script inventory from an asset export: ``ASSETS`` names a CSV or JSON file with host, team and groups."""

from __future__ import annotations

import csv
import json
import os
import sys
from typing import Any


def rows(path: str) -> list[dict[str, Any]]:
    """The export's entries; groups are a list, or words in one CSV cell."""
    with open(path, encoding="utf-8", newline="") as stream:
        found = json.load(stream) if path.endswith(".json") else list(csv.DictReader(stream))
    return [dict(entry) for entry in found]


def inventory(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """What ansible-inventory wants of a script."""
    hosts: dict[str, dict[str, Any]] = {}
    groups: dict[str, dict[str, list[str]]] = {"laptops": {"hosts": []}}
    for entry in entries:
        name, listed = entry["host"], entry.get("groups") or []
        hosts[name] = {"fleet_team": entry.get("team") or ""}
        groups["laptops"]["hosts"].append(name)
        for group in listed.split() if isinstance(listed, str) else listed:
            groups.setdefault(group, {"hosts": []})["hosts"].append(name)
    return {**groups, "_meta": {"hostvars": hosts}}


if __name__ == "__main__":
    json.dump(inventory(rows(os.environ["ASSETS"])) if "--list" in sys.argv else {}, sys.stdout)
