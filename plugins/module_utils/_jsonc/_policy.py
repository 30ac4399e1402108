# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what is wanted of a file of settings, key by key, and what that changes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._edit import MISSING, Editor
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._tree import same

POLICIES = ("set", "set_if_absent", "absent", "take_back", "merge", "list_add", "list_remove", "list_merge")
SEPARATOR = " > "
"""Between the steps of a path: dots are part of the names of settings."""


@dataclass(frozen=True)
class Wish:
    """One key, what is to become of it, and the value for that."""

    key: str
    policy: str = "set"
    value: Any = None

    @property
    def path(self) -> list[str]:
        return self.key.split(SEPARATOR)


@dataclass(frozen=True)
class Edit:
    """One change that was made."""

    key: str
    old: Any
    new: Any

    @property
    def what(self) -> str:
        """``key: old -> new`` for people."""
        old, new = (shown(value) for value in (self.old, self.new))
        return f"{self.key}: {old} -> {new}"


@dataclass
class Outcome:
    """A text after all wishes, with what changed and what is worth saying."""

    text: str
    edits: list[Edit] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def shown(value: Any, width: int = 80) -> str:
    """A value on one short line."""
    if value is MISSING:
        return "(nothing)"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= width else text[: width - 4] + " ..."


def wishes_of(settings: dict[str, Any], policies: dict[str, str], remove: bool = False) -> list[Wish]:
    """Settings as a user writes them; without a policy of its own an object is merged, anything else is set."""
    wishes = []
    for key, value in settings.items():
        policy = policies.get(key) or ("merge" if isinstance(value, dict) else "set")
        wishes.append(Wish(key, "absent" if remove else policy, value))
    wishes += [Wish(key, "absent") for key, policy in policies.items() if policy == "absent" and key not in settings]
    return wishes


def apply(editor: Editor, wishes: list[Wish]) -> Outcome:
    """Fulfil all wishes in one pass."""
    outcome = Outcome("")
    for wish in wishes:
        _fulfil(editor, wish, outcome)
    outcome.text = editor.text()
    return outcome


def _fulfil(editor: Editor, wish: Wish, outcome: Outcome) -> None:
    path = wish.path
    old = editor.get(path)
    overruled = editor.duplicates(path)
    if wish.policy in ("absent", "take_back"):
        outcome.edits += _withdraw(editor, path, wish, wish.value)
        return
    if overruled:
        outcome.notices.append(f"{wish.key} stands {overruled + 1} times; the last one counts and was managed")
    if wish.policy == "merge" and isinstance(wish.value, dict) and isinstance(old, dict):
        _merge(editor, path, wish.value, outcome)
        return
    new = _wanted(wish, old)
    if new is not MISSING and editor.set(path, new):
        outcome.edits.append(Edit(wish.key, old, new))


def _withdraw(editor: Editor, path: list[str], wish: Wish, value: Any) -> list[Edit]:
    """Of an object goes what is named, and the object itself when that leaves nothing: the rest is somebody else's."""
    old = editor.get(path)
    edits: list[Edit] = []
    if isinstance(value, dict) and value and isinstance(old, dict):
        edits = [edit for key in value for edit in _withdraw(editor, [*path, key], wish, value[key])]
        if not edits or not editor.is_bare(path):
            return edits
    elif wish.policy == "take_back" and not same(old, value):
        return []
    return [Edit(SEPARATOR.join(path), old, MISSING)] if editor.remove(path) else edits


def _merge(editor: Editor, path: list[str], value: dict[str, Any], outcome: Outcome) -> None:
    for key, new in value.items():
        deeper = [*path, key]
        old = editor.get(deeper)
        if isinstance(new, dict) and isinstance(old, dict) and new:
            _merge(editor, deeper, new, outcome)
        elif not (isinstance(new, dict) and isinstance(old, dict)) and editor.set(deeper, new):
            outcome.edits.append(Edit(SEPARATOR.join(deeper), old, new))


def _wanted(wish: Wish, old: Any) -> Any:
    """The value that a key should have, or ``MISSING`` where it may stay as it is."""
    if wish.policy == "set_if_absent" and old is not MISSING:
        return MISSING
    if wish.policy.startswith("list_"):
        given = wish.value if isinstance(wish.value, list) else [wish.value]
        return _LISTS[wish.policy](old, given)
    return wish.value


def _list_add(old: Any, given: list[Any]) -> Any:
    have = old if isinstance(old, list) else []
    return have + [one for one in given if not any(same(one, other) for other in have)]


def _list_remove(old: Any, given: list[Any]) -> Any:
    if not isinstance(old, list):
        return MISSING
    return [one for one in old if not any(same(one, other) for other in given)]


def _list_merge(old: Any, given: list[Any]) -> Any:
    """Elements are known by name, as tasks and launch configurations are: one that is there gets the new members."""
    result = list(old) if isinstance(old, list) else []
    for one in given:
        at = [i for i, other in enumerate(result) if _name(one) is not None and _name(other) == _name(one)]
        if at:
            result[at[0]] = {**result[at[0]], **one}
        elif not any(same(one, other) for other in result):
            result.append(one)
    return result


def _name(element: Any) -> Any:
    return (element.get("name") or element.get("label")) if isinstance(element, dict) else None


_LISTS = {"list_add": _list_add, "list_remove": _list_remove, "list_merge": _list_merge}
