# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gate ``unit``: plain pytest, no host."""

from __future__ import annotations

from ..outcome import Outcome
from ._context import Context, cores


def unit(context: Context) -> Outcome:
    paths = [f"tests/unit/{name}" for name in context.choice] or ["tests/unit"]
    return context.pytest("unit", "-n", str(cores()), "--dist", "worksteal", *paths)
