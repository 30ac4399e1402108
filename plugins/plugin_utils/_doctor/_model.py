# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what a rule is and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts

ERROR, WARNING, INFO = "error", "warning", "info"
SEVERITIES = (ERROR, WARNING, INFO)
LINUX, WSL, DARWIN, WINDOWS = "linux", "wsl2", "macos", "windows"
POSIX = (LINUX, WSL, DARWIN)
EVERYWHERE = (LINUX, WSL, DARWIN, WINDOWS)
PASS, FAIL, UNKNOWN, SKIPPED = "pass", "fail", "unknown", "skipped"

Policy = dict[str, Any]


class Unknown(Exception):  # noqa: N818  # an answer, not an error
    """Raised by a rule that cannot tell; the text says why."""


@dataclass(frozen=True)
class Finding:
    """What a rule found. Empty texts mean: as the rule says."""

    evidence: list[str]
    severity: str = ""
    cause: str = ""
    remedy: str = ""
    command: str = ""
    title: str = ""
    unset: tuple[str, ...] = ()  # variables that go_env has to take away
    settings: tuple[str, ...] = ()  # settings that vscode has to take away
    environment: tuple[tuple[str, str], ...] = ()  # variables that go_env has to give the system's environment


Check = Callable[[Facts, Policy], "Finding | None"]


@dataclass(frozen=True)
class Rule:
    """One rule: ``check`` is a pure function of the facts and the policy."""

    id: str
    name: str
    title: str
    severity: str
    check: Check
    platforms: tuple[str, ...]
    needs: tuple[str, ...]  # parts of the facts without which nothing can be said
    cause: str
    remedy: str
    command: str = ""
    mended_by: str = ""  # a role of this collection; empty: advice only
    after: tuple[str, ...] = ()  # ids of causes: while one of them fails, this one is its consequence


def rule(id: str, title: str, severity: str, **more: Any) -> Callable[[Check], Rule]:  # noqa: A002
    """Turns a function into a rule of that name."""

    def make(check: Check) -> Rule:
        return Rule(
            id=id,
            name=getattr(check, "__name__", "").replace("_", "-"),
            title=title,
            severity=severity,
            check=check,
            platforms=more.pop("platforms", EVERYWHERE),
            **more,
        )

    return make


@dataclass(frozen=True)
class Verdict:
    """One rule's answer for one host."""

    id: str
    name: str
    title: str
    severity: str
    verdict: str  # pass | fail | unknown | skipped
    reason: str = ""  # of unknown and skipped
    evidence: list[str] = field(default_factory=list)
    cause: str = ""
    remedy: str = ""
    command: str = ""
    mended_by: str = ""
    unset: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    suppressed_by: str = ""
    ignored: str = ""  # the reason given in the policy
