# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what a rollout knows, folded from the records in its state file.

Every host of the inventory is in exactly one outcome at every moment, also after a kill: a host that began and
never ended is unknown, whatever the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._gate import GO, Counts

OUTCOMES = ("ok", "failed", "rolled_back", "away", "unknown", "waiting")
DONE = ("ok", "failed", "rolled_back")


@dataclass
class HostState:
    """One host in one rollout."""

    name: str
    ring: str
    team: str = ""
    outcome: str = "waiting"
    reason: str = ""
    began: str = ""
    ended: str = ""
    seconds: float = 0.0
    changed: bool = False
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)
    functional: dict[str, Any] = field(default_factory=dict)
    changes: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Rollout:
    """The whole of it."""

    name: str = ""
    rings: list[str] = field(default_factory=list)
    wanted: dict[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    hosts: dict[str, HostState] = field(default_factory=dict)
    stand_ins: dict[str, str] = field(default_factory=dict)
    gates: dict[str, dict[str, Any]] = field(default_factory=dict)
    approved: set[str] = field(default_factory=set)
    opened: str = ""
    closed: str = ""
    runs: list[dict[str, Any]] = field(default_factory=list)

    @property
    def exists(self) -> bool:
        return bool(self.opened)

    def ring_of(self, host: str) -> str:
        """The ring that a host's outcome counts for: its own, or the one it stands in for."""
        return self.stand_ins.get(host) or self.hosts[host].ring

    def members(self, ring: str) -> list[str]:
        return [name for name in self.hosts if self.ring_of(name) == ring]

    def passed(self, ring: str) -> bool:
        gate = self.gates.get(ring) or {}
        return gate.get("verdict") == GO and bool(gate.get("final"))

    def counts(self, names: Iterable[str]) -> Counts:
        tally = dict.fromkeys(OUTCOMES, 0)
        for name in names:
            tally[self.hosts[name].outcome] += 1
        return Counts(**tally)

    def totals(self) -> dict[str, int]:
        """Hosts by outcome; the numbers add up to the inventory."""
        counts = self.counts(self.hosts)
        return {outcome: getattr(counts, outcome) for outcome in OUTCOMES}

    def undone(self, ring: str) -> list[str]:
        """Who still has to have its turn in a ring. What is ok is never repeated; what failed gets another try."""
        return [name for name in self.members(ring) if self.hosts[name].outcome != "ok"]


def fold(records: Iterable[Mapping[str, Any]]) -> Rollout:
    """Replay the records. Unknown kinds are skipped: a newer release may have written them."""
    rollout = Rollout()
    for record in records:
        replay = _REPLAY.get(str(record.get("kind")))
        if replay:
            replay(rollout, record)
    return rollout


def _open(rollout: Rollout, record: Mapping[str, Any]) -> None:
    rollout.opened = rollout.opened or str(record["at"])
    rollout.name = str(record["rollout"])
    rollout.rings = list(record["rings"])
    rollout.wanted = dict(record.get("wanted") or {})
    rollout.fingerprint = str(record.get("fingerprint", ""))
    rollout.runs.append({key: record.get(key) for key in ("at", "pid", "started", "controller")})
    teams = record.get("teams") or {}
    for name, ring in record["placed"].items():
        if name not in rollout.hosts:
            rollout.hosts[name] = HostState(name, ring, teams.get(name, ""))
    for name in record.get("gone") or []:
        if name in rollout.hosts and rollout.hosts[name].outcome not in DONE:
            del rollout.hosts[name]
    # A stopped or paused gate is asked again with what the new run shows.
    rollout.gates = {ring: gate for ring, gate in rollout.gates.items() if gate.get("verdict") == GO}


def _swap(rollout: Rollout, record: Mapping[str, Any]) -> None:
    rollout.stand_ins |= {name: ring for name, ring in record["stand_ins"].items() if name in rollout.hosts}


def _begin(rollout: Rollout, record: Mapping[str, Any]) -> None:
    host = rollout.hosts.get(record["host"])
    if host is None:
        return
    # The first record of what stood before is the true one: a second attempt finds what the first left behind.
    host.before = host.before or dict(record.get("before") or {})
    host.began, host.ended = str(record["at"]), ""
    host.outcome, host.reason = "unknown", "it went silent in the middle; nothing is known since"


def _end(rollout: Rollout, record: Mapping[str, Any]) -> None:
    host = rollout.hosts.get(record["host"])
    if host is None:
        return
    host.outcome, host.reason = record["outcome"], str(record.get("reason", ""))
    host.ended, host.seconds = str(record["at"]), elapsed(host.began, str(record["at"]))
    host.changed = bool(record.get("changed"))
    host.after = dict(record.get("after") or {})
    host.findings = list(record.get("findings") or [])
    host.functional = dict(record.get("functional") or {})
    host.changes = list(record.get("changes") or [])


def _away(rollout: Rollout, record: Mapping[str, Any]) -> None:
    host = rollout.hosts.get(record["host"])
    if host is None or host.outcome in DONE:
        return
    if host.began and host.outcome == "unknown":
        host.reason = f"it went silent in the middle and does not answer: {record.get('reason', '')}"
    else:
        host.outcome, host.reason = "away", str(record.get("reason", ""))


def _gate(rollout: Rollout, record: Mapping[str, Any]) -> None:
    rollout.gates[str(record["ring"])] = dict(record)


def _approval(rollout: Rollout, record: Mapping[str, Any]) -> None:
    rollout.approved.add(str(record["ring"]))


def _close(rollout: Rollout, record: Mapping[str, Any]) -> None:
    rollout.closed = str(record["at"])


_REPLAY = {"open": _open, "begin": _begin, "end": _end, "away": _away, "gate": _gate}
_REPLAY |= {"approval": _approval, "swap": _swap, "close": _close}


def elapsed(start: str, end: str) -> float:
    """Seconds between two time stamps of the file; 0 when there was no start."""
    try:
        return round((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds(), 3)
    except ValueError:
        return 0.0
