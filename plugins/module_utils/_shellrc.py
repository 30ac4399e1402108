# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: one marked block in a file that belongs to somebody else.

Bytes in, bytes out: nothing is decoded, so a file of any encoding keeps every byte outside the block. What the block
had to add besides itself (a line break, the file) stands in its first line, so that taking it out gives the file back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

BEGIN = b"# BEGIN gopherops.workstation"
END = b"# END gopherops.workstation"
BREAK_ADDED = b" (the line break above is part of it)"
FILE_ADDED = b" (the file is part of it)"

_LEAVES = re.compile(rb"\b(?:return|exit|exec)\b")
_MARKS = re.compile(rb"^(# (?:BEGIN|END) gopherops\.workstation[^\r\n]*)\r*(?:\n|\Z)", re.MULTILINE)


def put_block(data: bytes | None, body: Sequence[bytes], *, path: str, at_top: bool = False) -> bytes:
    """The file with the block: where it stood before, else at the top (below ``#!``) or at the end."""
    if data is None:
        return _block(body, FILE_ADDED)
    spans = _spans(data, path)
    if spans:
        begin, end = spans[0]
        note = data[begin : data.index(b"\n", begin)].rstrip(b"\r")[len(BEGIN) :]
        return data[:begin] + _block(body, note) + _cut(data, spans, end)
    place = _top(data) if at_top else len(data)
    if place and data[place - 1 : place] != b"\n":
        return data[:place] + b"\n" + _block(body, BREAK_ADDED) + data[place:]
    return data[:place] + _block(body, b"") + data[place:]


def take_block(data: bytes, *, path: str) -> bytes | None:
    """The file without the block; ``None`` when the file was made for the block and holds nothing else."""
    spans = _spans(data, path)
    rest = _cut(data, spans, 0)
    made = any(data[start:].startswith(BEGIN + FILE_ADDED) for start, _end in spans)
    return None if made and not rest else rest


def leaves_early(data: bytes) -> bool:
    """Whether a shell may stop reading before the file's end, as Debian's ~/.bashrc does when not interactive."""
    for found in _LEAVES.finditer(data):
        line = data[data.rfind(b"\n", 0, found.start()) + 1 : found.start()]
        if not line.lstrip().startswith(b"#"):
            return True
    return False


def read_block(data: bytes, *, path: str) -> bytes | None:
    """The lines between the markers of the first block."""
    for start, end in _spans(data, path):
        lines = data[start:end].splitlines(keepends=True)
        return b"".join(line for line in lines if not line.startswith((BEGIN, END)))
    return None


def _block(body: Sequence[bytes], note: bytes) -> bytes:
    return b"\n".join([BEGIN + note, *body, END]) + b"\n"


def _top(data: bytes) -> int:
    if not data.startswith(b"#!"):
        return 0
    end = data.find(b"\n")
    return len(data) if end < 0 else end + 1


def _cut(data: bytes, spans: Sequence[tuple[int, int]], start: int) -> bytes:
    """The bytes from ``start`` that no block owns."""
    pieces, place = [], start
    for begin, end in spans:
        if end <= start:
            continue
        # The break goes only with the file's last line: what somebody wrote below needs a line of its own.
        last = end == len(data) and data[begin - 1 : begin] == b"\n"
        owns_break = last and data.startswith(BEGIN + BREAK_ADDED, begin)
        pieces.append(data[place : max(place, begin - owns_break)])
        place = max(place, end)
    return b"".join(pieces) + data[place:]


def _spans(data: bytes, path: str) -> list[tuple[int, int]]:
    """Where the blocks stand, from the marker's first byte to the byte behind the end marker's line break."""
    spans, begin = [], -1
    for found in _MARKS.finditer(data):
        mark, place = found.group(1), found.start()
        if mark in {BEGIN, BEGIN + BREAK_ADDED, BEGIN + FILE_ADDED}:
            if begin >= 0:
                raise _torn(path, _line_of(data, place), "a second begin marker before the end marker")
            begin = place
        elif mark == END:
            if begin < 0:
                raise _torn(path, _line_of(data, place), "an end marker without its begin marker")
            spans.append((begin, found.end()))
            begin = -1
    if begin >= 0:
        raise _torn(path, _line_of(data, begin), "a begin marker without its end marker")
    return spans


def _line_of(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1


def _torn(path: str, line: int, what: str) -> WorkstationError:
    return WorkstationError(
        "edit",
        "file",
        path,
        f"line {line} is {what}, so it is not plain which lines are the block's",
        f"Put '{END.decode()}' back or delete the marker line; the file was not touched",
        line=line,
    )
