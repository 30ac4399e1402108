# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: read JSON with comments as VS Code does: comments, trailing commas, empty files.

Anything that VS Code's own parser reports as an error is refused here, with line and column.
https://github.com/microsoft/node-jsonc-parser/blob/main/src/impl/scanner.ts
"""

from __future__ import annotations

import json
import re
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._tree import (
    Container,
    Item,
    Value,
    to_python,
)

MAX_DEPTH = 200
"""Far beyond any settings file, far below what would exhaust Python's stack."""

# No two parts of these patterns can match the same text in two ways, so they never backtrack into a comment
# and never take more than linear time.
_BLOCK = r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/"
_SPACE = r"[ \t\r\n]*"
_TRIVIA = rf"{_SPACE}(?:(?://[^\r\n]*(?:[\r\n]|\Z)|{_BLOCK}){_SPACE})*"
_STRING = r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"'
_SCALAR = rf"{_STRING}|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null"
_TRAIL = rf"(?:(?:[ \t]*(?://[^\r\n]*|{_BLOCK}))*[ \t]*(?=[\r\n]))?"
_REST = rf"(?:({_SCALAR})({_TRIVIA}),({_TRAIL}))?"

TRIVIA = re.compile(_TRIVIA)
TRAIL = re.compile(_TRAIL)
SCALAR = re.compile(_SCALAR)
MEMBER = re.compile(rf"({_TRIVIA})({_STRING})({_TRIVIA}:{_TRIVIA}){_REST}")
ELEMENT = re.compile(rf"({_TRIVIA})()(){_REST}")
COMMA = re.compile(rf"({_TRIVIA}),({_TRAIL})")


class JsoncError(ValueError):
    """The text is not JSON with comments; knows where and shows it."""

    def __init__(self, text: str, offset: int, cause: str) -> None:
        self.offset, self.cause = offset, cause
        lines = re.split(r"\r\n|\n|\r", text[:offset])
        self.line, self.column = len(lines), len(lines[-1]) + 1
        self.source = lines[-1] + re.split(r"[\r\n]", text[offset:], maxsplit=1)[0]
        super().__init__(f"line {self.line}, column {self.column}: {cause}")

    def shown(self, width: int = 100) -> str:
        """The line itself with a caret under the place; a very long line is cut around it."""
        begin = max(0, self.column - 1 - width // 2) if len(self.source) > width else 0
        excerpt = self.source[begin : begin + width]
        pad = "".join("\t" if char == "\t" else " " for char in excerpt[: self.column - 1 - begin])
        return f"{excerpt}\n{pad}^"


class Document:
    """A whole file: byte order mark, what comes before the value, the value (if any), what comes after."""

    def __init__(self, text: str) -> None:
        self.mark = "\ufeff" if text.startswith("\ufeff") else ""
        self.head, self.root, self.tail = _Reader(text[len(self.mark) :]).document()

    def text(self) -> str:
        out = [self.mark, self.head]
        if isinstance(self.root, str):
            out.append(self.root)
        elif self.root is not None:
            self.root.write(out)
        out.append(self.tail)
        return "".join(out)

    def value(self, empty: Any = None) -> Any:
        """The content, or ``empty`` where there is none (an empty, blank or comment-only file)."""
        return empty if self.root is None else to_python(self.root)


def parse(text: str, empty: Any = None) -> Any:
    """The value of a text with comments and trailing commas; raises ``JsoncError`` with line and column."""
    return Document(text).value(empty)


def expand(item: Item) -> Value:
    """The value of an item, as a tree where it is an object or an array."""
    if isinstance(item.value, str) and item.value.startswith(("{", "[")):
        item.value = _Reader(item.value, quick=False).tree()
    return item.value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


# What raw_decode itself calls; the type stubs do not know it.
_SCAN = json.JSONDecoder(parse_constant=_no_constant).scan_once  # type: ignore[attr-defined]
_PATIENCE = 64
"""Each failed attempt counts the lines of the file; values with comments in them may be many."""


class _Reader:
    def __init__(self, text: str, quick: bool = True) -> None:
        self.text = text
        self._patience = _PATIENCE if quick else 0

    def tree(self) -> Container:
        return self._container(0, 0)[0]

    def document(self) -> tuple[str, Value | None, str]:
        pos = self._skip(0)
        if pos == len(self.text):
            return self.text, None, ""
        root, end = self._value(pos, 0)
        rest = self._skip(end)
        if rest < len(self.text):
            raise self._error(rest, "the end of the file")
        return self.text[:pos], root, self.text[end:]

    def _skip(self, pos: int) -> int:
        match = TRIVIA.match(self.text, pos)
        return match.end() if match else pos

    def _value(self, pos: int, depth: int) -> tuple[Value, int]:
        if self.text.startswith(("{", "["), pos):
            if depth >= MAX_DEPTH:
                raise JsoncError(self.text, pos, f"nested deeper than {MAX_DEPTH} levels")
            end = self._plain(pos, depth) if depth else 0
            return (self.text[pos:end], end) if end else self._container(pos, depth)
        match = SCALAR.match(self.text, pos)
        if match is None:
            raise self._error(pos, "a value")
        return match.group(), match.end()

    def _plain(self, pos: int, depth: int) -> int:
        """The end of a value that is plain JSON, found by Python's own scanner in C, or 0. It stays text for now."""
        if self._patience == 0:
            return 0
        try:
            _value, end = _SCAN(self.text, pos)
        except (ValueError, StopIteration, RecursionError):  # comments, trailing commas, or no JSON at all
            self._patience -= 1
            return 0
        brackets = self.text.count("{", pos, end) + self.text.count("[", pos, end)
        return end if brackets < MAX_DEPTH - depth else 0

    def _container(self, pos: int, depth: int) -> tuple[Container, int]:
        text = self.text
        node = Container(text[pos] == "{")
        pattern = MEMBER if node.is_object else ELEMENT
        node.open_trail = TRAIL.match(text, pos + 1).group()  # type: ignore[union-attr]  # matches the empty text
        pos += 1 + len(node.open_trail)
        while True:
            match = pattern.match(text, pos)
            if match is None:
                return node, self._close(node, pos)
            lead, key, colon, value, between, trail = match.groups()
            if value is not None:
                node.items.append(Item(lead, key, colon, value, between, True, trail))
                pos = match.end()
                continue
            if not node.is_object and text.startswith("]", match.end()):
                return node, self._close(node, pos)
            pos = match.end()
            child, pos = self._value(pos, depth + 1)
            comma = COMMA.match(text, pos)
            if comma is not None:
                node.items.append(Item(lead, key, colon, child, comma[1], True, comma[2]))
                pos = comma.end()
                continue
            item = Item(lead, key, colon, child, comma=False)
            node.items.append(item)
            after = self._skip(pos)
            item.between, item.trail = _ends(text[pos:after])
            return node, self._close(node, pos + len(item.between) + len(item.trail), "',' or ")

    def _close(self, node: Container, pos: int, other: str = "") -> int:
        end = self._skip(pos)
        if not self.text.startswith(node.close, end):
            other = other or ("a property name in double quotes or " if node.is_object else "a value or ")
            raise self._error(end, f"{other}'{node.close}'")
        node.tail = self.text[pos:end]
        return end + 1

    def _error(self, pos: int, wanted: str) -> JsoncError:
        """Say it for people: the commonest mistakes by name."""
        text = self.text
        pos, found = self._mistake(pos, wanted.startswith("a property"))
        if not found:
            end = pos >= len(text)
            found = f"{'the file ends' if end else repr(text[pos]) + ' stands'} where {wanted} is expected"
        return JsoncError(text, pos, found)

    def _mistake(self, pos: int, key: bool) -> tuple[int, str]:
        text = self.text
        if text.startswith("/*", pos):
            return pos, "this comment is never closed"
        if text.startswith(("<<<<<<<", "=======", ">>>>>>>"), pos):
            return pos, "a merge conflict is not resolved"
        if text.startswith("'", pos):
            return pos, "strings are written in double quotes"
        if text.startswith('"', pos):
            end, found = self._broken_string(pos)
            if found or not key:
                return end if found else pos, found
            return self._skip(end), f"':' is missing after {text[pos:end]}"
        return pos, ""

    def _broken_string(self, pos: int) -> tuple[int, str]:
        """Where and how a string is wrong; of one that is right, its end."""
        end = pos + 1
        while True:
            end = re.compile(r'[^"\\\x00-\x1f]*').match(self.text, end).end()  # type: ignore[union-attr]
            if end >= len(self.text) or self.text[end] in "\r\n":
                return pos, "this string is never closed"
            if self.text[end] == '"':
                return end + 1, ""
            if self.text[end] != "\\":
                return end, "a control character inside a string is written as an escape, like \\t"
            escape = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})').match(self.text, end)
            if escape is None:
                return end, "this escape does not exist in JSON"
            end = escape.end()


def _ends(text: str) -> tuple[str, str]:
    """What follows a last value without comma: up to the last comment on its line is the value's own."""
    trail = TRAIL.match(text).group()  # type: ignore[union-attr]
    if trail or text[:1] in ("\r", "\n"):
        return "", trail
    return text.rstrip(" \t"), ""  # block comments only: no line break stands between them and the bracket
