# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gate ``docs``: every plugin's documentation and the changelog are in order, and the site builds without a warning."""

from __future__ import annotations

import os

from .. import documentation
from ..environ import test_env
from ..errors import DevError
from ..outcome import Outcome
from ..paths import ROOT
from ..venvs import ensure
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
    try:
        venv = ensure("docs")
        documentation.build(venv, test_env(venv, os.environ))
        outcome.passed += 1
    except DevError as error:
        outcome.failures.append(f"docs: {error}")
    return outcome
