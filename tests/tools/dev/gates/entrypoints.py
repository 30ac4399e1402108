# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gate ``entrypoints``: every way of starting the playbook."""

from __future__ import annotations

from ..outcome import Outcome
from ._context import Context


def entrypoints(context: Context) -> Outcome:
    return context.pytest("entrypoints", "tests/entrypoints")
