# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Awkward files, each with what has to come out: tests/corpus/jsonc."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._edit import Editor
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._policy import apply, wishes_of
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._reader import JsoncError, parse

CORPUS = Path(__file__).resolve().parents[4] / "corpus" / "jsonc"
WISHES = sorted((CORPUS / "edit").glob("*.wish.json"))
REFUSED = json.loads((CORPUS / "refused.json").read_text("utf-8"))


def test_nothing_is_left_out() -> None:
    assert len(WISHES) + len(REFUSED) >= 60
    assert len(list((CORPUS / "edit").iterdir())) == 3 * len(WISHES)
    assert {file.stem for file in (CORPUS / "refuse").iterdir()} == set(REFUSED)


@pytest.mark.parametrize("wish", WISHES, ids=lambda file: file.name.removesuffix(".wish.json"))
def test_edit(wish: Path) -> None:
    base = wish.name.removesuffix(".wish.json")
    text = wish.with_name(f"{base}.jsonc").read_bytes().decode()
    expected = wish.with_name(f"{base}.expected.jsonc").read_bytes().decode()
    options = json.loads(wish.read_text("utf-8"))
    wishes = wishes_of(options["settings"], options["policies"], options["state"] == "absent")
    outcome = apply(Editor(text, {"gopls": "go"}), wishes)
    assert outcome.text == expected
    assert bool(outcome.edits) == (text != expected)
    again = apply(Editor(expected, {"gopls": "go"}), wishes)
    assert (again.text, again.edits) == (expected, [])


@pytest.mark.parametrize("name", REFUSED)
def test_refuse(name: str) -> None:
    line, column, cause = REFUSED[name]
    text = (CORPUS / "refuse" / f"{name}.jsonc").read_bytes().decode()
    with pytest.raises(JsoncError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column, caught.value.cause) == (line, column, cause)
