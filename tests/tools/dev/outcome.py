# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a gate ends with: real counts, a reason for every skip, and how it is told at the end. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree


@dataclass
class Outcome:
    """Counts of one gate; ``skips`` says why for each skipped test, ``failures`` names what failed."""

    passed: int = 0
    failures: list[str] = field(default_factory=list)
    skips: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: Outcome) -> None:
        self.passed += other.passed
        self.failures += other.failures
        self.skips += other.skips

    @property
    def word(self) -> str:
        if self.failures:
            return "failed"
        return "passed" if self.passed else "skipped"


def from_junit(report: Path, gate: str) -> Outcome:
    """Read pytest's own report. None at all means that pytest did not get as far as writing one: a failure."""
    outcome = Outcome()
    try:
        root = ElementTree.fromstring(report.read_bytes())
    except (OSError, ElementTree.ParseError):
        return Outcome(failures=[f"{gate}: pytest wrote no report"])
    for case in root.iter("testcase"):
        name = f"{case.get('classname', '')}::{case.get('name', '')}"
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failures.append(name)
        elif skipped is not None and skipped.get("type") != "pytest.xfail":
            outcome.skips.append(f"{name}: {skipped.get('message') or 'no reason given'}")
        else:
            outcome.passed += 1
    return outcome


def summary(outcomes: dict[str, Outcome]) -> list[str]:
    """The end of a run: reasons of skips, names of failures, the table, the line."""
    lines: list[str] = []
    for outcome in outcomes.values():
        lines += [f"skipped  {reason}" for reason in dict.fromkeys(outcome.skips)]
    for outcome in outcomes.values():
        lines += [f"failed   {name}" for name in outcome.failures]
    width = max([len("gate"), *map(len, outcomes)])
    lines += ["", f"{'gate':<{width}}  {'time':>7}  result"]
    for gate, outcome in outcomes.items():
        counts = f"{outcome.passed} passed"
        counts += f", {len(outcome.failures)} failed" if outcome.failures else ""
        counts += f", {len(outcome.skips)} skipped" if outcome.skips else ""
        lines.append(f"{gate:<{width}}  {outcome.seconds:>5.0f} s  {outcome.word} ({counts})")
    total = Outcome()
    for outcome in outcomes.values():
        total.add(outcome)
    return [*lines, "", f"{total.passed} passed, {len(total.failures)} failed, {len(total.skips)} skipped"]
