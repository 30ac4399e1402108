# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: a walk on several processors.

Looking at 100,000 entries takes the interpreter longer than the filesystem, so the directories are shared out. Whatever
the number of processes, entries are counted in the same order: what check mode says must be what the run then says.
"""

from __future__ import annotations

import contextlib
import os
from collections import deque
from dataclasses import dataclass
from typing import Any, Protocol

from ansible_collections.gopherops.workstation.plugins.module_utils._caches._as_user import Child
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._policy import EXAMPLES, Count
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

ENOUGH = 64
"""Directories to share out before any is; each level of them costs open descriptors."""
ALONE = 4000
"""Entries that one process looks at faster than two processes start."""
PIECES = 4096
"""A pipe takes four times as many numbers before it has a reader."""


@dataclass(frozen=True)
class Folder:
    """An open directory that has been mended, and the directories in it, which have not."""

    descriptor: int
    path: str
    content: bool
    """Whether it is part of a module, which stays read-only."""
    depth: int
    names: list[str]


class Walk(Protocol):
    """What is shared out."""

    count: Count
    workers: int

    def enter(self, above: Folder, name: str) -> Folder | None:
        """Open and mend one directory."""

    def below(self, above: Folder, name: str) -> None:
        """Mend everything from one directory downwards."""


def workers() -> int:
    """How many processes are worth it: the processors that this one may use, within reason."""
    if hasattr(os, "sched_getaffinity"):
        return min(4, len(os.sched_getaffinity(0)))
    return min(4, os.cpu_count() or 1)


Unit = tuple[Folder, str]


def spread(walk: Walk, top: Folder) -> None:
    """Everything below an open directory, whose descriptor is closed in the end."""
    folders = deque([top])
    try:
        while folders and sum(len(folder.names) for folder in folders) < ENOUGH:
            _open_up(walk, folders)
        units = [(folder, name) for folder in folders for name in folder.names]
        done = 0
        while done < len(units) and (walk.workers < 2 or walk.count.entries < ALONE):
            walk.below(*units[done])
            done += 1
        if done < len(units):
            _share(walk, units[done:])
    finally:
        for folder in folders:
            os.close(folder.descriptor)


def _open_up(walk: Walk, folders: deque[Folder]) -> None:
    """The first folder gives way to those in it."""
    for name in folders[0].names:
        inner = walk.enter(folders[0], name)
        if inner is not None:
            folders.append(inner)
    os.close(folders.popleft().descriptor)


def _share(walk: Walk, units: list[Unit]) -> None:
    size = -(-len(units) // PIECES)
    pieces = [units[start : start + size] for start in range(0, len(units), size)]
    # Who reads a number does the piece: no process waits while another has more to do.
    todo, numbers = os.pipe()
    try:
        os.write(numbers, b"".join(number.to_bytes(4, "little") for number in range(len(pieces))))
        os.close(numbers)
        crew = _hire(walk, pieces, todo)
    finally:
        os.close(todo)
    for unit in () if crew else units:
        walk.below(*unit)
    _sum_up(walk.count, _answers(crew))


def _hire(walk: Walk, pieces: list[list[Unit]], todo: int) -> list[Child]:
    crew: list[Child] = []
    # An account may be at its limit of processes.
    with contextlib.suppress(BlockingIOError):
        for _number in range(walk.workers):
            crew.append(Child(lambda: _work(walk, pieces, todo)))
    return crew


def _answers(crew: list[Child]) -> list[dict[str, Any]]:
    """Every child is waited for, also when one of them has failed: nothing works on behind the result."""
    answers, failed = [], []
    for child in crew:
        try:
            answers.append(child.answer("repair", "cache", "entries"))
        except WorkstationError as error:
            failed.append(error)
    if failed:
        raise failed[0]
    return answers


def _work(walk: Walk, pieces: list[list[Unit]], todo: int) -> dict[str, Any]:
    """In a child: pieces until none is left; the count, and of which piece each example is."""
    count = walk.count = Count(entries=0)
    pieces_of: dict[str, list[int]] = {what: [] for what in count.first}
    while read := os.read(todo, 4):
        number = int.from_bytes(read, "little")
        for unit in pieces[number]:
            walk.below(*unit)
        for what, paths in count.first.items():
            pieces_of[what] += [number] * (len(paths) - len(pieces_of[what]))
    numbers = {name: getattr(count, name) for name in ("entries", "owner", "mode", "foreign", "left")}
    first = {what: [[number, path] for number, path in zip(pieces_of[what], count.first[what])] for what in count.first}
    return {"numbers": numbers, "first": first}


def _sum_up(count: Count, answers: list[dict[str, Any]]) -> None:
    for answer in answers:
        for name, number in answer["numbers"].items():
            setattr(count, name, getattr(count, name) + number)
    for what, examples in count.first.items():
        # Stable: what one child found in one piece keeps its order.
        found = sorted((example for answer in answers for example in answer["first"][what]), key=lambda one: one[0])
        examples.extend([path for _number, path in found][: EXAMPLES - len(examples)])
