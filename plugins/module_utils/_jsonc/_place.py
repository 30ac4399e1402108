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
        self._families: dict[str, list[Item]] | None = None

    def get(self, key: str) -> Item | None:
        return self.members.get(key)

    def add(self, item: Item) -> None:
        self.members[item.key] = item
        self._families = None if len(self._node.items) < 2 else self._families
        if self._families is not None:
            family = self._families.setdefault(self._family(item.key), [])
            family.append(item)

    def drop(self, item: Item) -> None:
        if self.members.get(item.key) is item:
            del self.members[item.key]
        self._families = None

    def place(self, key: str) -> int:
        """The index for a new key: among its closest relatives, else at the end."""
        items = self._node.items
        if self._families is None:
            self._families = {}
            for item in items:
                self._families.setdefault(self._family(item.key), []).append(item)
        family = self._families.get(self._family(key))
        if not family:
            return len(items)
        closeness = [_common(item.key, key) for item in family]
        nearest = [item for item, common in zip(family, closeness) if common == max(closeness)]
        positions = sorted((_position(items, item), item.key) for item in nearest)
        keys = [name for _, name in positions]
        if len(keys) > 1 and keys == sorted(keys):
            smaller = [position for position, name in positions if name < key]
            if smaller:
                return smaller[-1] + 1
        return positions[-1][0] + 1

    def _family(self, key: str) -> str:
        if key.startswith("["):
            return "["
        head = key.partition(".")[0]
        return self._relatives.get(head, head)


def _position(items: list[Item], wanted: Item) -> int:
    return next(i for i, item in enumerate(items) if item is wanted)


def _common(left: str, right: str) -> int:
    """How many dotted parts two keys begin with alike."""
    count = 0
    for one, other in zip(left.split("."), right.split(".")):
        if one != other:
            break
        count += 1
    return count
