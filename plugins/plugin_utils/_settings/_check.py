# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: whether settings mean what their author thinks, before any machine is touched."""

from __future__ import annotations

from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._policy import SEPARATOR
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._tree import same

_PYTHON = {"boolean": bool, "string": str, "object": dict, "array": list, "integer": int, "number": (int, float)}
_USER_ONLY = ("machine", "application")


class Checker:
    """Knows the settings of the Go extension and of gopls; says nothing about other extensions' keys."""

    def __init__(self, extension: dict[str, Any], gopls: dict[str, Any]) -> None:
        self._settings: dict[str, dict[str, Any]] = extension["settings"]
        self._removed: dict[str, dict[str, str]] = extension["removed"]
        self._invented: dict[str, str] = extension["invented"]
        self._gopls = gopls

    def problems(self, settings: dict[str, Any], kinds: list[str]) -> list[str]:
        """One sentence for each thing that is wrong; ``kinds`` are those of the targets."""
        found: list[str] = []
        for key, value in settings.items():
            found += self._key(key, value, kinds)
        return found

    def obsolete(self) -> dict[str, str]:
        """Every path that does nothing in any file, with a sentence about it."""
        gone = {key: self._gone(key) for key in (*self._removed, *self._invented)}
        for name in self._gopls["removed"]:
            gone.setdefault(f"gopls{SEPARATOR}{name}", f"gopls > {name} was removed from gopls")
        return gone

    def _gone(self, key: str) -> str:
        if key in self._invented:
            return f"{key} never existed and does nothing; use {self._invented[key]}"
        entry = self._removed[key]
        modern = f"; use {entry['modern']}" if entry["modern"] else ""
        return f"{key} was removed from the Go extension after {entry['last']} and does nothing{modern}"

    def _key(self, key: str, value: Any, kinds: list[str]) -> list[str]:
        path = key.split(SEPARATOR)
        if path[0] == "gopls":
            return self._gopls_keys(self._wrap(path[1:], value))
        if not path[0].startswith("go."):
            return []
        found = self._removed_below(path, value)
        if found or len(path) > 1:
            return found
        rule = self._settings.get(key)
        if rule is None:
            return [f"{key} is no setting of the Go extension"]
        return [*self._value(key, value, rule), *self._scope(key, rule, kinds)]

    def _removed_below(self, path: list[str], value: Any) -> list[str]:
        """The key itself, or a member of its object, that no longer exists."""
        key = SEPARATOR.join(path)
        if key in self._removed or key in self._invented:
            return [self._gone(key)]
        members = value if isinstance(value, dict) else {}
        return [self._gone(f"{key}{SEPARATOR}{one}") for one in members if f"{key}{SEPARATOR}{one}" in self._removed]

    @staticmethod
    def _wrap(path: list[str], value: Any) -> Any:
        for key in reversed(path):
            value = {key: value}
        return value

    def _value(self, key: str, value: Any, rule: dict[str, Any]) -> list[str]:
        found = []
        if rule["type"] and not any(_is(value, kind) for kind in rule["type"]):
            found.append(f"{key} is {_kind(value)}, but must be {' or '.join(rule['type'])}")
        elif rule.get("enum") and value is not None and not any(same(value, one) for one in rule["enum"]):
            found.append(f"{key} is {value!r}, but must be one of {', '.join(map(repr, rule['enum']))}")
        if rule.get("deprecated"):
            found.append(f"{key} is deprecated: {rule['deprecated']}")
        return found

    @staticmethod
    def _scope(key: str, rule: dict[str, Any], kinds: list[str]) -> list[str]:
        """VS Code ignores a machine's setting in a workspace (machine-overridable ones it reads there too)."""
        wrong = [kind for kind in kinds if kind.startswith("workspace") and rule["scope"] in _USER_ONLY]
        return [f"{key} has the scope {rule['scope']} and is ignored in a workspace"] if wrong else []

    def _gopls_keys(self, value: Any) -> list[str]:
        if not isinstance(value, dict):
            return [f"gopls is {_kind(value)}, but must be object"]
        found: list[str] = []
        seen: dict[str, str] = {}
        for key, one in value.items():
            name = key.rpartition(".")[2]  # gopls looks at the last dotted word only
            if name in seen:
                found.append(f"gopls > {key} and gopls > {seen[name]} are the same setting")
            seen[name] = key
            found += self._gopls_key(key, name, one)
        return found

    def _gopls_key(self, key: str, name: str, value: Any) -> list[str]:
        table, shown = self._gopls, f"gopls{SEPARATOR}{key}"
        if name in table["removed"]:
            return [f"{shown} was removed from gopls after {table['removed'][name]}"]
        if name in table["deprecated"]:
            modern = table["deprecated"][name]
            return [f"{shown} is deprecated" + (f"; use {modern}" if modern else "")]
        rule = table["settings"].get(name)
        if rule is None:
            known = name in table["undocumented"] or name in table["newer"]
            return [] if known else [f"{shown} is no setting of gopls {table['gopls']}"]
        return self._value(shown, value, rule)


def _is(value: Any, kind: str) -> bool:
    if kind == "null":
        return value is None
    wanted = _PYTHON[kind]
    return isinstance(value, wanted) and (kind == "boolean" or not isinstance(value, bool))  # type: ignore[arg-type]


def _kind(value: Any) -> str:
    """Its name in JSON; values from a playbook are of subclasses of the plain types."""
    names = (("boolean", bool), ("string", str), ("object", dict), ("array", list), ("integer", int))
    return next((name for name, kind in names if isinstance(value, kind)), "null" if value is None else "number")
