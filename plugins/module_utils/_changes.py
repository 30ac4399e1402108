# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: how every module tells what it changed, or in check mode would change."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    """One path that a run touches. The same list comes from check mode and from the real run."""

    path: str
    act: str  # create | replace | edit | remove | move | link | mode | owner | label | install
    what: str  # a few words for people: "Go 1.27.4", "go.alternateTools.gopls: '/old' -> '/new'"

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def changes_result(changes: list[Change]) -> dict[str, Any]:
    """``changed`` and ``changes`` of a module's result: never one without the other."""
    return {"changed": bool(changes), "changes": [change.as_dict() for change in changes]}
