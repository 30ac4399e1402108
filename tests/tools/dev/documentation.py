# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``./dev docs``: the site, in ``docs/_build``. Pages of ``docs/``, and the reference of every role and plugin.

The reference is made by antsibull-docs from module documentation and argument specs, so it says what the code takes.
A warning of Sphinx is an error; what a link names has to exist.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from . import pages
from .errors import DevError
from .paths import CACHE, ROOT
from .venvs import Venv

DOCS = ROOT / "docs"
SITE = DOCS / "_build"
SOURCE = CACHE / "docs" / "source"
CONF = ROOT / "tests" / "tools" / "docsite" / "conf.py"
# The rules are found by symptom; the page that lists the symptoms names them all.
RULES = Path("rules/index.md")


def build(venv: Venv, env: Mapping[str, str]) -> int:
    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.rmtree(SITE, ignore_errors=True)
    (SOURCE / "reference").mkdir(parents=True)
    _run(
        [str(venv.python), str(ROOT / "tests" / "tools" / "docs_doctor.py")], env
    )  # the doctor's rules say their pages
    lost = prepare(SOURCE)
    for command in (
        [str(venv.bin / "antsibull-docs"), *_collection_arguments(SOURCE / "reference")],
        [str(venv.python), "-m", "sphinx", "-q", "-W", "-j", "2", "-b", "html", str(SOURCE), str(SITE)],
    ):
        _run(command, env)
    if lost:
        listed = "\n".join(f"  {link}" for link in lost)
        raise DevError(f"Cannot vouch for the docs: these links lead nowhere:\n{listed}")
    print(f"Read {(SITE / 'index.html').relative_to(ROOT)}")
    return 0


def _run(command: list[str], env: Mapping[str, str]) -> None:
    done = subprocess.run(command, env=env, cwd=ROOT, check=False)
    if done.returncode:
        raise DevError(f"Cannot build the docs: {Path(command[0]).name} ended with status {done.returncode}.")


def prepare(source: Path, root: Path = ROOT) -> list[pages.Link]:
    """Lay the pages out for Sphinx, and return the links that lead nowhere."""
    docs, repository = root / "docs", homepage(root)
    lost: list[pages.Link] = []
    for file in written(docs):
        target = source / file.relative_to(docs)
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix != ".md":
            shutil.copyfile(file, target)
            continue
        page, text = file.relative_to(root), file.read_text(encoding="utf-8")
        lost += pages.broken(page, text, root)
        text = pages.for_site(page, text, root, docs, repository)
        target.write_text(text + _contents(file.relative_to(docs), text, docs), encoding="utf-8")
    shutil.copyfile(CONF, source / "conf.py")
    return lost


def _contents(page: Path, text: str, docs: Path) -> str:
    """The tables of contents of the two pages that have them; what no list names still gets into one."""
    if page == RULES:
        return pages.toctree(["index.zh", "proof", "symptoms/*", "GD*"], glob=True)
    if page != Path("index.md"):
        return ""
    names = [file.relative_to(docs) for file in written(docs) if file.suffix == ".md"]
    rest = [str(name.with_suffix("")) for name in names if name.parent != RULES.parent and "symptoms" not in name.parts]
    left = [name for name in rest if name != "index" and name not in pages.listed(text)]
    reference = pages.toctree(["Roles, modules and plugins <reference/index>"], "Reference")
    return pages.contents(text) + (pages.toctree(left, "More") if left else "") + reference


def written(docs: Path) -> list[Path]:
    """What is under ``docs/`` but what was built there."""
    return sorted(file for file in docs.rglob("*") if file.is_file() and "_build" not in file.parts)


def homepage(root: Path = ROOT) -> str:
    """The repository's address, from the one place that names it."""
    found = re.search(r"^repository: (\S+)$", (root / "galaxy.yml").read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise DevError("Cannot build the docs: galaxy.yml names no repository. Put it back.")
    return found[1]


def _collection_arguments(target: Path) -> list[str]:
    return [
        *("collection", "--use-current", "--squash-hierarchy", "--fail-on-error"),
        *("--dest-dir", str(target), "gopherops.workstation"),
    ]
