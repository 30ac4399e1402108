# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: one machine's entry in a netrc file, with everything else in it kept.

The grammar is the one of cmd/go/internal/web/auth (netrc.go): words, ``machine`` begins an entry, ``default`` is the
last one, ``macdef`` runs to an empty line. Go's reader knows no quotes: a value with a space cannot be written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

_WORD = re.compile(r"\S+")


def edit(text: str, wanted: Mapping[str, tuple[str, str] | None]) -> str:
    """``text`` with each machine's login and password as given, or without the machine where the value is None."""
    for machine, entry in wanted.items():
        line = "" if entry is None else _line(machine, *entry)
        text = _with_entry(text, machine, line)
    return text


def machines(text: str) -> list[str]:
    """Names of the machines, in the order of the file."""
    return [name for name, _start, _end in _entries(text) if name]


def read(text: str, machine: str) -> tuple[str, str] | None:
    """Login and password of a machine, as Go would read them: the first entry counts."""
    for name, start, end in _entries(text):
        if name == machine:
            words = text[start:end].split()[2:]
            values = dict(zip(words[::2], words[1::2]))
            return values.get("login", ""), values.get("password", "")
    return None


def _line(machine: str, login: str, password: str) -> str:
    for kind, value in (("machine", machine), ("login", login), ("password", password)):
        if not value or _WORD.fullmatch(value) is None:
            raise WorkstationError(
                "write",
                "credential",
                machine,
                f"its {kind} is empty or holds a space, and netrc has no way to write that",
                "Use an access token instead of a password with spaces",
            )
    return f"machine {machine} login {login} password {password}\n"


def _with_entry(text: str, machine: str, line: str) -> str:
    found = [(start, end) for name, start, end in _entries(text) if name == machine]
    if line and found and text[found[0][0] : found[0][1]].split() == line.split():
        line = text[found[0][0] : found[0][1]]
    for start, end in reversed(found[1:]):
        text = text[:start] + text[end:]
    if found:
        start, end = found[0]
        return text[:start] + line + text[end:]
    if not line:
        return text
    # Nothing is read after `default`.
    place = next(
        (start for name, start, _end in _entries(text) if name == "" and text.startswith("default", start)), len(text)
    )
    before = text[:place]
    return before + ("\n" if before and not before.endswith("\n") else "") + line + text[place:]


def _entries(text: str) -> Iterator[tuple[str, int, int]]:
    """Name, begin and end (behind its line) of each entry; ``default`` and ``macdef`` have an empty name."""
    marks: list[tuple[str, int]] = []
    position = 0
    while (match := _WORD.search(text, position)) is not None:
        word, position = match.group(), match.end()
        if word.startswith("#"):
            position = _line_end(text, position)
        elif word == "macdef":
            marks.append(("", match.start()))
            blank = re.compile(r"\n[ \t]*\n").search(text, position)
            position = blank.end() if blank else len(text)
        elif word == "default":
            marks.append(("", match.start()))
        elif word == "machine":
            name = _WORD.search(text, position)
            marks.append((name.group() if name else "", match.start()))
            position = name.end() if name else position
        elif word in {"login", "password", "account"}:
            value = _WORD.search(text, position)
            position = value.end() if value else position
    for index, (owner, start) in enumerate(marks):
        following = marks[index + 1][1] if index + 1 < len(marks) else len(text)
        yield owner, start, _entry_end(text, start, following)


def _entry_end(text: str, start: int, following: int) -> int:
    """Behind the entry's last word and its line end: comments and empty lines up to the next entry are not its own."""
    end = start
    position = start
    while (match := _WORD.search(text, position, following)) is not None:
        if match.group().startswith("#") and text[: match.start()].rstrip(" \t").endswith("\n"):
            position = _line_end(text, match.end())
            continue
        end = position = match.end()
    rest = re.compile(r"[ \t]*\r?\n?").match(text, end, following)
    return rest.end() if rest else end


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end + 1
