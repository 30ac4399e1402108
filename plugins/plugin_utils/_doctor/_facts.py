# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the facts as rules read them, safe against anything that a target may send.

A fact that is absent or of the wrong type is simply not known: rules ask for it by type and say what its absence means.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class Facts:
    """A value somewhere in the facts. ``facts["go", "env"].text("GOROOT")`` never raises."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def __getitem__(self, path: str | tuple[str, ...]) -> Facts:
        value = self._value
        for name in (path,) if isinstance(path, str) else path:
            # Facts come as JSON; asking for any Mapping takes half of the time of all rules.
            value = value.get(name) if isinstance(value, dict) else None
        return Facts(value)

    def __bool__(self) -> bool:
        return bool(self._value)

    @property
    def known(self) -> bool:
        return self._value is not None

    def text(self, *path: str) -> str:
        value = self[path]._value
        return value if isinstance(value, str) else ""

    def number(self, *path: str) -> float | None:
        value = self[path]._value
        return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None

    def true(self, *path: str) -> bool:
        return self[path]._value is True

    def false(self, *path: str) -> bool:
        """Known and false: absence is not falsehood."""
        return self[path]._value is False

    def items(self, *path: str) -> list[Facts]:
        value = self[path]._value
        return [Facts(one) for one in value] if isinstance(value, (list, tuple)) else []

    def texts(self, *path: str) -> list[str]:
        value = self[path]._value
        return [one for one in value if isinstance(one, str)] if isinstance(value, (list, tuple)) else []

    def pairs(self, *path: str) -> Iterator[tuple[str, Facts]]:
        value = self[path]._value
        if isinstance(value, dict):
            for name, one in value.items():
                yield str(name), Facts(one)

    def raw(self, *path: str) -> Any:
        return self[path]._value
