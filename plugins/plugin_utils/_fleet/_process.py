# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: whether the process that wrote a record still lives, its number not reused."""

from __future__ import annotations

import os
from pathlib import Path


def started(pid: int) -> str:
    """When a process began, as the kernel counts; empty where there is no /proc."""
    try:
        # The name in parentheses may hold spaces; field 22 is counted behind it (proc(5)).
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return fields[19]
    except (OSError, IndexError):
        return ""


def alive(pid: object, since: object = "") -> bool:
    """Whether this very process still runs."""
    if not isinstance(pid, int) or pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    now = started(pid)
    return not (since and now) or since == now
