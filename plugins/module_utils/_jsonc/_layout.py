# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: how a file is laid out, so that what is new in it looks like what was there."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._reader import Document, expand
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._tree import Container, Item

_LINE_START = re.compile(r"(\r\n|\n|\r)([ \t]*)(?:/\*[^\r\n]*?\*/[ \t]*)*\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Layout:
    """Indentation, line ending and spacing of a file."""

    unit: str = "    "  # what VS Code itself writes
    newline: str = "\n"
    colon: str = ": "
    inline: bool = False  # everything on one line, as minifiers leave it

    @classmethod
    def of(cls, document: Document, text: str) -> Layout:
        # The file's first line break decides; beside a neighbour that begins a line, the neighbour's own.
        newline = newline_of(text) or "\n"
        root = document.root
        if not isinstance(root, Container) or not root.items:
            return cls(newline=newline)
        inline = not any(_breaks(item.lead) for item in root.items) and not _breaks(root.tail)
        colon = root.items[0].colon
        return cls(_unit(root), newline, colon if colon.strip(" \t") == ":" else ": ", inline)


def newline_of(text: str) -> str:
    """The first line ending of a text, or nothing."""
    match = re.search(r"\r\n|\n|\r", text)
    return match.group() if match else ""


def _breaks(text: str) -> bool:
    return "\n" in text or "\r" in text


def _unit(root: Container) -> str:
    for item in root.items:
        indent = indent_of(item)
        if indent:
            return indent
        value = expand(item)
        if isinstance(value, Container):
            for child in value.items:
                indent = indent_of(child)
                if indent:
                    return indent
    return "    "


def indent_of(item: Item) -> str | None:
    """The white space before an item that begins a line; ``None`` for one that does not."""
    start = line_start(item.lead)
    return None if start is None else start[1]


def line_start(lead: str) -> tuple[str, str] | None:
    """Line break and indentation of the line that ends here, or ``None`` where no line begins in this text."""
    match = _LINE_START.search(lead)
    return (match.group(1), match.group(2)) if match else None


def scalar_text(value: Any) -> str:
    """A string, number or literal as JSON; what UTF-8 cannot hold stays an escape."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} has no form in JSON")
    text = json.dumps(value, ensure_ascii=False)
    return _SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def value_text(value: Any, layout: Layout, indent: str) -> str:
    """A value laid out like the rest of the file; ``indent`` is that of the line it begins on."""
    if not isinstance(value, (dict, list, tuple)):
        return scalar_text(value)
    is_object = isinstance(value, dict)
    open_, close = "{}" if is_object else "[]"
    if not value:
        return open_ + close
    inner = indent + layout.unit
    if isinstance(value, dict):
        parts = [scalar_text(str(k)) + layout.colon + value_text(v, layout, inner) for k, v in value.items()]
    else:
        parts = [value_text(element, layout, inner) for element in value]
    if layout.inline:
        return open_ + ("," if layout.colon == ":" else ", ").join(parts) + close
    lines = ("," + layout.newline).join(inner + part for part in parts)
    return f"{open_}{layout.newline}{lines}{layout.newline}{indent}{close}"
