# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Markdown as the repository shows it, made into Markdown as Sphinx wants it; and which links lead nowhere. Pure.

The pages are written for a reader of the repository. A link that leaves ``docs/`` becomes an address of the repository,
and the lists of ``index.md`` become the site's table of contents, so that nobody writes either twice.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LINK = re.compile(r"(!?)\[((?:[^\]\[]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
FENCE = re.compile(r"^\s*(```|~~~)")
ENTRY = re.compile(r"- \[[^\]]*\]\(([^)#:]+)\.md\)")
ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:")


@dataclass(frozen=True)
class Link:
    """A link of a page: where it stands and what it names."""

    page: Path
    line: int
    target: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {self.target}"


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Numbered lines that are no code."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            yield number, line


def links(page: Path, text: str) -> Iterator[Link]:
    for number, line in prose(text):
        for match in LINK.finditer(re.sub(r"`[^`]*`", "", line)):
            yield Link(page, number, match[3])


def anchor(heading: str) -> str:
    """The fragment that GitHub and MyST give a heading."""
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def anchors(text: str) -> set[str]:
    return {anchor(line.lstrip("#")) for _number, line in prose(text) if re.match(r"#{1,6} ", line)}


def broken(page: Path, text: str, root: Path) -> Iterator[Link]:
    """Links to files that do not exist, and to headings that do not."""
    for link in links(page, text):
        if ELSEWHERE.match(link.target):
            continue
        name, _hash, fragment = link.target.partition("#")
        file = (root / page.parent / name) if name else root / page
        markdown = fragment and file.suffix == ".md" and file.is_file()
        known = anchors(file.read_text(encoding="utf-8")) if markdown else {fragment}
        if not file.exists() or fragment not in known:
            yield link


def for_site(page: Path, text: str, root: Path, docs: Path, repository: str) -> str:
    """The page with every link that leaves the documentation made an address of the repository."""

    def outward(match: re.Match[str]) -> str:
        bang, words, target = match.groups()
        name, _hash, fragment = target.partition("#")
        if ELSEWHERE.match(target) or not name:
            return match[0]
        file = Path(os.path.normpath(root / page.parent / name))
        if file.is_relative_to(docs) and file.is_file():
            return match[0]
        kind = "tree" if file.is_dir() else "blob"
        address = f"{repository}/{kind}/main/{file.relative_to(root).as_posix()}"
        return f"{bang}[{words}]({address}{'#' + fragment if fragment else ''})"

    lines = text.splitlines()
    for number, line in prose(text):
        lines[number - 1] = LINK.sub(outward, line)
    return "\n".join(lines) + "\n"


def contents(text: str) -> str:
    """Hidden tables of contents, one for each heading of the page that has a list of pages below it."""
    sections: dict[str, list[str]] = {}
    heading = ""
    for _number, line in prose(text):
        if line.startswith("## "):
            heading = line[3:].strip()
        elif match := ENTRY.match(line):
            sections.setdefault(heading, []).append(match[1])
    return "".join(toctree(pages, heading) for heading, pages in sections.items())


def listed(text: str) -> set[str]:
    """Pages that the lists name."""
    return {match[1] for _number, line in prose(text) if (match := ENTRY.match(line))}


def toctree(entries: list[str], caption: str = "", *, glob: bool = False) -> str:
    options = [":hidden:", *([":glob:"] if glob else []), *([f":caption: {caption}"] if caption else [])]
    return "\n".join(["", "```{toctree}", *options, "", *entries, "```", ""])
