# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the steps of a rollout, each of which reads the state file, decides, and appends."""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._controller import alone
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet import _journal
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._gate import GO, PAUSE, Answer, Policy, judge
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._plan import (
    ON_ABSENCE,
    Batch,
    batches,
    replacements,
    sizes,
    tally_text,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._process import alive, started
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._rings import LATE, Ring, parse_rings, place
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._rollout import Rollout, fold

Settings = dict[str, Any]
SILENT = "it answered the probe, and no longer when its turn came"


def utc_now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


@dataclass(frozen=True)
class Inventory:
    """What the inventory and the probe say. ``hosts`` maps names to groups."""

    hosts: Mapping[str, tuple[str, ...]]
    teams: Mapping[str, str]
    probes: Mapping[str, tuple[bool, str]]
    wanted: Mapping[str, Any]


@dataclass(frozen=True)
class Steps:
    """One rollout's file and clock."""

    path: Path
    now: Callable[[], str] = utc_now

    def rollout(self) -> Rollout:
        return fold(_journal.read(self.path))

    def plan(self, inventory: Inventory, settings: Settings, pid: int) -> dict[str, Any]:
        """Open or resume; returns the batches of this run."""
        groups = {group for groups in inventory.hosts.values() for group in groups}
        rings = parse_rings(settings["rings"], groups)
        _check(settings, rings)
        with alone(self.path.with_suffix(".lock")):
            self._archive(restart=bool(settings.get("restart")), pid=pid)
            old = self.rollout()
            _refuse_another(old, _fingerprint(inventory.wanted), [ring.name for ring in rings], self.path)
            _journal.append(self.path, self._opening(inventory, settings, rings, old, pid), *self._absent(inventory))
            answered = {name for name, probe in inventory.probes.items() if probe[0]}
            if settings.get("absent") == "replace":
                swaps = replacements(self.rollout(), rings, answered, str(settings.get("salt") or ""))
                _journal.append(self.path, {"kind": "swap", "at": self.now(), "stand_ins": swaps})
            rollout = self.rollout()
        planned = batches(rollout, rings, answered, settings.get("serial") or 0)
        return {
            "batches": [batch.as_dict() for batch in planned],
            "sizes": [len(batch.hosts) + 1 for batch in planned],  # the gate is one of the batch's hosts
            "resumed": old.exists,
            "totals": rollout.totals(),
            "lines": list(_plan_lines(rollout, rings, planned, answered, old.exists)),
        }

    def _opening(
        self, inventory: Inventory, settings: Settings, rings: list[Ring], old: Rollout, pid: int
    ) -> dict[str, Any]:
        """Who is in which ring. A host that the rollout knows stays where it is, whatever the rings say by now."""
        placed = place(inventory.hosts, rings, str(settings.get("salt") or ""))
        placed |= {name: host.ring for name, host in old.hosts.items() if name in inventory.hosts}
        return {
            "kind": "open",
            "at": self.now(),
            "schema": 1,
            "rollout": settings["name"],
            "rings": [ring.name for ring in rings],
            "placed": placed,
            "gone": [name for name in old.hosts if name not in inventory.hosts],
            "teams": {name: team for name, team in inventory.teams.items() if team},
            "wanted": dict(inventory.wanted),
            "fingerprint": _fingerprint(inventory.wanted),
            "pid": pid,
            "started": started(pid),
            "controller": socket.gethostname(),
        }

    def _absent(self, inventory: Inventory) -> list[dict[str, Any]]:
        return [
            {"kind": "away", "at": self.now(), "host": name, "reason": reason}
            for name, (answers, reason) in inventory.probes.items()
            if not answers
        ]

    def _archive(self, *, restart: bool, pid: int) -> None:
        old = self.rollout()
        if not old.exists:
            return
        last = old.runs[-1]
        mine = last["controller"] == socket.gethostname()
        if not old.closed and mine and last["pid"] != pid and alive(last["pid"], last.get("started")):
            raise WorkstationError(
                "start",
                "rollout",
                old.name,
                f"process {last['pid']} on this controller runs it since {last['at']}",
                "Wait for it, or end it; its state is kept",
            )
        if restart or old.closed:
            stamp = old.opened.replace(":", "").replace("+0000", "Z")
            os.replace(self.path, self.path.with_name(f"state-{stamp}.jsonl"))

    def begin(self, host: str, before: Mapping[str, str]) -> dict[str, Any]:
        _journal.append(self.path, {"kind": "begin", "at": self.now(), "host": host, "before": dict(before)})
        return {}

    def end(self, host: str, record: Mapping[str, Any]) -> dict[str, Any]:
        _journal.append(self.path, {**record, "kind": "end", "at": self.now(), "host": host})
        return {"outcome": record["outcome"], "reason": record["reason"], "host": {**record, "name": host}}

    def gate(self, batch: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
        """Judge the ring after one of its batches; hosts that never began in their turn are away."""
        ring = str(batch["ring"])
        rollout = self.rollout()
        silent = [name for name in batch["hosts"] if rollout.hosts[name].outcome == "waiting"]
        if silent:
            _journal.append(
                self.path, *[{"kind": "away", "at": self.now(), "host": h, "reason": SILENT} for h in silent]
            )
            rollout = self.rollout()
        rings = parse_rings(settings["rings"], set(rollout.rings) | _groups(settings["rings"]))
        counts = rollout.counts(batch["hosts"] if ring == LATE else rollout.members(ring))
        if ring == LATE or settings.get("dry_run"):
            answer = Answer(GO, tally_text({**asdict(counts)}))
        else:
            overrides = next((entry.overrides for entry in rings if entry.name == ring), {})
            answer = judge(counts, Policy.of({**settings, **overrides}))
        following = _next(rollout, ring) if batch["final"] else None
        record = {"kind": "gate", "ring": ring, "verdict": answer.verdict, "reason": answer.reason}
        _journal.append(
            self.path, {**record, "at": self.now(), "final": bool(batch["final"]), "counts": asdict(counts)}
        )
        needs = answer.verdict == GO and following is not None and _wants_approval(following, rings, settings)
        approved = not needs or following in rollout.approved or following in _named(settings.get("approve"))
        if needs and approved and following:
            self.approve(following, "approved beforehand")
        return {
            "verdict": answer.verdict,
            "reason": answer.reason,
            "next_ring": following or "",
            "needs_approval": needs and not approved,
            "proceed": answer.verdict == GO and approved,
            "lines": [f"Ring {ring}: {answer.verdict}. {answer.reason[:1].upper()}{answer.reason[1:]}."],
        }

    def approve(self, ring: str, how: str) -> dict[str, Any]:
        _journal.append(self.path, {"kind": "approval", "at": self.now(), "ring": ring, "how": how})
        return {"proceed": True}

    def await_approval(self, ring: str, seconds: float, sleep: Callable[[float], None] = time.sleep) -> dict[str, Any]:
        """Wait for the file ``approve-RING`` beside the state; without it the rollout pauses, to be resumed."""
        token = self.path.with_name(f"approve-{ring}")
        waited = 0.0
        while not token.exists() and waited < seconds:
            sleep(min(2.0, seconds - waited))
            waited += 2.0
        if token.exists():
            return self.approve(ring, f"file {token.name}")
        return self.hold(ring, f"make the file {token} or run again with -e fleet_approve={ring}")

    def hold(self, ring: str, advice: str) -> dict[str, Any]:
        """Nobody approved: the rollout rests here."""
        reason = f"ring {ring} waits for approval: {advice}"
        record = {"kind": "gate", "ring": f"approval of {ring}", "verdict": PAUSE, "reason": reason}
        _journal.append(self.path, {**record, "at": self.now(), "final": False})
        return {"proceed": False, "reason": reason}

    def finish(self, rollout: Rollout) -> dict[str, Any]:
        """Close a rollout that is through with every host; anything less stays open for the next run."""
        totals = rollout.totals()
        through = totals["ok"] == sum(totals.values()) and all(rollout.passed(ring) for ring in rollout.rings)
        if through:
            _journal.append(self.path, {"kind": "close", "at": self.now()})
        held = [f"ring {ring}: {gate['reason']}" for ring, gate in rollout.gates.items() if gate["verdict"] != GO]
        return {"totals": totals, "closed": through, "held": held, "lines": [tally_text(totals)]}


def _fingerprint(wanted: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(wanted, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _groups(raw: Any) -> set[str]:
    """Groups that the rings name: the plan has checked them against the inventory already."""
    entries = [entry for entry in raw if isinstance(entry, Mapping)]
    named = [entry.get("groups") or [] for entry in entries]
    return {group for groups in named for group in ([groups] if isinstance(groups, str) else groups)}


def _check(settings: Settings, rings: list[Ring]) -> None:
    """Refuse nonsense before the first host is touched, not at the third gate."""
    for ring in rings:
        Policy.of({**settings, **ring.overrides})
        sizes(ring.overrides.get("serial", settings.get("serial") or 0), 100)
    if settings.get("absent", "pause") not in ON_ABSENCE:
        advice = f"Use {' or '.join(ON_ABSENCE)}"
        raise WorkstationError("use", "setting", "fleet_absent", f"'{settings['absent']}' is unknown", advice)


def _refuse_another(old: Rollout, fingerprint: str, rings: list[str], path: Path) -> None:
    advice = "Give the new rollout its own name with -e fleet_name=NAME, or begin anew with -e fleet_restart=true"
    if old.exists and old.fingerprint != fingerprint:
        asked = ", ".join(f"{key}={value}" for key, value in sorted(old.wanted.items())) or "the defaults"
        cause = f"{path} holds one that asked for {asked}, and other things are asked for now"
        raise WorkstationError("resume", "rollout", old.name, cause, advice)
    if old.exists and old.rings != rings:
        cause = f"it began with the rings {', '.join(old.rings)}"
        raise WorkstationError("resume", "rollout", old.name, cause, advice)


def _next(rollout: Rollout, ring: str) -> str | None:
    names = rollout.rings
    after = names[names.index(ring) + 1 :] if ring in names else []
    return next((name for name in after if not rollout.passed(name)), None)


def _named(value: Any) -> list[str]:
    """Rings as a list, or as a survey or ``-e`` has them: a text with commas or lines."""
    parts = re.split(r"[,\n]", value) if isinstance(value, str) else value or []
    return [str(part).strip() for part in parts]


def _wants_approval(ring: str, rings: list[Ring], settings: Settings) -> bool:
    if settings.get("dry_run"):
        return False
    overrides = next((entry.overrides for entry in rings if entry.name == ring), {})
    return bool(overrides.get("approve", settings.get("approval", "none") != "none"))


def _plan_lines(
    rollout: Rollout, rings: list[Ring], planned: list[Batch], answered: set[str], resumed: bool
) -> list[str]:
    lines = [f"Rollout '{rollout.name}' {'goes on where it stood' if resumed else 'begins'}."]
    for ring in rings:
        members = rollout.members(ring.name)
        mine = [batch for batch in planned if batch.ring == ring.name]
        todo = sum(len(batch.hosts) for batch in mine)
        state = "passed before" if rollout.passed(ring.name) else f"{todo} to do in {len(mine)} batches"
        asleep = sum(1 for name in members if name not in answered)
        lines.append(f"  {ring.name}: {len(members)} hosts, {asleep} away; {state}")
    late = sum(len(batch.hosts) for batch in planned if batch.ring == LATE)
    return [*lines, f"  latecomers of finished rings: {late}"] if late else lines
