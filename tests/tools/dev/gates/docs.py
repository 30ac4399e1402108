# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gate ``docs``: the documentation of every plugin renders, and the changelog is in order."""

from __future__ import annotations

from ..outcome import Outcome
from ..paths import ROOT
from ._context import Context


def docs(context: Context) -> Outcome:
    outcome = Outcome()
    checks = {"antsibull-docs": context.tool("antsibull-docs", "lint-collection-docs", "--plugin-docs", ".")}
    if (ROOT / "changelogs" / "config.yaml").is_file():
        checks["antsibull-changelog"] = context.tool("antsibull-changelog", "lint")
    for name, command in checks.items():
        if context.run(f"docs-{name}", command).returncode:
            outcome.failures.append(f"docs: {name}")
        else:
            outcome.passed += 1
    return outcome
