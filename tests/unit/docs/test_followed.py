# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`./dev test --deep examples` knows what to do with every block of every page, and names what it leaves to others."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
from docsite import catalogue

ROOT = catalogue.ROOT


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    where = importlib.util.spec_from_file_location("_pages", ROOT / "tests/deep/_pages.py")
    assert where is not None and where.loader is not None
    loaded = importlib.util.module_from_spec(where)
    monkeypatch.setitem(sys.modules, "_pages", loaded)
    where.loader.exec_module(loaded)
    yield loaded


def test_every_block_is_followed_or_says_by_what_else(known: ModuleType) -> None:
    shown = [block for page in known.pages() for block in known.blocks(page)]
    followed = [block for page in known.pages() for block in known.followed(page)]
    left = [block for block in shown if known.told(block, known.ELSEWHERE)]
    assert len(followed) + len(left) == len(shown) and len(followed) > len(left)


def test_a_block_of_an_unknown_kind_stops_the_campaign(known: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    block = known.Block("docs/index.md", 1, "powershell", "Get-Item x\n")
    monkeypatch.setattr(known, "blocks", lambda page: [block])
    with pytest.raises(SystemExit, match=r"nothing is expected of docs/index\.md 1"):
        known.followed("docs/index.md")


def test_its_tables_speak_of_blocks_that_are_there(known: ModuleType) -> None:
    blocks = [block for page in known.pages() for block in known.blocks(page)]
    names = [block.id for block in blocks]
    tables = [*known.ELSEWHERE, *known.PLAYBOOKS, *known.INVENTORIES, *known.SYNTAX_ONLY, *known.AFTER]
    assert [name for name in tables if not any(re.fullmatch(name, one) for one in names)] == []
    text = "\n".join(block.text for block in blocks)
    assert [written for written in known.REPLACED if written not in text] == []


def test_who_follows_the_others_exists(known: ModuleType) -> None:
    reasons = " ".join([*known.ELSEWHERE.values(), *known.SYNTAX_ONLY.values()])
    named = re.findall(r"(?:tests|docs|\.github)/[\w./-]*\w", reasons)
    assert named and [name for name in named if not (ROOT / name).exists()] == []
