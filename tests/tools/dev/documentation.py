# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``./dev docs``: the reference of roles and plugins, as pages to read in a browser, in ``docs/_build``."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping

from .errors import DevError
from .paths import CACHE, ROOT
from .venvs import Venv

CONF = 'project = "gopherops.workstation"\nextensions = ["sphinx_antsibull_ext"]\nhtml_theme = "alabaster"\n'


def build(venv: Venv, env: Mapping[str, str]) -> int:
    source, target = CACHE / "docs", ROOT / "docs" / "_build"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    source.joinpath("conf.py").write_text(CONF, encoding="utf-8")
    steps = (
        [str(venv.bin / "antsibull-docs"), *_collection_arguments(source)],
        [str(venv.python), "-m", "sphinx", "-q", "-b", "html", str(source), str(target)],
    )
    for command in steps:
        done = subprocess.run(command, env=env, cwd=ROOT, check=False)
        if done.returncode:
            raise DevError(f"Cannot build the docs: {command[0]} ended with status {done.returncode}.")
    print(f"Read {(target / 'index.html').relative_to(ROOT)}")
    return 0


def _collection_arguments(source: object) -> list[str]:
    return [
        *("collection", "--use-current", "--squash-hierarchy", "--fail-on-error"),
        *("--dest-dir", str(source), "gopherops.workstation"),
    ]
