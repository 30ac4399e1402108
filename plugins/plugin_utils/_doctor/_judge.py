# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: from facts to verdicts, with consequences folded into their cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    DARWIN,
    ERROR,
    FAIL,
    LINUX,
    PASS,
    SEVERITIES,
    SKIPPED,
    UNKNOWN,
    WARNING,
    WINDOWS,
    WSL,
    Finding,
    Policy,
    Rule,
    Unknown,
    Verdict,
)


def platform_of(facts: Facts) -> str:
    """As rules name it; empty when the target did not say."""
    if facts.number("os", "wsl"):
        return WSL
    return {"Linux": LINUX, "Darwin": DARWIN, "Windows": WINDOWS}.get(facts.text("os", "system"), "")


class Judge:
    """The rules and how strictly they are applied: the same for every host of a play."""

    def __init__(
        self, rules: Iterable[Rule], policy: Policy, severity: Mapping[str, str], ignore: Mapping[str, str]
    ) -> None:
        self.rules = {one.id: one for one in sorted(rules, key=lambda one: one.id)}
        self.policy, self.severity, self.ignore = policy, severity, ignore

    def verdicts(self, info: Mapping[str, Any]) -> list[Verdict]:
        """One for each rule, in the order of ids."""
        facts = Facts(info)
        platform = platform_of(facts)
        verdicts = {id_: self._ask(one, facts, platform) for id_, one in self.rules.items()}
        failing = {id_ for id_, one in verdicts.items() if one.verdict == FAIL and not one.ignored}
        for id_ in failing:
            cause = _root_cause(id_, self.rules, failing)
            verdicts[id_] = replace(verdicts[id_], suppressed_by=cause)
        return list(verdicts.values())

    def _ask(self, one: Rule, facts: Facts, platform: str) -> Verdict:
        severity = self.severity.get(one.id, "")
        blank = Verdict(
            one.id, one.name, one.title, severity or one.severity, PASS, ignored=self.ignore.get(one.id, "")
        )
        if platform and platform not in one.platforms:
            return replace(blank, verdict=SKIPPED, reason=f"does not apply to {platform}")
        reason = _not_asked(one, facts)
        if reason:
            return replace(blank, verdict=SKIPPED, reason=reason)
        missing = [name for name in one.needs if not facts[tuple(name.split("."))].known]
        if missing:
            why = facts.text("errors", missing[0].split(".", maxsplit=1)[0])
            return replace(blank, verdict=UNKNOWN, reason=f"not collected: {', '.join(missing)} {why}".strip())
        try:
            finding = one.check(facts, self.policy)
        except Unknown as error:
            return replace(blank, verdict=UNKNOWN, reason=str(error))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # Facts come from outside: nonsense in one of them must not hide what the other rules see.
            return replace(blank, verdict=UNKNOWN, reason=f"the facts make no sense: {error!r}"[:200])
        return replace(blank, **_said(one, finding, severity)) if finding else blank


def _not_asked(one: Rule, facts: Facts) -> str:
    """Why a rule has nothing to go by, where that was somebody's choice."""
    if "network" in one.needs and not facts["network"].known and not facts["errors", "network"].known:
        return "the network was not examined"
    if "functional" in one.needs and facts["functional"].known and facts.raw("functional", "passed") is None:
        return f"the functional check did not run: {facts.text('functional', 'reason')}"
    return ""


def _said(one: Rule, finding: Finding, severity: str) -> dict[str, Any]:
    return {
        "verdict": FAIL,
        "severity": severity or finding.severity or one.severity,
        "title": finding.title or one.title,
        "evidence": finding.evidence,
        "cause": finding.cause or one.cause,
        "remedy": finding.remedy or one.remedy,
        "command": finding.command or one.command,
        "mended_by": one.mended_by,
        "unset": list(finding.unset),
        "settings": list(finding.settings),
        "environment": dict(finding.environment),
    }


def _root_cause(id_: str, rules: Mapping[str, Rule], failing: set[str]) -> str:
    """The first failing rule that explains this one, followed to its own cause."""
    seen, cause = {id_}, ""
    while True:
        nearer = next((one for one in rules[id_].after if one in failing and one not in seen), "")
        if not nearer:
            return cause
        cause = id_ = nearer
        seen.add(nearer)


def findings(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """What a person has to read: failures, worst first, without consequences and without what the policy ignores."""
    open_ = [one for one in verdicts if one.verdict == FAIL and not one.suppressed_by and not one.ignored]
    return sorted(open_, key=lambda one: (SEVERITIES.index(one.severity), one.id))


# Each role's work is the ground for the next one's. Roles for a whole system are not among them: they want root.
MENDERS = ("go_network", "go_sdk", "go_env", "go_caches", "go_tools", "vscode")


def menders(found: Iterable[Verdict]) -> list[str]:
    """The roles that mend these findings, in the order they have to run."""
    named: set[str] = set()
    for one in found:
        named.add(one.mended_by)
        # Variables are go_env's, whatever role decides on them: all that go_network does, and GOTMPDIR for GD027.
        if one.mended_by and (one.unset or one.environment or one.mended_by == "go_network" or one.id == "GD027"):
            named.add("go_env")
    return [role for role in MENDERS if role in named]


def fails(found: Iterable[Verdict], fail_on: str) -> list[Verdict]:
    """Those that let the task fail."""
    limit = {"error": (ERROR,), "warning": (ERROR, WARNING), "never": ()}[fail_on]
    return [one for one in found if one.severity in limit]


def as_dicts(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    return [asdict(one) for one in verdicts]
