# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gate ``integration``: each folder of ``tests/integration`` is one capability on a real system."""

from __future__ import annotations

from pathlib import Path

from ..outcome import Outcome
from ..paths import ROOT
from ._context import Context, cores

# The gate's sample; all of them: `./dev test --deep scenarios`.
IN_GATE = {
    "bad_input": (),
    "examples": (),
    # Power cuts at every point take minutes: `./dev test --deep go_sdk_faults`. Every test has a world of its own.
    "go_sdk": ("-n", str(cores()), "--dist", "worksteal", "--deselect", "tests/integration/go_sdk/test_powercut.py"),
    "go_tools": (),
    "vscode": (),
    # The whole playbook several times over takes minutes; what is refused comes from the same connection.
    "windows": ("-k", "refused"),
    "workflows": (),
}


def folders() -> list[Path]:
    return sorted({file.parent for file in (ROOT / "tests" / "integration").rglob("test_*.py")})


def integration(context: Context) -> Outcome:
    """Each in a pytest of its own: the folders' helpers bear the same names."""
    outcome = Outcome()
    for folder in folders():
        if folder.name in (context.choice or IN_GATE):
            more = () if context.choice else IN_GATE[folder.name]
            outcome.add(context.pytest(f"integration-{folder.name}", *more, str(folder.relative_to(ROOT))))
    return outcome
