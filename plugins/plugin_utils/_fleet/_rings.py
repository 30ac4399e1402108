# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: which host belongs to which ring.

The same host is in the same ring in every run: it stands in a queue by a hash of its name, and rings are cut off that
queue. A host that joins or leaves moves at most one other over each cut, and within a rollout nobody. (Munki's shards,
https://github.com/munki/munki/issues/1396, put each host by its hash alone: of six hosts five may then be canaries.)
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
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
    """A host's own place in the queue, in [0, 100): spread evenly, never moving. Another salt shuffles the fleet."""
    digest = hashlib.sha256(f"{salt}\0{host}".encode("utf-8", "surrogatepass")).digest()
    # 53 bits: what a float holds exactly, so that the largest digest stays below 100.
    return (int.from_bytes(digest[:8], "big") >> 11) * 100 / 2**53


def place(hosts: Mapping[str, Collection[str]], rings: list[Ring], salt: str = "") -> dict[str, str]:
    """The ring of every host; ``hosts`` maps names to groups. Groups win over percentages, early rings over late."""
    placed: dict[str, str] = {}
    for host, groups in hosts.items():
        named = next((ring.name for ring in rings if not set(ring.groups).isdisjoint(groups)), None)
        if named:
            placed[host] = named
    queue = in_line((host for host in hosts if host not in placed), salt)
    edges = list(_edges(rings, len(queue)))
    for index, host in enumerate(queue):
        placed[host] = next((name for name, edge in edges if index < edge), rings[-1].name)
    return placed


def _edges(rings: list[Ring], count: int) -> Iterator[tuple[str, int]]:
    """How far into the queue each ring reaches: rounded up, and never nobody, as a ring of nobody proves nothing."""
    share, edge = 0.0, 0
    for ring in rings:
        if ring.percent:
            share += ring.percent
            edge = min(count, max(edge + 1, math.ceil(round(share * count / 100, 6))))
            yield ring.name, edge


def in_line(hosts: Iterable[str], salt: str = "") -> list[str]:
    """Hosts in the order of their hash, so that every run names the same ones first."""
    return sorted(hosts, key=lambda host: (position(host, salt), host))
