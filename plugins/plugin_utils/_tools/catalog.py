# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what each entry of a list of tools means, from the shipped pins alone."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.names import program_name

DATA = Path(__file__).resolve().parent.parent / "_data" / "go_tools.json"
EXACT = re.compile(r"v[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?$")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*$")
PACKAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*(/[A-Za-z0-9._~!+-]+)+$")


@dataclass(frozen=True)
class Request:
    """One entry of the list, understood. ``releases`` is empty while ``latest`` is not resolved."""

    name: str
    package: str
    module: str
    asked: str  # stable | latest | v1.2.3
    releases: tuple[dict[str, str], ...] = ()
    known: tuple[dict[str, str], ...] = ()
    built_on_target: tuple[str, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)

    def as_plan(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "package": self.package,
            "module": self.module,
            "releases": list(self.releases),
            "known": list(self.known),
            "built_on_target": list(self.built_on_target),
            "tags": self.tags,
        }

    def pinned(self, version: str, total: str = "") -> Request:
        """The same, at one exact version."""
        facts = next((one for one in self.known if one["version"] == version), {"version": version})
        pin = total or facts.get("sum", "")
        return replace(self, releases=({**facts, "version": version, "sum": pin},))


def load() -> dict[str, Any]:
    tools: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))["tools"]
    return tools


def understand(entries: list[dict[str, Any]], tools: dict[str, Any]) -> list[Request]:
    """The list as requests; raises on the first entry that makes no sense."""
    requests = [_understand(entry, tools) for entry in entries]
    names = [request.name for request in requests]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise WorkstationError("install", "tool", twice, "the list names it twice", "Keep one of the entries")
    return requests


def _understand(entry: dict[str, Any], tools: dict[str, Any]) -> Request:
    name, _at, version = str(entry["name"]).partition("@")
    version = version or str(entry.get("version") or "stable")
    package = entry.get("package") or (name if "/" in name else "")
    facts = tools.get(name, {}) if not package else _facts_of(package, tools)
    package = package or facts.get("package", "")
    name = program_name(name) if name == package else name
    if not package:
        raise WorkstationError(
            "install", "tool", name, "nothing of that name is known",
            f"Give the path of its main package, or one of: {', '.join(sorted(tools))}",
        )  # fmt: skip
    if not PACKAGE.match(package) or not NAME.match(name):
        raise WorkstationError("install", "tool", name, f"'{package}' is no package path", "Correct it")
    known = tuple(facts.get("releases", ()))
    where = tuple(facts.get("built_on_target", ()))
    request = Request(name, package, facts.get("module", ""), version, (), known, where, facts.get("tags", {}))
    return _released(request, str(entry.get("sum") or ""))


def _facts_of(package: str, tools: dict[str, Any]) -> dict[str, Any]:
    return next((facts for facts in tools.values() if facts["package"] == package), {})


def _released(request: Request, total: str) -> Request:
    asked = request.asked
    if EXACT.match(asked):
        return request.pinned(asked, total)
    if asked == "stable" and request.known:
        return replace(request, releases=request.known)
    if asked in ("stable", "latest"):
        return request
    raise WorkstationError(
        "install",
        "tool",
        request.name,
        f"'{asked}' is no version",
        "Use an exact one such as v1.2.3, or stable, or latest",
    )
