# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: set and remove values in JSON with comments, and touch nothing else."""

from __future__ import annotations

import difflib
import json
import re
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._layout import (
    Layout,
    indent_of,
    line_start,
    scalar_text,
    value_text,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._place import Neighbours
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._reader import Document, expand
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._tree import (
    Container,
    Item,
    same,
    to_python,
)

MISSING: Any = object()
"""What ``get`` returns where there is nothing: ``None`` is a value."""

_BREAK = re.compile(r"[\r\n]")
_BLANK_LINE = re.compile(r"(?:\r\n|\n|\r(?!\n))[ \t]*(?=\r|\n)")
_COMMENT_OR_BLANK_LINE = re.compile(rf"//[^\r\n]*|/\*.*?\*/|(?P<blank>{_BLANK_LINE.pattern})", re.DOTALL)


class Editor:
    """Edits a text key by key. ``path`` is a list of object keys; dots in them mean nothing here."""

    def __init__(self, text: str, relatives: dict[str, str] | None = None) -> None:
        self.document = Document(text)
        self.layout = Layout.of(self.document, text)
        self._relatives = relatives or {}
        self._neighbours: dict[int, Neighbours] = {}

    def text(self) -> str:
        return self.document.text()

    def get(self, path: list[str]) -> Any:
        """The value at a path, or ``MISSING``."""
        parent = self._container(path[:-1])
        item = None if parent is None else self._index(parent).get(path[-1])
        return MISSING if item is None else to_python(item.value)

    def duplicates(self, path: list[str]) -> int:
        """How many members of this name are overruled by a later one."""
        parent = self._container(path[:-1])
        if parent is None or len(self._index(parent).members) == len(parent.items):
            return 0
        return max(0, sum(item.key == path[-1] for item in parent.items) - 1)

    def is_bare(self, path: list[str]) -> bool:
        """Whether an object is there that holds nothing, not even a comment."""
        node = self._container(path)
        return node is not None and not node.items and not (node.open_trail + node.tail).strip()

    def set(self, path: list[str], value: Any) -> bool:
        """Give a path a value; makes the objects on the way. False where it has that value already."""
        old = self.get(path)
        if old is not MISSING and same(old, value):
            return False
        node, indent = self._root(), ""
        for depth, key in enumerate(path):
            item = self._index(node).get(key)
            if item is None:
                self._insert(node, key, _nested(path[depth + 1 :], value), indent)
                return True
            own = indent_of(item)
            indent = indent if own is None else own
            if depth == len(path) - 1:
                self._assign(item, value, indent)
                return True
            inner = expand(item)
            if not isinstance(inner, Container) or not inner.is_object:
                item.value = value_text(_nested(path[depth + 1 :], value), self.layout, indent)
                return True
            node = inner
        return True

    def remove(self, path: list[str]) -> bool:
        """Remove a member and its own comments, with every duplicate of it."""
        parent = self._container(path[:-1])
        item = None if parent is None else self._index(parent).get(path[-1])
        if parent is None or item is None:
            return False
        if self.duplicates(path):
            for other in [one for one in parent.items if one.key == path[-1] and one is not item]:
                self._remove(parent, other)
        self._remove(parent, item)
        return True

    def _root(self) -> Container:
        root = self.document.root
        if root is None:
            root = Container(is_object=True)
            if self.document.head and not self.document.head.endswith(("\n", "\r")):
                self.document.head += self.layout.newline
            self.document.root, self.document.tail = root, self.layout.newline
        if not isinstance(root, Container) or not root.is_object:
            raise TypeError("the file holds no object")
        return root

    def _container(self, path: list[str]) -> Container | None:
        node: Any = self.document.root
        for key in path:
            item = self._index(node).get(key) if isinstance(node, Container) and node.is_object else None
            node = None if item is None else expand(item)
        return node if isinstance(node, Container) and node.is_object else None

    def _index(self, node: Container) -> Neighbours:
        index = self._neighbours.get(id(node))
        if index is None:
            index = self._neighbours[id(node)] = Neighbours(node, self._relatives)
        return index

    def _assign(self, item: Item, value: Any, indent: str) -> None:
        """Replace a value; inside objects and arrays only what differs, so that their comments stay."""
        node = expand(item)
        if isinstance(node, Container) and node.is_object and isinstance(value, dict) and value:
            for key in [child.key for child in node.items if child.key not in value]:
                for child in [child for child in node.items if child.key == key]:
                    self._remove(node, child)
            for key, new in value.items():
                member = self._index(node).get(key)
                if member is None:
                    self._insert(node, key, new, indent)
                elif not same(to_python(member.value), new):
                    own = indent_of(member)
                    self._assign(member, new, indent if own is None else own)
        elif isinstance(node, Container) and not node.is_object and isinstance(value, list) and value:
            self._assign_list(node, value, indent)
        else:
            item.value = value_text(value, self.layout, indent)

    def _assign_list(self, node: Container, value: list[Any], indent: str) -> None:
        before = [json.dumps(to_python(item.value), sort_keys=True) for item in node.items]
        after = [json.dumps(element, sort_keys=True) for element in value]
        steps = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        for act, i1, i2, j1, j2 in reversed(steps):  # from the end, so that indices stay right
            if act == "equal":
                continue
            common = min(i2 - i1, j2 - j1)
            for offset in range(common):
                item = node.items[i1 + offset]
                if not same(to_python(item.value), value[j1 + offset]):
                    own = indent_of(item)
                    self._assign(item, value[j1 + offset], indent if own is None else own)
            for item in node.items[i1 + common : i2]:
                self._remove(node, item)
            for offset in range(common, j2 - j1):
                self._insert(node, None, value[j1 + offset], indent, i1 + offset)

    def _insert(self, node: Container, key: str | None, value: Any, base: str, at: int | None = None) -> None:
        """Put a new item between its neighbours; ``base`` is the indentation of the container's own line."""
        index = self._index(node)
        if at is None:
            at = len(node.items) if key is None else index.place(key)
        if not node.items:
            lead = self._open_up(node, base)
            colon = self.layout.colon
        else:
            lead = self._lead(node, at, base)
            colon = node.items[max(0, at - 1)].colon
            colon = colon if colon.strip(" \t") == ":" else self.layout.colon
        start = line_start(lead)
        text = value_text(value, self.layout, base if start is None else start[1])
        item = Item(lead, "" if key is None else scalar_text(key), "" if key is None else colon, text)
        if at == len(node.items):
            item.comma = node.items[-1].comma if node.items else False
            if node.items and not item.comma:
                node.items[-1].comma = True
                node.items[-1].between += _comma_first(node.items[-2:-1])
        elif at:
            item.between = _comma_first(node.items[at - 1 : at])
        else:
            self._second(node, lead)
        index.add(item, node.items[at - 1] if at else None)
        node.items.insert(at, item)

    def _second(self, node: Container, lead: str) -> None:
        """The first item of a one-line array becomes its second: give it the space that second items have."""
        first = node.items[0]
        if not lead.strip() and not first.lead:
            first.lead = node.items[1].lead if len(node.items) > 1 and not node.items[1].lead.strip() else " "

    def _open_up(self, node: Container, base: str) -> str:
        """Make room in an empty container; comments in it stay below the new item, where removing leaves them."""
        layout = self.layout
        if layout.inline and not node.open_trail and not node.tail.strip():
            return ""
        inner = layout.newline + base + layout.unit
        comment = re.search(r"(?:\r\n|\n|\r)[ \t]+(?=/)", node.tail)
        if comment:
            inner = comment.group()
        elif not node.tail.strip():
            node.tail = node.tail if "\n" in node.tail or "\r" in node.tail else layout.newline + base
        elif not node.tail.startswith(("\n", "\r")):
            node.tail = inner + node.tail.strip() + layout.newline + base
        return inner

    def _lead(self, node: Container, at: int, base: str) -> str:
        """White space for an item at this place, as its neighbours have it."""
        previous = node.items[at - 1] if at else None
        if 0 < at < len(node.items) and not _BREAK.search(node.items[at].lead):
            return " " if node.items[at].lead.strip() else node.items[at].lead
        models = [item for item in (previous, *node.items[1:2], node.items[0]) if item is not None]
        for model in models:
            start = line_start(model.lead)
            if start is not None:
                return "".join(start)
            if model is not node.items[0] and not model.lead.strip() and not (previous and previous.trail):
                return node.items[0].lead if at == 0 and not node.items[0].lead.strip() else model.lead
        if (previous is not None and previous.trail) or (at == 0 and node.open_trail):
            return self.layout.newline + base + self.layout.unit
        if at == 0:
            return ""
        return "" if self.layout.inline and self.layout.colon == ":" else " "

    def _remove(self, node: Container, item: Item) -> None:
        at = node.items.index(item)
        self._index(node).drop(item)
        del node.items[at]
        previous = node.items[at - 1] if at else None
        before = node.open_trail if previous is None else previous.trail
        kept, own = _split_lead(item.lead)
        if at < len(node.items):
            follower = node.items[at]
            follower.lead = self._after_comment(before, _close_gap(kept, own, follower.lead, previous is None))
            return
        if previous is not None and not item.comma:
            previous.comma = False
            previous.between = previous.between if previous.between.strip() else ""
        kept = kept.rstrip(" \t\r\n")
        node.tail = self._after_comment(before, kept + self._after_comment(kept, node.tail))
        if not node.items and not (node.open_trail + node.tail).strip():
            node.open_trail = node.tail = ""

    def _after_comment(self, before: str, text: str) -> str:
        """A text that does not become part of the line comment before it."""
        return self.layout.newline + text if "//" in before and not text.startswith(("\n", "\r")) else text


def _nested(path: list[str], value: Any) -> Any:
    for key in reversed(path):
        value = {key: value}
    return value


def _comma_first(items: list[Item]) -> str:
    """What stands before the comma where commas begin the lines."""
    return items[0].between if items and not items[0].between.strip() and _BREAK.search(items[0].between) else ""


def _split_lead(lead: str) -> tuple[str, str]:
    """What of the text above a key stays when the key goes: all above the last blank line."""
    end = 0
    for match in _COMMENT_OR_BLANK_LINE.finditer(lead):
        end = match.end() if match.group("blank") is not None else end
    return lead[:end], lead[end:]


def _close_gap(kept: str, own: str, lead: str, first: bool) -> str:
    """The text above the next key once the key before it is gone."""
    start = line_start(own)
    if start is not None and not _BREAK.search(lead):
        lead = "".join(start) + lead.lstrip(" \t")
    elif first and not own.strip() and not lead.strip() and not _BREAK.search(lead):
        lead = own  # on one line: the new first keeps the distance to the bracket
    if not kept.strip() and _BLANK_LINE.match(lead):
        return lead
    return kept + lead
