# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: JSON with comments as a lossless tree of text pieces.

Printing a tree gives back every byte that was read. An edit swaps pieces, so the bytes outside it cannot change.
Each piece of white space and comment has one owner from the moment it is read: that is what keeps a comment with
its key when a neighbour comes or goes.
"""

from __future__ import annotations

import json
from typing import Any, Union


class Item:
    """A member of an object or an element of an array, with the white space and the comments that are its own."""

    __slots__ = ("between", "colon", "comma", "key_text", "lead", "trail", "value")

    def __init__(  # noqa: PLR0917  # one per member of the file: keyword arguments would cost a third more
        self,
        lead: str,
        key_text: str,
        colon: str,
        value: Value,
        between: str = "",
        comma: bool = True,
        trail: str = "",
    ) -> None:
        self.lead = lead  # from the end of the neighbour's trail to the key: comments above, indentation
        self.key_text = key_text  # as written, with quotes; empty in an array
        self.colon = colon  # the colon and what surrounds it
        self.value = value
        self.between = between  # from the value to the comma
        self.comma = comma
        self.trail = trail  # from the comma (or the value) to the end of the line, where nothing else is on it

    @property
    def key(self) -> str:
        text = self.key_text
        return str(json.loads(text)) if "\\" in text else text[1:-1]

    def write(self, out: list[str]) -> None:
        out.append(self.lead)
        out.append(self.key_text)
        out.append(self.colon)
        if isinstance(self.value, str):
            out.append(self.value)
        else:
            self.value.write(out)
        out.append(self.between + "," + self.trail if self.comma else self.between + self.trail)


class Container:
    """An object or an array."""

    __slots__ = ("close", "items", "open", "open_trail", "tail")

    def __init__(self, is_object: bool) -> None:
        self.open, self.close = ("{", "}") if is_object else ("[", "]")
        self.open_trail = ""  # the rest of the opening bracket's line: a comment there is about the whole
        self.items: list[Item] = []
        self.tail = ""  # before the closing bracket

    @property
    def is_object(self) -> bool:
        return self.open == "{"

    def members(self) -> dict[str, Item]:
        """Key -> item. Of duplicate keys the last one counts, as it does for VS Code."""
        return {item.key if "\\" in item.key_text else item.key_text[1:-1]: item for item in self.items}

    def write(self, out: list[str]) -> None:
        out.append(self.open)
        out.append(self.open_trail)
        for item in self.items:
            item.write(out)
        out.append(self.tail)
        out.append(self.close)


Value = Union[str, Container]  # evaluated at run time, on Python 3.9 too
"""Text for scalars, and for objects and arrays of plain JSON that nobody has edited yet; see ``_reader.expand``."""


def text_of(value: Value) -> str:
    """The value as it stands in the file."""
    if isinstance(value, str):
        return value
    out: list[str] = []
    value.write(out)
    return "".join(out)


def to_python(value: Value) -> Any:
    """The value as Python sees it."""
    if isinstance(value, str):
        return from_text(value)
    if value.is_object:
        return {item.key: to_python(item.value) for item in value.items}
    return [to_python(item.value) for item in value.items]


_LITERALS = {"true": True, "false": False, "null": None}


def from_text(text: str) -> Any:
    """A value that is still text, and which the reader has checked."""
    if text[0] == '"':
        return json.loads(text) if "\\" in text else text[1:-1]
    if text[0] in "{[":
        return json.loads(text)
    if text in _LITERALS:
        return _LITERALS[text]
    try:
        return int(text)
    except ValueError:
        return float(text)  # also for integers beyond Python's digit limit; VS Code has only doubles


def same(left: Any, right: Any) -> bool:
    """Equality as JSON means it: ``true`` is not 1, but 1.0 is."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)
