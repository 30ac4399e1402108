# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gate ``docs``: plugin documentation, changelog, licences and spelling; the site builds without a warning."""

from __future__ import annotations

import os
import subprocess

from .. import documentation
from ..environ import test_env
from ..errors import DevError
from ..outcome import Outcome
from ..paths import ROOT
from ..venvs import Venv, ensure
from ._context import Context

# Right here: names of Python, SDDL's letters for Users, parts of words in tests, and "tread on".
SPELLED = "bu,buil,debians,notin,provison,tread"
PROSE = ("*.md", "*.rst", "*.py", "*.yml", "*.ps1", "*.psm1", "*.sh", ":!tests/corpus", ":!docs/rules/GD*")


def docs(context: Context) -> Outcome:
    outcome = Outcome()
    try:
        venv = ensure("docs")
    except DevError as error:
        return Outcome(failures=[f"docs: {error}"])
    for name, command in checks(context, venv).items():
        if context.run(f"docs-{name}", command).returncode:
            outcome.failures.append(f"docs: {name}")
        else:
            outcome.passed += 1
    try:
        documentation.build(venv, test_env(venv, os.environ))
        outcome.passed += 1
    except DevError as error:
        outcome.failures.append(f"docs: {error}")
    return outcome


def checks(context: Context, venv: Venv) -> dict[str, list[str]]:
    """Name and command of each tool."""
    listed = subprocess.run(["git", "ls-files", "--", *PROSE], cwd=ROOT, capture_output=True, text=True, check=True)
    files = [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    return {
        "antsibull-docs": context.tool("antsibull-docs", "lint-collection-docs", "--plugin-docs", "."),
        "antsibull-changelog": context.tool("antsibull-changelog", "lint"),
        "reuse": [str(venv.bin / "reuse"), "lint"],
        "codespell": [str(venv.bin / "codespell"), "--ignore-words-list", SPELLED, *files],
    }
