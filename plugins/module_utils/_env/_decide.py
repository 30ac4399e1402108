# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what becomes of the env file and how to say it; the same on the target and, for a
Windows target, on the controller.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils import _envfile
from ansible_collections.gopherops.workstation.plugins.module_utils._env._receipt import Receipt

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s,|]+(?=@)")


@dataclass(frozen=True)
class Request:
    """The options that concern the env file."""

    present: bool
    variables: Mapping[str, str]
    unset: Sequence[str]
    exclusive: bool
    repair: bool

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Request:
        return cls(
            present=options["state"] == "present",
            variables=options["variables"],
            unset=options["unset"],
            exclusive=options["exclusive"],
            repair=options["repair"],
        )


def env_file(now: bytes | None, request: Request, receipt: Receipt) -> bytes | None:
    """The env file's bytes after the run; ``None``: no file."""
    if request.present:
        start = _envfile.repair(now or b"") if request.repair else now or b""
        fresh = _envfile.merge(start, request.variables, request.unset, exclusive=request.exclusive)
        return None if now is None and not fresh else fresh
    if receipt.digest:
        return receipt.without_us(now)
    if now is None:
        return None
    # Never written by us: only what says what the caller says is taken for ours.
    found = _envfile.parse(now)
    return _envfile.merge(now, {}, [name for name, value in request.variables.items() if found.get(name) == value])


def describe(before: bytes | None, after: bytes | None) -> str:
    """The variables that differ, in words."""
    old, new = _envfile.parse(before or b""), _envfile.parse(after or b"")
    words = []
    for name in sorted({*old, *new}):
        if name not in new:
            words.append(f"{name} removed (was '{mask(old[name])}')")
        elif name not in old:
            words.append(f"{name}='{mask(new[name])}'")
        elif old[name] != new[name]:
            words.append(f"{name}: '{mask(old[name])}' -> '{mask(new[name])}'")
    return ", ".join(words) or "lines that Go does not read"


def mask(text: str) -> str:
    """Without the user name and password that a proxy address may hold."""
    return _CREDENTIALS.sub("***", text)


def visible(data: bytes | None) -> dict[str, str]:
    """The variables for a result: as Go reads them, without credentials."""
    return {name: mask(value) for name, value in _envfile.parse(data or b"").items()}


def has_credentials(data: bytes | None) -> bool:
    return bool(_CREDENTIALS.search((data or b"").decode("utf-8", "replace")))
