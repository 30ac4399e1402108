# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gate ``lint``: every linter is one test."""

from __future__ import annotations

from ..outcome import Outcome
from ..paths import ROOT
from ._context import Context

TYPED = ("plugins", "tests")


def linters(context: Context) -> dict[str, list[str]]:
    """Name and command of each linter."""
    typed = [folder for folder in TYPED if any((ROOT / folder).rglob("*.py"))]
    return {
        "ruff check": context.tool("ruff", "check", "--output-format", "concise", "."),
        "ruff format": context.tool("ruff", "format", "--check", "."),
        "mypy": context.tool("mypy", *typed),
        "yamllint": context.tool("yamllint", "--strict", "."),
        "ansible-lint": context.tool("ansible-lint", "--offline", "--profile", "production", "--strict"),
    }


def lint(context: Context) -> Outcome:
    outcome = Outcome()
    for name, command in linters(context).items():
        if context.choice and name not in context.choice:
            continue
        if context.run(f"lint-{name.replace(' ', '-')}", command).returncode:
            outcome.failures.append(f"lint: {name}")
        else:
            outcome.passed += 1
    return outcome
