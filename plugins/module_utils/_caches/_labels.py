# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: SELinux labels, by the policy's own restorecon.

Run as the developer: restorecon goes by path, and root must not follow paths that a developer can exchange.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Relabel = Callable[[str, bool, bool], "tuple[int, str]"]
"""``restorecon -v`` on a path; with everything in it; only saying what it would do. Status and output."""
_LINE = re.compile(r"^(?:Relabeled|Would relabel) (.+) from \S+ to \S+$", re.MULTILINE)


def restored(output: str) -> list[str]:
    """The paths that got, or would get, another label."""
    return _LINE.findall(output)
