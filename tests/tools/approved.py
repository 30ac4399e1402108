# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people read, held word for word: a text has to be the one of its file under ``tests/corpus/approved``.

With GOPHEROPS_APPROVE=1 the files are written instead. Whoever does that reads the difference, and commits it with the
change that made it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "corpus" / "approved"
AGAIN = "as it should be? GOPHEROPS_APPROVE=1 .venv-test/bin/python -m pytest tests/unit/plugins/plugin_utils writes it"


def same(name: str, text: str) -> None:
    """Compare, or write; pages with a line for each element, so that a difference can be read."""
    text = text.replace("><", ">\n<") if name.endswith(".html") else text
    file = FOLDER / name
    if os.environ.get("GOPHEROPS_APPROVE"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
    with file.open(encoding="utf-8", newline="") as stream:
        assert text == stream.read(), AGAIN


def same_json(name: str, value: Any) -> None:
    same(name, json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


def life(act: Callable[..., Mapping[str, Any]], asked: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What a module says of one wish after the other, each predicted and then done."""
    return [{"asked": one, "check": check, **act(check=check, **one)} for one in asked for check in (True, False)]
