# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``./dev test``: chooses the gates, runs them one after the other, and tells how it went."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass

from . import deep, system
from .environ import test_env
from .errors import DevError
from .gates._context import Context, Gate
from .gates.registry import GATES
from .outcome import Outcome, summary
from .venvs import ensure

USAGE = "usage: ./dev test [GATE [PART...]] [--install-deps] [--deep [NAME]] [-k EXPRESSION]"


@dataclass
class Options:
    """The command line of ``./dev test``, read."""

    names: list[str]
    install: bool = False
    deep: bool = False
    keyword: str | None = None


def parse(words: Sequence[str]) -> Options:
    options, rest = Options([]), list(words)
    while rest:
        word = rest.pop(0)
        if word == "--install-deps":
            options.install = True
        elif word == "--deep":
            options.deep = True
        elif word == "-k" and rest:
            options.keyword = rest.pop(0)
        elif word.startswith("-"):
            raise DevError(f"Cannot read '{word}'. {USAGE}", 2)
        else:
            options.names.append(word)
    return options


def choose(names: Sequence[str], gates: Sequence[Gate] = GATES) -> list[tuple[Gate, list[str]]]:
    """Gates by name; a name that is no gate is a part of the gate before it."""
    known = {gate.name: gate for gate in gates}
    if not names:
        return [(gate, []) for gate in gates]
    chosen: list[tuple[Gate, list[str]]] = []
    for name in names:
        if name in known:
            chosen.append((known[name], []))
        elif chosen:
            chosen[-1][1].append(name)
        else:
            listed = "\n".join(f"  {gate.name:<12} {gate.what}" for gate in gates)
            raise DevError(f"Cannot run gate '{name}': there is none of that name. There are:\n{listed}", 2)
    return chosen


def provide(needs: Sequence[str], install: bool) -> None:
    """Stop with one line when a system package is missing; installing is for ``--install-deps`` only."""
    packages = system.missing(needs)
    if packages and install:
        system.install(packages)
        packages = system.missing(needs)
    if packages:
        raise DevError(f"Cannot run the tests: {system.sentence(packages)}.", 2)


def run(words: Sequence[str]) -> int:
    options = parse(words)
    if options.deep:
        return run_deep(options)
    chosen = choose(options.names)
    os.umask(0o022)  # what tests say of modes is said of files as most accounts make them
    provide([need for gate, _parts in chosen for need in gate.needs], options.install)
    venv = ensure("test")
    env = test_env(venv, os.environ)
    outcomes: dict[str, Outcome] = {}
    for gate, parts in chosen:
        context = Context(venv, env, options.keyword, tuple(parts))
        outcomes[gate.name] = timed(gate, context)
    print("\n".join(summary(outcomes)), flush=True)
    return 1 if any(outcome.failures for outcome in outcomes.values()) else 0


def timed(gate: Gate, context: Context) -> Outcome:
    """One line of progress for a gate: its name at once, its time and result when it ends."""
    print(f"{gate.name} ({gate.what}) ...", end="", flush=True)
    started = time.monotonic()
    try:
        outcome = gate.run(context)
    except DevError as error:
        print(f"\n{error}", flush=True)
        outcome = Outcome(failures=[f"{gate.name}: {str(error).splitlines()[0]}"])
    outcome.seconds = time.monotonic() - started
    counts = f"{outcome.passed} passed, {len(outcome.failures)} failed, {len(outcome.skips)} skipped"
    print(f" {outcome.seconds:.0f} s: {counts}", flush=True)
    return outcome


def run_deep(options: Options) -> int:
    """Full campaigns, resumable: what a stopped run did is not done again."""
    campaigns = deep.discover()
    chosen = options.names or sorted(campaigns)
    for name in chosen:
        if name not in campaigns:
            there = ", ".join(sorted(campaigns)) or "none in this checkout yet"
            raise DevError(f"Cannot run campaign '{name}': there is none of that name. There are: {there}.", 2)
    if not chosen:
        print("There are no deep campaigns in tests/deep yet.")
    venv = ensure("test")
    outcomes = {name: deep.run(name, campaigns[name], venv, test_env(venv, os.environ)) for name in chosen}
    print("\n".join(summary(outcomes)), flush=True)
    return 1 if any(outcome.failures for outcome in outcomes.values()) else 0
