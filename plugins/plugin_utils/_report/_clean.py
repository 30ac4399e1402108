# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: text from a target, made harmless for a terminal and for every report format."""

from __future__ import annotations

import re
from typing import Any

LIMIT = 2000
# C0, DEL, C1, line separators, and the marks that change the direction of text (CVE-2021-42574).
_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff\ud800-\udfff\ufffe\uffff]"
)


def clean(value: Any, limit: int = LIMIT) -> str:
    """Printable text on one line; a control character becomes a visible escape."""
    text = value if isinstance(value, str) else "" if value is None else str(value)
    text = text[: limit + 1]
    text = text.replace("\n", " | ").replace("\t", " ")
    text = _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def cleaned(value: Any) -> Any:
    """The same for everything inside lists and mappings; numbers and truth values stay what they are."""
    if isinstance(value, dict):
        return {clean(name): cleaned(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [cleaned(one) for one in value]
    return value if value is None or isinstance(value, (bool, int, float)) else clean(value)
