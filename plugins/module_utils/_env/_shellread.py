# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the assignments in a shell file, by reading how shells assign.

Not a shell: what it reads in full it can also take out; everything else is only reported. A line counts as read in full
when it does one thing, starts a command (no open quote, no continued line, no here-document) and holds nothing that the
shell would run.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

OFF = b"#gopherops.workstation# "
"""In front of a line that was taken out."""

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
# One character at a time in the last alternative: a repeated repetition would take for ever on a long odd line.
_VALUE = r"""(?:'[^'\n]*'|"[^"`\\\n]*"|[^\s'"`;&|<>()\\#])*"""
_TAIL = r"\s*;?\s*(?:#.*)?$"
_WHOLE = [
    re.compile(rf"\s*(?:export\s+|(?:declare|typeset)\s+-\w*x\w*\s+)?({_NAME})=({_VALUE}){_TAIL}"),
    re.compile(rf"\s*({_NAME})=({_VALUE})\s*;\s*export\s+\1{_TAIL}"),
    re.compile(rf"\s*set\s+(?:-[gxUl]+\s+|--(?:global|export|universal|local)\s+)+({_NAME})\s+({_VALUE}){_TAIL}"),
    re.compile(rf"\s*setenv\s+({_NAME})(?:\s+({_VALUE}))?{_TAIL}"),
]
_ANYWHERE = re.compile(
    rf"(?:^|[\s;&|(])(?:(?:export|declare\s+-\w*x\w*|typeset\s+-\w*x\w*)\s+[^;&|]*?)?({_NAME})=({_VALUE})"
    rf"|(?:^|[\s;&|(])(?:set\s+(?:-\S+\s+)+|setenv\s+)({_NAME})\s+({_VALUE})"
)
# A line that leaves no quote open and has neither comment nor backslash: most lines, so they are not read by character.
_PLAIN = re.compile(r"""(?:[^\\'"#]|'[^']*'|"[^"\\]*")*\Z""")
_HEREDOC = re.compile(r"<<(-?)\s*(?:'([^']+)'|\"([^\"]+)\"|\\?([A-Za-z0-9_.!-]+))")


@dataclass(frozen=True)
class Assignment:
    line: int
    name: str
    value: str
    """Unquoted, ``$`` left as it stands."""
    whole: bool
    """The line does nothing else, so it can be taken out."""


def assignments(data: bytes, names: Collection[str]) -> Iterator[Assignment]:
    """Where a shell file assigns these variables, in order; other assignments may be among them."""
    mention = re.compile("|".join(map(re.escape, sorted(names))))
    last = max((data.rfind(name.encode()) for name in names), default=-1)
    if last < 0:
        return
    # What stands behind the last mention says nothing about the lines before.
    end = data.find(b"\n", last)
    for number, text, starts in _commands(data if end < 0 else data[:end]):
        if not mention.search(text) or text.lstrip().startswith("#") or OFF.decode() in text:
            continue
        for form in _WHOLE if starts else ():
            found = form.match(text)
            if found and not re.search(r"\$\(|`", found.group(2) or ""):
                yield Assignment(number, found.group(1), unquote(found.group(2) or ""), True)
                break
        else:
            for found in _ANYWHERE.finditer(text):
                name, value = found.group(1) or found.group(3), found.group(2) or found.group(4) or ""
                yield Assignment(number, name, unquote(value), False)


def switch_off(data: bytes, lines: set[int], *, shell: bool = True) -> bytes:
    """The file with these lines (counted from 1) made comments.

    In a shell file behind ``:``, which sh, zsh, fish and csh all have: an ``if`` must not become empty.
    """
    mark = b": " + OFF if shell else OFF
    pieces = re.split(rb"(?<=\n)", data)
    for number in lines:
        line = pieces[number - 1]
        indent = len(line) - len(line.lstrip(b" \t"))
        pieces[number - 1] = line[:indent] + mark + line[indent:]
    return b"".join(pieces)


def switch_on(data: bytes) -> bytes:
    """The file as it was before ``switch_off``."""
    return re.sub(rb"^([ \t]*)(?:: )?" + re.escape(OFF), rb"\1", data, flags=re.MULTILINE)


def unquote(text: str) -> str:
    return re.sub(r"""'([^']*)'|"([^"]*)\"""", lambda found: found.group(1) or found.group(2) or "", text)


def _commands(data: bytes) -> Iterator[tuple[int, str, bool]]:
    """Each line, and whether a command starts with it and ends with it."""
    quote, continued = "", False
    ends: list[tuple[str, str]] = []
    for number, raw in enumerate(data.split(b"\n"), 1):
        text = raw.decode("utf-8", "surrogateescape").rstrip("\r")
        if ends:
            dash, word = ends[0]
            if (text.lstrip("\t") if dash else text) == word:
                ends.pop(0)
            continue
        starts = not quote and not continued
        was = quote
        quote, bare = ("", text) if not quote and _PLAIN.match(text) else _scan(text, quote)
        continued = bare.endswith("\\") and not quote
        if not was:
            ends = [
                (found.group(1), found.group(2) or found.group(3) or found.group(4))
                for found in (_HEREDOC.finditer(re.sub(r"\$\(\(.*?\)\)|<<<", "", bare)) if "<<" in bare else ())
            ]
        yield number, text, starts and not quote and not continued


def _scan(text: str, quote: str) -> tuple[str, str]:
    """The quote that is open at the line's end, and the line without comment."""
    place = 0
    while place < len(text):
        character = text[place]
        if quote:
            if character == "\\" and quote == '"':
                place += 1
            elif character == quote:
                quote = ""
        elif character == "\\":
            place += 1
        elif character in "'\"":
            quote = character
        elif character == "#" and (place == 0 or text[place - 1] in " \t;"):
            return quote, text[:place]
        place += 1
    return quote, text
