# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was typed and what came of it, on disk while it runs, and the demand that it went as said."""

from __future__ import annotations

import subprocess
from pathlib import Path

from dev.errors import DevError
from dev.paths import CACHE


class Transcript:
    """``.cache/logs/templates-NAME.txt``."""

    def __init__(self, name: str) -> None:
        self.file = CACHE / "logs" / f"templates-{name.replace('/', '-')}.txt"
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text("", encoding="utf-8")

    def add(self, typed: str, done: subprocess.CompletedProcess[str]) -> None:
        with self.file.open("a", encoding="utf-8") as log:
            log.write(f"$ {typed}\n{done.stdout}\n[status {done.returncode}]\n\n")


def demand(true: object, sentence: str, output: str = "") -> None:
    if not true:
        raise DevError(f"{sentence}: {output.strip()[-900:]}" if output else sentence)


def commit(folder: Path) -> None:
    """The folder as a Git repository with one commit."""
    author = ("-c", "user.name=gopherops", "-c", "user.email=gopherops@localhost", "-c", "core.hooksPath=/dev/null")
    for words in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "-m", "Hello")):
        subprocess.run(["git", *author, *words], cwd=folder, check=True, capture_output=True)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
