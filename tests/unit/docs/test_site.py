# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages are laid out for Sphinx without losing a link, and no page of the tree links to nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from dev import documentation, pages

ROOT = Path(__file__).resolve().parents[3]
REPOSITORY = "https://example.org/repo"


def tracked(*patterns: str) -> list[Path]:
    """Files of the tree, as a commit now would take them."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [Path(name) for name in listed if name and (ROOT / name).is_file()]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in {
        "galaxy.yml": f"repository: {REPOSITORY}\n",
        "examples/a.yml": "",
        "docs/index.md": "# Index\n\n## Guides\n\n- [One](guides/one.md): first\n- [Two](two.md)\n",
        "docs/guides/one.md": "# One\n\n## What `it` is\n\n[example](../../examples/a.yml) [two](../two.md#a-part)\n",
        "docs/two.md": "# Two\n\n## A part\n\n```\n[no](link.md)\n## no heading\n```\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_links_out_of_the_documentation_become_addresses(tree: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    assert documentation.prepare(source, tree) == []
    text = (source / "guides/one.md").read_text()
    assert f"[example]({REPOSITORY}/blob/main/examples/a.yml)" in text
    assert "[two](../two.md#a-part)" in text
    assert "[no](link.md)" in (source / "two.md").read_text()


def test_the_lists_of_the_index_are_the_table_of_contents(tree: Path, tmp_path: Path) -> None:
    documentation.prepare(tmp_path / "source", tree)
    text = (tmp_path / "source/index.md").read_text()
    assert ":caption: Guides\n\nguides/one\ntwo\n" in text


def test_a_page_that_no_list_names_is_in_the_contents_too(tree: Path, tmp_path: Path) -> None:
    (tree / "docs/three.md").write_text("# Three\n")
    documentation.prepare(tmp_path / "source", tree)
    assert ":caption: More\n\nthree\n```" in (tmp_path / "source/index.md").read_text()


@pytest.mark.parametrize("target", ["gone.md", "two.md#no-heading", "#nothing", "guides/one.md#what-it-was"])
def test_a_link_to_nothing_is_found(tree: Path, target: str) -> None:
    found = list(pages.broken(Path("docs/two.md"), f"# Two\n\n[x]({target})\n", tree))
    assert [link.target for link in found] == [target]


def test_code_and_other_hosts_are_no_links(tree: Path) -> None:
    text = "# A\n\n`[x](gone.md)` [y](https://gone.example.org/) [z](guides/one.md#what-it-is)\n"
    assert list(pages.broken(Path("docs/two.md"), text, tree)) == []


def test_every_link_of_every_page_leads_somewhere() -> None:
    lost = [
        str(link)
        for page in tracked("*.md")
        for link in pages.broken(page, (ROOT / page).read_text(encoding="utf-8"), ROOT)
    ]
    assert lost == []


def test_no_page_is_in_the_contents_twice() -> None:
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    named = [match[1] for _number, line in pages.prose(index) if (match := pages.ENTRY.match(line))]
    assert sorted(named) == sorted(set(named))
