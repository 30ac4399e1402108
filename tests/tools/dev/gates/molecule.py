# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gate ``molecule``: scenarios from nothing to nothing; it counts for one, each of its tests for one more."""

from __future__ import annotations

from pathlib import Path

from ..outcome import Outcome, from_junit
from ..paths import MOLECULE
from ._context import Context

# The gate's sample: the main job in both scopes, and the editor. All: `./dev test --deep scenarios`.
IN_GATE = ("default", "vscode")


def scenarios(folder: Path = MOLECULE) -> list[str]:
    return sorted(file.parent.name for file in folder.glob("*/molecule.yml"))


def molecule(context: Context) -> Outcome:
    outcome = Outcome()
    for name in context.chosen("scenario", scenarios()) or IN_GATE:
        outcome.add(scenario(context, name))
    return outcome


def scenario(context: Context, name: str) -> Outcome:
    """One scenario; its containers are removed even when it failed, which molecule itself would not do."""
    report = context.logs / f"molecule-{name}.xml"
    report.unlink(missing_ok=True)
    env = {"PYTEST_ADDOPTS": f"--junitxml={report}", "ANSIBLE_CONFIG": ""}
    done = context.run(f"molecule-{name}", context.tool("molecule", "test", "--scenario-name", name), env=env)
    outcome = from_junit(report, f"molecule {name}") if report.is_file() else Outcome()
    if done.returncode:
        outcome.failures.append(f"molecule: scenario {name}")
        context.run(f"molecule-{name}-destroy", context.tool("molecule", "destroy", "--scenario-name", name), env=env)
    else:
        outcome.passed += 1
    return outcome
