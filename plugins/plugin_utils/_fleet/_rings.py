# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: which host belongs to which ring.

The same host is in the same ring in every run: its place comes from a hash of its name alone, so hosts that join or
leave the inventory move nobody else. (Munki's deterministic shards are the model: https://github.com/munki/munki/issues/1396)
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

ADVICE = (
    "Give every ring a name and a percent or groups; the last ring may have neither and takes the rest, as in "
    "fleet_rings: [{name: canary, percent: 5}, {name: early, groups: [volunteers]}, {name: broad}]"
)
LATE = "late"  # hosts of finished rings that were away then and answer now
KEYS = {"name", "percent", "groups", "healthy_percent", "away_percent", "serial", "approve"}


@dataclass(frozen=True)
class Ring:
    """One step of a rollout; ``overrides`` are gate settings that differ from the fleet's."""

    name: str
    percent: float = 0.0
    groups: tuple[str, ...] = ()
    overrides: Mapping[str, Any] = field(default_factory=dict)


def parse_rings(raw: Iterable[Any], known_groups: Collection[str]) -> list[Ring]:
    """Rings as the user writes them: dictionaries, or plain names where a name is a group or the last ring."""
    given = [{"name": entry} if isinstance(entry, str) else entry for entry in raw]
    rings = [_ring(entry, known_groups, last=index == len(given) - 1) for index, entry in enumerate(given)]
    names = [ring.name for ring in rings]
    if not rings:
        raise WorkstationError("plan", "rings", "fleet_rings", "the list is empty", ADVICE)
    for name in names:
        if names.count(name) > 1:
            raise WorkstationError("plan", "ring", name, "the name is used twice", ADVICE)
        if name == LATE:
            raise WorkstationError("plan", "ring", name, "that is the name of the latecomers' ring", "Choose another")
    total = sum(ring.percent for ring in rings)
    if total > 100:
        raise WorkstationError("plan", "rings", ", ".join(names), f"their percentages add up to {total:g}", ADVICE)
    return rings


def _ring(entry: Any, known_groups: Collection[str], *, last: bool) -> Ring:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str) or not entry["name"].strip():
        raise WorkstationError("plan", "ring", str(entry), "it has no name", ADVICE)
    name = entry["name"].strip()
    for key in entry:
        if key not in KEYS:
            raise WorkstationError("plan", "ring", name, f"'{key}' is not one of {', '.join(sorted(KEYS))}", ADVICE)
    groups = entry.get("groups") or []
    groups = tuple([groups] if isinstance(groups, str) else groups)
    percent = _percent(name, entry.get("percent"))
    if not groups and not percent:
        if name in known_groups:
            groups = (name,)
        elif not last:
            raise WorkstationError("plan", "ring", name, "nothing says which hosts are in it", ADVICE)
    for group in groups:
        if group not in known_groups:
            raise WorkstationError("plan", "ring", name, f"the inventory has no group '{group}'", ADVICE)
    overrides = {key: entry[key] for key in ("healthy_percent", "away_percent", "serial", "approve") if key in entry}
    return Ring(name, percent, groups, overrides)


def _percent(name: str, value: Any) -> float:
    try:
        percent = float(str(value).rstrip("%")) if value is not None else 0.0
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:  # also false for NaN
        raise WorkstationError("plan", "ring", name, f"percent '{value}' is not between 0 and 100", ADVICE)
    return percent


def position(host: str, salt: str = "") -> float:
    """A host's own place in [0, 100): spread evenly, never moving. Another salt shuffles the fleet."""
    digest = hashlib.sha256(f"{salt}\0{host}".encode("utf-8", "surrogatepass")).digest()
    # 53 bits: what a float holds exactly, so that the largest digest stays below 100.
    return (int.from_bytes(digest[:8], "big") >> 11) * 100 / 2**53


def place(hosts: Mapping[str, Collection[str]], rings: list[Ring], salt: str = "") -> dict[str, str]:
    """The ring of every host; ``hosts`` maps names to groups. Groups win over percentages, early rings over late."""
    placed: dict[str, str] = {}
    for host in sorted(hosts):
        by_group = next((ring.name for ring in rings if not set(ring.groups).isdisjoint(hosts[host])), None)
        placed[host] = by_group or _by_percent(position(host, salt), rings)
    by_hash = {host for host in hosts if all(set(ring.groups).isdisjoint(hosts[host]) for ring in rings)}
    _fill_empty_rings(placed, by_hash, rings, salt)
    return placed


def _by_percent(where: float, rings: list[Ring]) -> str:
    edge = 0.0
    for ring in rings:
        edge += ring.percent
        if where < edge:
            return ring.name
    return rings[-1].name


def _fill_empty_rings(placed: dict[str, str], movable: set[str], rings: list[Ring], salt: str) -> None:
    """5 % of twelve hosts may be nobody, and a ring of nobody proves nothing: it borrows the next host in line."""
    order = {ring.name: index for index, ring in enumerate(rings)}
    for index, ring in enumerate(rings[:-1]):
        if ring.percent and ring.name not in placed.values():
            later = [host for host in movable if order[placed[host]] > index]
            if later:
                placed[in_line(later, salt)[0]] = ring.name


def in_line(hosts: Iterable[str], salt: str = "") -> list[str]:
    """Hosts in the order of their hash, so that every run names the same ones first."""
    return sorted(hosts, key=lambda host: (position(host, salt), host))
