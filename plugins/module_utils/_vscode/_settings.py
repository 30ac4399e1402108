# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: bring the files of one machine to what is wanted, each in one atomic write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._edit import Editor
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._policy import (
    SEPARATOR,
    Outcome,
    Wish,
    apply,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._reader import JsoncError
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._obsolete import obsolete_wishes
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._places import Place

ATTEMPTS = 3
RELATIVES = {"gopls": "go"}
"""``gopls`` belongs to the keys that begin with ``go.``."""


@dataclass(frozen=True)
class Files:
    """What is done to the disk; passed in."""

    read: Callable[[str], bytes | None]  # None: there is no such file
    write: Callable[[str, bytes], None]  # atomic; makes the folders
    backup: Callable[[str, bytes], str | None]  # the path of the copy
    missing_folder: Callable[[str], str]  # the topmost folder that a write would have to make, or nothing


@dataclass
class Report:
    """What happened, or in check mode would happen."""

    files: list[dict[str, Any]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    diff: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Decision:
    place: Place
    before: bytes | None
    outcome: Outcome
    folder: str = ""  # the topmost one that has to be made
    backup: str | None = None


class Manager:
    """One task: what is wanted of every file, and the disk."""

    def __init__(self, wishes: list[Wish], plan: dict[str, Any], files: Files, check: bool = False) -> None:
        self._wishes, self._plan, self._files, self._check = wishes, plan, files, check

    def run(self, places: list[Place]) -> Report:
        """Every file is read and decided before the first is written: a malformed one stops the whole task."""
        decided = [self._decide(place) for place in places]
        report = Report()
        for decision in decided:
            _add(report, self._write(decision) if decision.outcome.edits and not self._check else decision)
        return report

    def _decide(self, place: Place) -> _Decision:
        """What is in a file now and what would become of it."""
        before = self._files.read(place.path)
        try:
            editor = Editor((before or b"").decode("utf-8"), RELATIVES)
            prefix = [place.document] if place.kind == "workspace_file" else []
            plan = self._plan if place.document == "settings" else {}
            extra, notices = obsolete_wishes(editor, prefix, self._wishes, plan)
            outcome = apply(editor, [_below(prefix, wish) for wish in [*self._wishes, *extra]])
        except UnicodeDecodeError as error:
            raise _refused(place.path, f"byte {error.start} is not UTF-8 ({error.reason})") from error
        except JsoncError as error:
            where = {"line": error.line, "column": error.column, "source": error.source}
            raise _refused(place.path, f"{error}\n{error.shown()}\n", **where) from error
        except TypeError as error:  # the root is an array or a scalar
            raise _refused(place.path, str(error)) from error
        outcome.notices += notices + ([place.notice] if place.notice else [])
        return _Decision(place, before, outcome, self._files.missing_folder(place.path) if outcome.edits else "")

    def _write(self, decision: _Decision) -> _Decision:
        """An editor that is open writes this file too: what changed since it was read is read again."""
        path = decision.place.path
        for _attempt in range(ATTEMPTS):
            before = decision.before
            if self._files.read(path) == before:
                copy = None
                if before is not None and self._plan.get("backup"):
                    copy = self._files.backup(path, before)
                self._files.write(path, decision.outcome.text.encode("utf-8"))
                return replace(decision, backup=copy)
            decision = self._decide(decision.place)
            if not decision.outcome.edits:
                return decision
        raise WorkstationError(
            "write",
            "settings file",
            path,
            f"another program changed it {ATTEMPTS} times while this task was at work",
            "Close the editor's settings and run again",
        )


def _below(prefix: list[str], wish: Wish) -> Wish:
    """A .code-workspace file keeps its settings, tasks and launch configurations one level down."""
    return Wish(SEPARATOR.join([*prefix, wish.key]), wish.policy, wish.value) if prefix else wish


def _refused(path: str, cause: str, **details: Any) -> WorkstationError:
    return WorkstationError(
        "edit", "settings file", path, cause, "Mend the file by hand and run again; it is untouched", **details
    )


def _add(report: Report, decision: _Decision) -> None:
    place, outcome = decision.place, decision.outcome
    entry: dict[str, Any] = {
        "path": place.path,
        "product": place.product,
        "kind": place.kind,
        "keys": [edit.key for edit in outcome.edits],
        "notices": outcome.notices,
    }
    if decision.backup:
        entry["backup_file"] = decision.backup
    report.files.append(entry)
    if not outcome.edits:
        return
    if decision.folder:
        report.changes.append(Change(decision.folder, "create", "folder"))
    act = "create" if decision.before is None else "edit"
    report.changes += [Change(place.path, act, edit.what) for edit in outcome.edits]
    report.diff.append(
        {
            "before_header": place.path,
            "after_header": place.path,
            "before": (decision.before or b"").decode("utf-8"),
            "after": outcome.text,
        }
    )
