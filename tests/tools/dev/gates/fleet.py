# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gate ``fleet``: rollouts to many hosts. Parts are the files of its folder: ``./dev test fleet airgap``."""

from __future__ import annotations

from ..outcome import Outcome
from ..paths import ROOT
from ._context import Context

FOLDER = "tests/integration/fleet"
# Twelve hosts over ssh. The rest of the folder: `./dev test --deep scenarios`; sixty hosts: `./dev test --deep fleet`.
IN_GATE = ("story",)


def parts() -> list[str]:
    return sorted(file.stem.removeprefix("test_") for file in (ROOT / FOLDER).glob("test_*.py"))


def fleet(context: Context) -> Outcome:
    outcome = Outcome()
    for name in context.chosen("part", parts()) or IN_GATE:
        outcome.add(context.pytest(f"fleet-{name}", f"{FOLDER}/test_{name}.py"))
    return outcome
