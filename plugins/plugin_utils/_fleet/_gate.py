# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: may the next ring start? Three answers, as a silent host is neither good nor bad.

hawkBit waits for silent devices for ever (https://github.com/eclipse-hawkbit/hawkbit/issues/693); Argo Rollouts knows
"inconclusive" and pauses (https://argo-rollouts.readthedocs.io/en/stable/features/analysis/): so do we.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

GO, STOP, PAUSE = "go", "stop", "pause"


@dataclass(frozen=True)
class Policy:
    """What a ring must show. Percentages of the ring's hosts that began, but ``away_percent``: of all its hosts."""

    healthy_percent: float = 90.0
    max_fail_percentage: float = 100.0
    away_percent: float = 50.0

    @classmethod
    def of(cls, settings: dict[str, Any]) -> Policy:
        """From variables; raises for what is no percentage."""
        given: dict[str, float] = {}
        for item in fields(cls):
            value = settings.get(item.name)
            if value is None:
                continue
            try:
                given[item.name] = float(value)
            except (TypeError, ValueError):
                given[item.name] = -1.0
            if not 0 <= given[item.name] <= 100:
                advice = "Give a number from 0 to 100"
                raise WorkstationError("use", "setting", f"fleet_{item.name}", f"'{value}' is no percentage", advice)
        return cls(**given)


@dataclass(frozen=True)
class Counts:
    """One ring's hosts by outcome. ``waiting`` have not had their turn."""

    ok: int = 0
    failed: int = 0
    rolled_back: int = 0
    away: int = 0
    unknown: int = 0
    waiting: int = 0

    @property
    def bad(self) -> int:
        return self.failed + self.rolled_back

    @property
    def total(self) -> int:
        return self.ok + self.bad + self.away + self.unknown + self.waiting


@dataclass(frozen=True)
class Answer:
    """The gate's answer and why, in words for the person who has to act on it."""

    verdict: str
    reason: str


def judge(counts: Counts, policy: Policy) -> Answer:
    """The gate after a ring, or after one batch of it.

    A host that went silent in the middle may be healthy or broken: the gate opens only when the ring passes in the
    worst case, and stops only when it fails in the best.
    """
    if counts.total == 0:
        return Answer(GO, "no host is in this ring")
    began = counts.ok + counts.bad + counts.unknown
    if not began and counts.waiting:
        return Answer(GO, f"nobody has answered yet, {counts.waiting} to come")
    if not began:
        return Answer(PAUSE, f"none of its {counts.total} hosts answered")
    share_bad = 100 * counts.bad / began
    best, worst = 100 * (counts.ok + counts.unknown) / began, 100 * counts.ok / began
    tally = f"{counts.ok} of {began} hosts healthy"
    if share_bad > policy.max_fail_percentage:
        return Answer(STOP, f"{counts.bad} of {began} hosts failed, more than {policy.max_fail_percentage:g} %")
    if counts.waiting:
        return Answer(GO, f"{tally}, {counts.waiting} to come")
    if best < policy.healthy_percent:
        return Answer(STOP, f"{tally}, fewer than {policy.healthy_percent:g} %")
    silent = counts.away + counts.unknown
    if 100 * silent / counts.total > policy.away_percent:
        return Answer(
            PAUSE, f"{silent} of {counts.total} hosts are away or silent, more than {policy.away_percent:g} %"
        )
    if worst < policy.healthy_percent:
        return Answer(PAUSE, f"{tally}, {counts.unknown} went silent: it takes {policy.healthy_percent:g} %")
    return Answer(GO, tally)
