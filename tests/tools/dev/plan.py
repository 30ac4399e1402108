# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run would touch, as a person wants to read it before saying yes. Pure: the paths' existence is passed in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .errors import DevError

# Worst first. An act that is not listed (a later module's) counts as bad as a replacement.
SEVERITY = ("remove", "replace", "move", "edit", "owner", "mode", "link", "install", "create")
UNKNOWN = SEVERITY.index("replace")


@dataclass(frozen=True)
class Planned:
    """One path that the run touches: ``act`` and ``what`` as the modules word them."""

    path: str
    act: str
    what: str


@dataclass(frozen=True)
class Report:
    """What the playbook's last task, ``gopherops.workstation.verdict``, wrote down."""

    changes: tuple[Planned, ...]
    passed: bool
    failure: str


def read_report(path: Path) -> Report | None:
    """The report, or ``None`` when the playbook did not get as far as writing one."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise DevError(f"Cannot read report '{path}': {error}.") from error
    if not raw:
        return None
    changes = tuple(Planned(str(c["path"]), str(c["act"]), str(c.get("what", ""))) for c in raw["planned"])
    return Report(changes, raw["passed"] is True, str(raw["failure"]))


def by_severity(changes: tuple[Planned, ...], exists: Callable[[str], bool]) -> tuple[list[Planned], list[Planned]]:
    """What is there already, then what is new; each worst first, else in the order of the run."""

    def rank(change: Planned) -> int:
        return SEVERITY.index(change.act) if change.act in SEVERITY else UNKNOWN

    ordered = sorted(dict.fromkeys(changes), key=rank)
    return [c for c in ordered if exists(c.path)], [c for c in ordered if not exists(c.path)]


def plan_lines(changes: tuple[Planned, ...], exists: Callable[[str], bool], home: str) -> list[str]:
    """The list that is printed before the question."""
    if not changes:
        return ["Nothing to change: this machine is as described."]
    count = len({change.path for change in changes})
    lines = [f"This run will touch {count} {'path' if count == 1 else 'paths'} on this machine."]
    for title, group in zip(("Already there:", "New:"), by_severity(changes, exists), strict=True):
        lines += [title, *_rows(group, home)] if group else []
    return lines


def _rows(group: list[Planned], home: str) -> list[str]:
    """One row a path, with its worst act; what else happens to it stands below."""
    paths = {change.path: [c for c in group if c.path == change.path] for change in group}
    width = max(len(_short(path, home)) for path in paths)
    rows = []
    for path, (first, *others) in paths.items():
        rows.append(f"  {first.act:<8} {_short(path, home):<{width}}  {first.what}".rstrip())
        rows += [f"  {'':<8} {'':<{width}}  {other.what}" for other in others]
    return rows


def _short(path: str, home: str) -> str:
    """``~`` for the home directory: shorter, and what people type."""
    return f"~{path[len(home) :]}" if home not in ("", "/") and (path == home or path.startswith(home + "/")) else path
