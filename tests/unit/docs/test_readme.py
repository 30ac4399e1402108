# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two READMEs say the same, what they count is so, and their pictures are drawn from what runs said."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import docs_screens
import pytest
from dev import pages
from docsite import catalogue, claims

ROOT = catalogue.ROOT
ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")


def levels(text: str) -> list[int]:
    return [len(line) - len(line.lstrip("#")) for _number, line in pages.prose(text) if line.startswith("#")]


def targets(text: str) -> list[str]:
    """Links in order, without those to each other."""
    found = [link.target for link in pages.links(Path("README.md"), text)]
    return [target for target in found if not target.startswith("README")]


def shown(text: str) -> list[list[str]]:
    """The commands of each block, without comments."""
    return [
        [re.sub(r"\s+#.*", "", line) for line in body.splitlines()] for _language, body in claims.FENCE.findall(text)
    ]


def rows(text: str) -> list[int]:
    """The number of columns of each row of each table."""
    return [line.count("|") for _number, line in pages.prose(text) if line.startswith("|")]


def code(text: str) -> list[str]:
    """Words in code font in order: names, commands and values are the same in both languages."""
    return [word for _number, line in pages.prose(text) for word in re.findall(r"`([^`]+)`", line)]


@pytest.mark.parametrize("part", [levels, targets, shown, rows])
def test_both_have_the_same_parts(part: object) -> None:
    assert callable(part)
    assert part(ENGLISH) == part(CHINESE)


def test_both_name_the_same_things() -> None:
    assert sorted(code(ENGLISH)) == sorted(code(CHINESE))


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_the_number_of_rules_is_right(text: str) -> None:
    said = {int(number) for number in re.findall(r"(\d+) (?:rules|条规则)", text)}
    assert said == {len(list((ROOT / "docs" / "rules").glob("GD*.md")))}


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_every_playbook_and_role_is_named(text: str) -> None:
    wanted = {*catalogue.playbooks(), *catalogue.roles()} - {"fleet"}
    assert {name for name in wanted if f"`{name}`" not in text} == set()


def test_the_pictures_are_drawn_from_what_runs_said() -> None:
    assert docs_screens.main(["--check"]) == 0, "run: .venv-test/bin/python tests/tools/docs_screens.py"


def test_a_picture_holds_every_line_in_order_and_folds_long_ones() -> None:
    text = "$ ./dev x\n  ok  a <b>\n\n" + "y" * (docs_screens.FOLD + 3) + "\n"
    drawn = [element.text for element in ElementTree.fromstring(docs_screens.svg(text, "x")).iter() if element.text]
    assert [line for line in drawn if line.strip()][1:] == ["$ ./dev x", "  ok  a <b>", "y" * docs_screens.FOLD, "yyy"]
