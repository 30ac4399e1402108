# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: where in an object a person would put a new key."""

from __future__ import annotations

from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._tree import Container, Item


class Neighbours:
    """The members of one object by key, and by family: ``go.lintTool`` is of the family ``go``."""

    def __init__(self, node: Container, relatives: dict[str, str]) -> None:
        self._node = node
        self._relatives = relatives
        self.members: dict[str, Item] = node.members() if node.is_object else {}
        self._families: dict[str, list[tuple[str, Item]]] | None = None  # each in the order of the file

    def get(self, key: str) -> Item | None:
        return self.members.get(key)

    def add(self, item: Item, previous: Item | None) -> None:
        """A new member, which stands behind this one; in an array there is nothing to remember."""
        if not self._node.is_object:
            return
        key = item.key
        self.members[key] = item
        if self._families is not None:
            family = self._families.setdefault(self._family(key), [])
            behind = [at for at, (_name, other) in enumerate(family, 1) if other is previous]
            family.insert(behind[0] if behind else len(family), (key, item))

    def drop(self, item: Item) -> None:
        """A member that goes; of duplicates the one that counts goes last."""
        if not self._node.is_object:
            return
        key = item.key
        if self.members.get(key) is item:
            del self.members[key]
        if self._families is not None:
            self._families[self._family(key)].remove((key, item))

    def place(self, key: str) -> int:
        """The index for a new key: among its closest relatives, else at the end."""
        items = self._node.items
        nearest = self._nearest(key)
        if not nearest:
            return len(items)
        keys = [name for name, _item in nearest]
        anchor = nearest[-1][1]
        if len(keys) > 1 and keys == sorted(keys):
            smaller = [item for name, item in nearest if name < key]
            anchor = smaller[-1] if smaller else anchor
        return items.index(anchor) + 1

    def _nearest(self, key: str) -> list[tuple[str, Item]]:
        """The members that have most dotted parts in common with a key, counted from its beginning."""
        if self._families is None:
            self._families = {}
            for item in self._node.items:
                name = item.key
                self._families.setdefault(self._family(name), []).append((name, item))
        family = self._families.get(self._family(key), [])
        parts = key.split(".")
        for depth in range(len(parts), 1, -1):
            stem = ".".join(parts[:depth])
            found = [one for one in family if one[0].startswith(stem + ".") or one[0] == stem]
            if found:
                return found
        return family

    def _family(self, key: str) -> str:
        if key.startswith("["):
            return "["
        head = key.partition(".")[0]
        return self._relatives.get(head, head)
