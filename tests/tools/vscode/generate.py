# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files as people, editors and tools leave them, made from a random source, with the owner of each comment known.

The rules of ownership are stated here a second time, by construction: nothing of the engine is used.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import Any

SCALARS: tuple[Any, ...] = (
    0,
    1,
    -1,
    12.5,
    -0.25,
    1e30,
    True,
    False,
    None,
    "",
    "x",
    "a // b",
    "/* c */",
    'q"q',
    "ü𝄞\u2028",
    "\t\\/",
)
NOISE = ("", ' "quoted": 1,', " { [ ", " } ] ,", " // ", " ü", " * ** ", ' "open')
FAMILIES = ("go", "gopls", "editor", "go.toolsManagement", "")


@dataclass
class Comment:
    """One comment: who owns it, and on which side of the owner it stands."""

    tag: str
    owner: tuple[str, ...]  # path of a member; for a comment that stays, of the container
    side: str  # lead | inner | trail | stay


@dataclass
class Made:
    """A text, what it means, and what is known about it."""

    text: str
    value: dict[str, Any]
    newline: str
    comments: list[Comment] = field(default_factory=list)
    objects: list[tuple[str, ...]] = field(default_factory=list)  # paths of objects that have members


class Maker:
    """Makes one file. The same random source makes the same file."""

    def __init__(self, source: random.Random) -> None:
        self.random = source
        self.newline = source.choice(("\n", "\n", "\r\n"))
        self.unit = source.choice(("  ", "    ", "\t", "   "))
        self.count = 0
        self.trailed = False  # whether the last member made has a comment behind it
        self.comments: list[Comment] = []
        self.objects: list[tuple[str, ...]] = []
        self.busy = source.choice((0.0, 0.1, 0.4))  # how likely a comment is at each place

    def make(self) -> Made:
        value: dict[str, Any] = {}
        body = self._object((), value, "", 0)
        head = self._line("stay", ()) + self.newline if self._chance(0.3) else ""
        tail = self.random.choice(("", self.newline, self.newline * 2))
        tail += self._line("stay", ()) if self._chance(0.1) else ""
        mark = "\ufeff" if self._chance(0.1) else ""
        return Made(mark + head + body + tail, value, self.newline, self.comments, self.objects)

    def _chance(self, likely: float) -> bool:
        return self.random.random() < likely

    def _tag(self, side: str, owner: tuple[str, ...]) -> str:
        self.count += 1
        tag = f"c{self.count}."
        self.comments.append(Comment(tag, owner, side))
        return tag

    def _line(self, side: str, owner: tuple[str, ...]) -> str:
        return f"//{self.random.choice(NOISE)} {self._tag(side, owner)}"

    def _block(self, side: str, owner: tuple[str, ...]) -> str:
        inner = (
            self.random.choice((" ", "", "*", f"{self.newline}   * ", self.newline * 2)) if self._chance(0.3) else " "
        )
        return f"/*{inner}{self._tag(side, owner)}{self.random.choice(NOISE)} */"

    def _name(self) -> tuple[str, str]:
        """A new key and how it is written."""
        self.count += 1
        family = self.random.choice(FAMILIES)
        name = (
            f"{family}.k{self.count}"
            if family
            else self.random.choice((f"k{self.count}", f"[k{self.count}]", f"kü{self.count}"))
        )
        text = json.dumps(name, ensure_ascii=self._chance(0.5))
        return name, text.replace("k", "\\u006b") if self._chance(0.05) else text

    def _scalar(self) -> tuple[Any, str]:
        value = self.random.choice(SCALARS)
        text = json.dumps(value, ensure_ascii=self._chance(0.5))
        return value, text

    def _value(self, path: tuple[str, ...], indent: str, depth: int) -> tuple[Any, str]:
        kind = self.random.random()
        if depth < 3 and kind < 0.2:
            value: dict[str, Any] = {}
            return value, self._object(path, value, indent, depth)
        if depth < 3 and kind < 0.35:
            return self._array(path, indent, depth)
        return self._scalar()

    def _array(self, path: tuple[str, ...], indent: str, depth: int) -> tuple[list[Any], str]:
        """Comments in arrays are not touched by edits of keys: they stay with the whole value."""
        elements = [self._scalar() for _ in range(self.random.randrange(4))]
        if self._chance(0.5):
            comment = self._block("inner", path) if self._chance(self.busy) else ""
            return [value for value, _ in elements], "[" + comment + ", ".join(text for _, text in elements) + "]"
        inner = self.newline + indent + self.unit
        lines = [
            inner + text + "," * (i < len(elements) - 1 or self._chance(0.3)) for i, (_, text) in enumerate(elements)
        ]
        lines = [line + (f" {self._line('inner', path)}" if self._chance(self.busy) else "") for line in lines]
        return [value for value, _ in elements], "[" + "".join(lines) + self.newline + indent + "]"

    def _object(self, path: tuple[str, ...], value: dict[str, Any], indent: str, depth: int) -> str:
        size = self.random.randrange(0 if depth else 1, 8 - 2 * depth)
        if size:
            self.objects.append(path)
        if self._chance(0.15 if depth == 0 else 0.4):
            return self._inline(path, value, indent, depth, size)
        inner = indent + self.unit
        out = "{"
        if self._chance(self.busy):
            out += f" {self._line('stay', path)}"
        style = self.random.choice(("", "", "", "comma first", "shared lines"))
        for i in range(size):
            if style == "comma first":
                out += self._comma_first(path, value, inner, depth, first=i == 0)
            else:
                shared = style == "shared lines" and i > 0 and not self.trailed and self._chance(0.4)
                out += self._member(path, value, inner, depth, last=i == size - 1, shared=shared)
        if self._chance(self.busy):
            out += self.newline + inner + self._line("stay", path)
        return out + self.newline + indent + "}"

    def _comma_first(self, path: tuple[str, ...], value: dict[str, Any], inner: str, depth: int, first: bool) -> str:
        """As some people line their commas up."""
        name, text = self._name()
        value[name], body = self._value((*path, name), inner, depth + 1)
        return self.newline + inner + ("  " if first else ", ") + text + ": " + body

    def _member(
        self, path: tuple[str, ...], value: dict[str, Any], inner: str, depth: int, *, last: bool, shared: bool
    ) -> str:
        """One member on lines of its own, or on that of its neighbour."""
        name, text = self._name()
        own = (*path, name)
        out = ""
        if shared:
            out += " "
        elif self._chance(self.busy / 2):  # a comment above a blank line is about a section, not about the key
            out += self.newline + inner + self._line("stay", path) + self.newline
        elif self._chance(0.2):
            out += self.newline
        while not shared and self._chance(self.busy / 2):
            out += self.newline + inner + self.random.choice((self._line, self._block))("lead", own)
        out += ("" if shared else self.newline + inner) + text + self._colon(own)
        value[name], body = self._value(own, inner, depth + 1)
        out += body + (f" {self._block('inner', own)}" if self._chance(self.busy / 3) else "")
        out += "" if last and self._chance(0.7) else ","
        self.trailed = self._chance(self.busy)
        if self.trailed:
            out += " " + self.random.choice((self._line, self._block))("trail", own)
        return out + " " * self._chance(0.1)

    def _inline(self, path: tuple[str, ...], value: dict[str, Any], indent: str, depth: int, size: int) -> str:
        """All members on one line."""
        pad = self.random.choice(("", " ")) if size else ""
        parts = []
        for _ in range(size):
            name, text = self._name()
            own = (*path, name)
            lead = f"{self._block('lead', own)} " if self._chance(self.busy / 2) else ""
            value[name], body = self._value(own, indent, depth + 1)
            after = f" {self._block('inner', own)}" if self._chance(self.busy / 2) else ""
            parts.append(lead + text + self._colon(own) + body + after)
        comma = self.random.choice((", ", ","))
        return "{" + pad + comma.join(parts) + pad + "}"

    def _colon(self, own: tuple[str, ...]) -> str:
        if self._chance(self.busy / 4):
            return f" {self._block('inner', own)}: {self._line('inner', own)}{self.newline}  "
        return self.random.choice((": ", ": ", ": ", ":", " : "))
