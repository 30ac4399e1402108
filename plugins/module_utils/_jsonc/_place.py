# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: where in an object a person would put a new key."""

from __future__ import annotations

from bisect import bisect_left

from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._tree import Container, Item


class Neighbours:
    """The members of one object by key, and by family: ``go.lintTool`` is of the family ``go``."""

    def __init__(self, node: Container, relatives: dict[str, str]) -> None:
        self._node = node
        self._relatives = relatives
        self.members: dict[str, Item] = node.members() if node.is_object else {}
        # Of each family that was asked for: its members by every beginning of their names, in the order of the file.
        self._families: dict[str, dict[str, list[tuple[str, Item]]]] = {}

    def get(self, key: str) -> Item | None:
        return self.members.get(key)

    def add(self, item: Item, previous: Item | None) -> None:
        """A new member, which stands behind this one; in an array there is nothing to remember."""
        if not self._node.is_object:
            return
        key = item.key
        self.members[key] = item
        groups = self._families.get(self._family(key))
        if groups is None:
            return
        for beginning in _beginnings(key):
            group = groups.setdefault(beginning, [])
            behind = [at for at, (_name, other) in enumerate(group, 1) if other is previous]
            group.insert(behind[0] if behind else len(group), (key, item))

    def drop(self, item: Item) -> None:
        """A member that goes; of duplicates the one that counts goes last."""
        if not self._node.is_object:
            return
        key = item.key
        if self.members.get(key) is item:
            del self.members[key]
        groups = self._families.get(self._family(key))
        if groups is not None:
            for beginning in _beginnings(key):
                groups[beginning].remove((key, item))

    def place(self, key: str) -> int:
        """The index for a new key: among its closest relatives, else at the end."""
        items = self._node.items
        nearest = self._nearest(key)
        if not nearest:
            return len(items)
        keys = [name for name, _item in nearest]
        anchor = nearest[-1][1]
        if len(keys) > 1 and keys == sorted(keys):
            smaller = bisect_left(keys, key)
            anchor = nearest[smaller - 1][1] if smaller else anchor
        return items.index(anchor) + 1

    def _nearest(self, key: str) -> list[tuple[str, Item]]:
        """The members that have most dotted parts in common with a key, counted from its beginning."""
        family = self._family(key)
        groups = self._families.get(family)
        if groups is None:
            groups = self._families[family] = self._gather(family)
        for beginning in _beginnings(key):
            group = groups.get(beginning)
            if group:
                return group
        return []

    def _gather(self, family: str) -> dict[str, list[tuple[str, Item]]]:
        heads = [family, *(head for head, of in self._relatives.items() if of == family)]
        quoted = ('"[',) if family == "[" else tuple(f'"{head}{end}' for head in heads for end in '."')
        groups: dict[str, list[tuple[str, Item]]] = {}
        for item in self._node.items:
            text = item.key_text
            if text.startswith(quoted) or ("\\" in text and self._family(item.key) == family):
                key = item.key
                for beginning in _beginnings(key):
                    groups.setdefault(beginning, []).append((key, item))
        return groups

    def _family(self, key: str) -> str:
        if key.startswith("["):
            return "["
        head = key.partition(".")[0]
        return self._relatives.get(head, head)


def _beginnings(key: str) -> list[str]:
    """A key and its beginnings of two or more dotted parts, the longest first; then nothing, for the whole family."""
    parts = key.split(".")
    return [".".join(parts[:depth]) for depth in range(len(parts), 1, -1)] + [""]
