# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module returned, held against its RETURN: no key more, no key less, each of the type that stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from docsite import catalogue

# Of Ansible itself, its callback among them, or the same for every module and said once, in docs/integrators.md.
COMMON = {"action", "changed", "deprecations", "diff", "exception", "failed", "invocation", "msg", "warnings"}
CHANGE = {name: {"type": "str"} for name in ("path", "act", "what")}
TYPES: dict[str, type | tuple[type, ...]] = {
    "bool": bool, "dict": dict, "float": (float, int), "int": int, "list": list, "str": str,
}  # fmt: skip


def complaints(module: str, result: Mapping[str, Any]) -> list[str]:
    """One line for each key of a task's result that its page does not say, or says otherwise."""
    return list(_members(catalogue.documents()[module]["RETURN"], _own(result), complete=not result.get("failed")))


def of_half(half: str, answer: Mapping[str, Any]) -> list[str]:
    """The same of what a Windows half answered. Which keys have to be there depends on what it was asked."""
    return list(_members(catalogue.half(half).get("RETURN", {}), _own(answer), complete=False))


def _own(result: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in result.items() if key not in COMMON and not key.startswith("_")}


def samples(module: str) -> list[str]:
    """The same of what the page itself shows."""
    return [line for key, entry in catalogue.documents()[module]["RETURN"].items() for line in _sample(key, entry)]


def _sample(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    if "sample" in entry:
        yield from _value(where, entry, entry["sample"], complete=False)
    for key, below in entry.get("contains", {}).items():
        yield from _sample(f"{where}.{key}", below)


def _members(page: Mapping[str, Any], found: Mapping[str, Any], where: str = "", *, complete: bool) -> Iterator[str]:
    for key, value in found.items():
        if key in page:
            yield from _value(f"{where}{key}", page[key], value, complete=complete)
        else:
            yield f"{where}{key} is returned and not documented"
    for key, entry in page.items():
        if complete and key not in found and str(entry.get("returned", "success")).startswith(("always", "success")):
            yield f"{where}{key} is documented and was not returned"


def _value(where: str, entry: Mapping[str, Any], value: Any, *, complete: bool) -> Iterator[str]:
    names = _named(entry) if where.endswith("]") and isinstance(value, dict) else set()
    if names and not value.keys() <= names:
        yield f"{where} has {', '.join(sorted(value.keys() - names))}, which its page does not name"
    if value is None:
        if "null" not in str(entry["description"]).lower():
            yield f"{where} is null, which its description does not say"
    elif not _is(value, entry["type"]):
        yield f"{where} is a {type(value).__name__}, documented as {entry['type']}"
    elif entry["type"] == "list":
        below = {**entry, "type": entry.get("elements", "str")}
        for number, one in enumerate(value):
            yield from _value(f"{where}[{number}]", below, one, complete=complete)
    elif entry["type"] == "dict":
        page = CHANGE if where.startswith("changes[") else entry.get("contains")
        if page:
            yield from _members(page, value, f"{where}.", complete=complete)


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, TYPES[kind]) and (kind == "bool" or not isinstance(value, bool))


def _named(entry: Mapping[str, Any]) -> set[str]:
    """What a list's page shows of its elements, where it does not say each of their keys."""
    shown = [one for one in entry.get("sample", []) if isinstance(one, Mapping)] if "contains" not in entry else []
    words = re.findall(r"C\((\w+)\)", str(entry["description"]))
    return {key for one in shown for key in (*one, *words)}
