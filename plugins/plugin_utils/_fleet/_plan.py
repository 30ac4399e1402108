# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what this run has to do, as batches in order."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._rings import LATE, Ring, in_line
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._rollout import Rollout

ON_ABSENCE = ("pause", "replace")


@dataclass(frozen=True)
class Batch:
    """Hosts that go together, and the stand-in host that guards what comes after them."""

    number: int
    ring: str
    hosts: list[str]
    final: bool  # the ring's last batch, whose gate decides about the next ring

    @property
    def group(self) -> str:
        return f"fleet_batch_{self.number:04d}"

    @property
    def gate(self) -> str:
        return f"fleet-gate-{self.number:04d}-{re.sub(r'[^A-Za-z0-9_.-]', '_', self.ring)}"

    def as_dict(self) -> dict[str, Any]:
        return {"group": self.group, "gate": self.gate, "ring": self.ring, "hosts": self.hosts, "final": self.final}


def sizes(spec: Any, count: int) -> list[int]:
    """Batch sizes as Ansible's ``serial`` has them: a number, ``20%``, or a list whose last entry repeats."""
    entries = spec if isinstance(spec, Sequence) and not isinstance(spec, str) else [spec]
    steps = [_step(entry, count) for entry in entries] or [count]
    taken: list[int] = []
    while sum(taken) < count:
        step = steps[min(len(taken), len(steps) - 1)]
        taken.append(min(step or count, count - sum(taken)))
    return taken or [0]


def _step(entry: Any, count: int) -> int:
    text = str(entry).strip()
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(%?)", text)
    if not found or (not found[2] and "." in text):
        advice = "Give a number of hosts, a percentage such as '20%', or a list of them; 0 is the whole ring"
        raise WorkstationError("use", "setting", "fleet_serial", f"'{text}' is no size of a batch", advice)
    return max(1, int(count * float(found[1]) / 100)) if found[2] else int(found[1])


def batches(rollout: Rollout, rings: Sequence[Ring], answered: Collection[str], serial: Any = 0) -> list[Batch]:
    """Every ring that has not passed, in order, then the latecomers of those that have."""
    planned: list[Batch] = []
    for ring in rings:
        if rollout.passed(ring.name):
            continue
        hosts = [name for name in rollout.undone(ring.name) if name in answered]
        planned += _split(ring.name, hosts, ring.overrides.get("serial", serial), len(planned))
    late = [name for ring in rings if rollout.passed(ring.name) for name in rollout.undone(ring.name)]
    late = [name for name in late if name in answered]
    return planned + (list(_split(LATE, late, serial, len(planned))) if late else [])


def _split(ring: str, hosts: list[str], serial: Any, before: int) -> Iterator[Batch]:
    start = 0
    steps = sizes(serial, len(hosts))
    for index, size in enumerate(steps):
        yield Batch(before + index + 1, ring, hosts[start : start + size], index == len(steps) - 1)
        start += size


def replacements(rollout: Rollout, rings: Sequence[Ring], answered: Collection[str], salt: str) -> dict[str, str]:
    """Swaps between the sleeping hosts of a ring and awake ones of later rings, next in line by hash; host -> new ring.

    A swap keeps every ring's size, and a canary that slept gets its Go with the many, after others have proved it.
    """
    swapped: dict[str, str] = {}
    done = {ring.name for ring in rings if rollout.passed(ring.name)}
    for index, ring in enumerate(rings[:-1]):
        if ring.name in done:
            continue
        place = {name: swapped.get(name) or rollout.ring_of(name) for name in rollout.hosts}
        later = {entry.name for entry in rings[index + 1 :]} - done
        asleep = sorted(name for name, where in place.items() if where == ring.name and name not in answered)
        asleep = [name for name in asleep if rollout.hosts[name].outcome in ("waiting", "away")]
        spare = [name for name, where in place.items() if where in later and name in answered]
        for sleeper, volunteer in zip(asleep, in_line(spare, salt), strict=False):
            swapped |= {volunteer: ring.name, sleeper: place[volunteer]}
    return swapped


def tally_text(totals: Mapping[str, int]) -> str:
    """``41 ok + 2 failed + ... = 60 hosts``: the sum is there for the reader to check."""
    named = {"ok": "ok", "failed": "failed", "rolled_back": "rolled back", "away": "away", "unknown": "unknown"}
    parts = [f"{totals[key]} {text}" for key, text in named.items()]
    if totals.get("waiting"):
        parts.append(f"{totals['waiting']} not begun")
    return f"{' + '.join(parts)} = {sum(totals.values())} hosts"
