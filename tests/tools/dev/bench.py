# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``./dev bench``: every file ``tests/bench/NAME.py`` measures something and prints ``name value limit`` lines.

The value must not be above the limit; ``-`` is a figure without one. Ratios are measured in one run on one machine, so
the limits hold on any.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from . import system
from .environ import test_env
from .errors import DevError
from .paths import ROOT
from .venvs import ensure

FOLDER = ROOT / "tests" / "bench"


def discover(folder: Path = FOLDER) -> dict[str, Path]:
    return {file.stem: file for file in sorted(folder.glob("*.py")) if not file.stem.startswith("_")}


def over(line: str) -> bool | None:
    """Whether a line is a figure above its limit; ``None`` when it is no figure."""
    words = line.split()
    if len(words) != 3:
        return None
    try:
        value = float(words[1])
        return words[2] != "-" and value > float(words[2])
    except ValueError:
        return None


def run(words: Sequence[str]) -> int:
    known = discover()
    for name in words:
        if name not in known:
            raise DevError(f"Cannot measure '{name}': there is only {', '.join(known) or 'nothing yet'}.", 2)
    if packages := system.missing(system.CONTAINERS):
        raise DevError(f"Cannot measure: {system.sentence(packages)}.", 2)
    venv = ensure("test")
    env = {**test_env(venv, os.environ), "PYTHONPATH": os.pathsep.join((str(ROOT / "tests" / "tools"), str(FOLDER)))}
    worst = 0
    for name in words or known:
        worst = max(worst, measure(name, [str(venv.python), str(known[name])], env))
    return worst


def measure(name: str, command: Sequence[str], env: dict[str, str]) -> int:
    """Run one, show its lines as they come, and fail when a figure is over its limit or there is none at all."""
    figures: list[bool] = []
    with subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if (figure := over(line)) is not None:
                figures.append(figure)
    if process.returncode:
        print(f"{name} ended with status {process.returncode}", flush=True)
    elif not figures:
        print(f"{name} printed no figure", flush=True)
    return 1 if process.returncode or not figures or any(figures) else 0
