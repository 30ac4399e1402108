# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``./dev data``: dated facts are generated, never typed. Each ``tests/tools/data_NAME.py`` makes one file of them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from .environ import test_env
from .errors import DevError
from .paths import REQUIREMENTS, ROOT
from .venvs import Venv, ensure

TOOLS = ROOT / "tests" / "tools"
LOCK_PYTHON = "3.11"  # the oldest that ./dev takes; the lock is universal upwards from it


def generators(folder: Path = TOOLS) -> dict[str, Path]:
    return {file.stem.removeprefix("data_"): file for file in sorted(folder.glob("data_*.py"))}


def run(words: Sequence[str]) -> int:
    """``./dev data NAME [ARGUMENTS]``; without a name it lists them."""
    known = generators()
    if not words:
        print("\n".join(f"./dev data {name}" for name in ["requirements", *known]))
        return 0
    name, *rest = words
    if name != "requirements" and name not in known:
        raise DevError(f"Cannot make data '{name}': there is only {', '.join(['requirements', *known])}.", 2)
    venv = ensure("test")
    if name == "requirements":
        return lock(venv, rest)
    command = [str(venv.python), str(known[name]), *rest]
    return subprocess.run(command, env=test_env(venv, os.environ), cwd=ROOT, check=False).returncode


def lock(venv: Venv, further: Sequence[str]) -> int:
    """Resolve requirements/*.in for every Python and system at once, with hashes. ``--upgrade`` goes on to uv."""
    for source in sorted(REQUIREMENTS.glob("*.in")):
        target = source.with_suffix(".txt")
        command = [
            *(str(venv.bin / "uv"), "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-annotate"),
            *("--python-version", LOCK_PYTHON, "--custom-compile-command", "./dev data requirements", *further),
            *(str(source.relative_to(ROOT)), "--output-file", str(target.relative_to(ROOT))),
        ]
        done = subprocess.run(command, cwd=ROOT, check=False)
        if done.returncode:
            raise DevError(f"Cannot lock {source.name}: uv ended with status {done.returncode}.")
        print(f"requirements/{target.name} is as requirements/{source.name} wants it")
    return 0
