# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what never leaves in a report: secrets, and the names of people unless asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._clean import clean as visible

Redact = Callable[[str], str]

_CREDENTIALS = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*://)[^/@\s'\"]*@")
_ASSIGNED = re.compile(
    r"(?P<key>(?:password|passwd|secret|token|api[_-]?key|authorization)[\"']?\s*[=:]\s*[\"']?)"
    r"(?!\s)(?:(?:basic|bearer)\s+)?[^\s\"',;}]+",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\b(?P<key>(?:basic|bearer)\s+)[A-Za-z0-9+/._~-]{8,}=*", re.IGNORECASE)
_HOMES = re.compile(r"(?P<root>/home/|/Users/|/export/home/|[A-Za-z]:(?:\\\\|\\|/)Users(?:\\\\|\\|/))[^/\\\s\"':,;)]+")
LONGEST = 600


def redactor(users: Iterable[str] = (), *, keep_names: bool = False) -> Redact:
    """A function that takes secrets, control characters and (unless asked) user names out of a text."""
    # A short name such as "go" is a word in every sentence; in paths it is found by its place.
    found = [re.escape(user) for user in users if len(user) > 3 and user not in ("root", "admin", "user", "users")]
    names = re.compile(rf"(?<![\w.-])(?:{'|'.join(found)})(?![\w-])") if found and not keep_names else None

    def redact(text: str) -> str:
        text = _CREDENTIALS.sub(r"\g<scheme>***@", " ".join(str(text).split()))
        text = _BEARER.sub(r"\g<key>***", _ASSIGNED.sub(r"\g<key>***", text))
        if not keep_names:
            text = _HOMES.sub("~", text)
        if names:
            text = names.sub("(user)", text)
        return visible(text, LONGEST)

    return redact


def clean(value: Any, redact: Redact) -> Any:
    """The same for every string inside a value."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {redact(str(key)): clean(item, redact) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(item, redact) for item in value]
    return value if isinstance(value, (int, float, bool)) or value is None else redact(str(value))
