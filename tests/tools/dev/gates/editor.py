# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gate ``editor``: Ctrl+Click in a real editor; skipped, with the reason, where that cannot be installed."""

from __future__ import annotations

from ..outcome import Outcome
from ._context import Context


def editor(context: Context) -> Outcome:
    return context.pytest("editor", "tests/editor")
