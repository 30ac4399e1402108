# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of the working tree, as git would commit it now: for tools that want it elsewhere, and to clone from."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .paths import ROOT


def copy_tree(to: Path, without: Sequence[str] = ()) -> None:
    """Copy every file that git knows or would take, as it stands; ``without`` names folders to leave out."""
    excluded = [f":!{folder}" for folder in without]
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ".", *excluded]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        source, target = ROOT / name, to / name
        if source.is_file() or source.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)


def repository(at: Path) -> Path:
    """A repository with one commit, the working tree: to clone and to pull from."""
    copy_tree(at)
    author = ("-c", "user.name=gopherops", "-c", "user.email=gopherops@localhost", "-c", "core.hooksPath=/dev/null")
    for words in (
        ("init", "--quiet", "--initial-branch", "main"),
        ("add", "--all"),
        ("commit", "--quiet", "-m", "Tree"),
    ):
        subprocess.run(["git", *author, *words], cwd=at, check=True, capture_output=True)
    return at


def bundle(folder: Path) -> Path:
    """``workstation.bundle`` in the folder: a repository in one file."""
    file = folder / "workstation.bundle"
    with tempfile.TemporaryDirectory(prefix="gopherops-tree-") as scratch:
        at = repository(Path(scratch))
        command = ["git", "bundle", "create", "--quiet", str(file), "HEAD", "main"]
        subprocess.run(command, cwd=at, check=True, capture_output=True)
    return file
