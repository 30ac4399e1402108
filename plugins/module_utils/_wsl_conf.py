# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: /etc/wsl.conf edited by section and key, with every other byte kept.

WSL reads it as an INI file whose section and key names have no case, once, when the distribution starts.
https://learn.microsoft.com/windows/wsl/wsl-config
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Union

Value = Union[str, bool, int, Sequence[str], None]
_SECTION = re.compile(r"\s*\[(?P<name>[^\]]*)\]\s*(#.*)?$")
_KEY = re.compile(r"(?P<before>\s*)(?P<key>[^=#\s\[][^=#]*?)(?P<equals>\s*=\s*)(?P<value>.*?)(?P<after>\s*)$")


def edit(text: str, wanted: Mapping[str, Mapping[str, Value]]) -> str:
    """``text`` with each key as wanted: None takes it away, a list means that these words are among its words."""
    there = text.split("\n")
    whole = there[-1] == ""  # the last line has its end
    there = there[:-1] if whole else there
    lines = there
    for section, keys in wanted.items():
        for key, value in keys.items():
            lines = _with_key(lines, section, key, value, "\r" if "\r\n" in text else "")
    if lines == there:
        return text
    return "\n".join(lines) + ("\n" if lines and (whole or lines[-1] != there[-1]) else "")


def parse(text: str) -> dict[str, dict[str, str]]:
    """Sections and keys in small letters, quotes taken off; of equal keys the last."""
    found: dict[str, dict[str, str]] = {}
    section = ""
    for line in text.split("\n"):
        header, pair = _SECTION.match(line), _KEY.match(line)
        if header:
            section = header["name"].strip().lower()
            found.setdefault(section, {})
        elif pair:
            found.setdefault(section, {})[pair["key"].lower()] = _plain(pair["value"])
    return found


def missing(text: str, wanted: Mapping[str, Mapping[str, Value]]) -> list[str]:
    """``section.key`` of what an edit would change, for people."""
    there = parse(text)
    return [
        f"{section}.{key}"
        for section, keys in wanted.items()
        for key, value in keys.items()
        if _target(there.get(section.lower(), {}).get(key.lower()), value)
        != there.get(section.lower(), {}).get(key.lower())
    ]


def remembered(receipt: bytes | None, old: str, new: str) -> bytes | None:
    """The receipt of an edit: of each key what stood before our first edit and what stands now, None for nothing."""
    if new == old:
        return receipt
    known, before, after = _load(receipt), parse(old), parse(new)
    for section in {**before, **after}:
        stood, stands = before.get(section, {}), after.get(section, {})
        for key in {**stood, **stands}:
            if stood.get(key) != stands.get(key):
                first = known.setdefault(section, {}).get(key, [stood.get(key)])[0]
                known[section][key] = [first, stands.get(key)]
    about = "gopherops.workstation wsl_conf: per key what stood before and what it wrote; state: absent needs it"
    return (json.dumps({"about": about, "sections": known}, indent=1, sort_keys=True) + "\n").encode()


def taken_back(receipt: bytes | None, text: str) -> dict[str, dict[str, Value]]:
    """What puts back what stood there before us; a key that somebody has changed since is theirs."""
    there = parse(text)
    return {
        section: {key: first for key, (first, ours) in keys.items() if there.get(section, {}).get(key) == ours}
        for section, keys in _load(receipt).items()
    }


def _load(receipt: bytes | None) -> dict[str, dict[str, list[Any]]]:
    try:
        sections = json.loads(receipt or b"{}").get("sections", {})
        return {
            section: {key: pair for key, pair in keys.items() if isinstance(pair, list) and len(pair) == 2}
            for section, keys in sections.items()
        }
    except (ValueError, AttributeError):
        return {}


def _with_key(lines: list[str], section: str, key: str, value: Value, end: str) -> list[str]:
    current, places, header_end = "", [], None
    for number, line in enumerate(lines):
        header, pair = _SECTION.match(line), _KEY.match(line)
        if header:
            current = header["name"].strip().lower()
        if current == section.lower():
            if pair and not header and pair["key"].lower() == key.lower():
                places.append(number)
            if line.strip():
                header_end = number + 1
    old = _plain(_value_of(lines[places[-1]])) if places else None
    new = _target(old, value)
    if new == old:
        return lines
    if new is None:
        return _tidy([line for number, line in enumerate(lines) if number not in places], section)
    if places:
        pair = _KEY.match(lines[places[-1]])
        prefix = f"{pair['before']}{pair['key']}{pair['equals']}" if pair else f"{key}="
        return [*lines[: places[-1]], f"{prefix}{_quoted(new)}{end}", *lines[places[-1] + 1 :]]
    fresh = [f"{key}={_quoted(new)}{end}"]
    if header_end is None:
        return [*lines, *([end] if lines and lines[-1].strip() else []), f"[{section}]{end}", *fresh]
    return [*lines[:header_end], *fresh, *lines[header_end:]]


def _tidy(lines: list[str], section: str) -> list[str]:
    """Without the section's header when nothing is left in it, and the empty line that set it off."""
    for number, line in enumerate(lines):
        header = _SECTION.match(line)
        if header and header["name"].strip().lower() == section.lower():
            following = next((text for text in lines[number + 1 :] if text.strip()), "[")
            if _SECTION.match(following) or following == "[":
                start = number - 1 if number and not lines[number - 1].strip() else number
                return lines[:start] + lines[number + 1 :]
    return lines


def _target(old: str | None, value: Value) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        # WSL takes 1 and 0 as well.
        return (
            old
            if old is not None and old.lower() in (("true", "1") if value else ("false", "0"))
            else str(value).lower()
        )
    if isinstance(value, (str, int)):
        return str(value)
    words = [word.strip() for word in (old or "").split(",") if word.strip()]
    return ",".join([*words, *(word for word in value if word not in words)]) if not set(value) <= set(words) else old


def _value_of(line: str) -> str:
    pair = _KEY.match(line)
    return pair["value"] if pair else ""


def _plain(value: str) -> str:
    value = value.strip()
    if value[:1] == '"':
        return value[1:].partition('"')[0]
    return value.partition("#")[0].strip()


def _quoted(value: str) -> str:
    return f'"{value}"' if re.search(r"[,\s#]", value) else value


def as_wanted(options: Mapping[str, Any]) -> dict[str, dict[str, Value]]:
    """The module's option: sections of keys; anything else is refused by the caller's spec."""
    return {str(section): dict(keys or {}) for section, keys in options.items()}
