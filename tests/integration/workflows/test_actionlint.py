# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflows as GitHub would read them: actionlint, built from its pinned source by the Go that the tests have."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import real_go  # noqa: E402

ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"


@pytest.fixture(scope="module")
def actionlint() -> Path:
    place = real_go.CACHE / ACTIONLINT.rpartition("@")[2]
    if not (place / "actionlint").exists():
        env = {**os.environ, "GOBIN": str(place), "GOFLAGS": "-modcacherw", "GOTOOLCHAIN": "local"}
        go = real_go.go_root() / "bin" / "go"
        done = subprocess.run([go, "install", ACTIONLINT], env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"actionlint could not be built: {done.stderr[-300:]}")
    return place / "actionlint"


def lint(program: Path, *files: Path) -> subprocess.CompletedProcess[str]:
    # What else it would start if it is there is left out: the same on every machine.
    command: list[str | Path] = [program, "-no-color", "-oneline", "-shellcheck=", "-pyflakes=", *files]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_workflow_is_one_that_github_would_run(actionlint: Path) -> None:
    files = [*(ROOT / ".github" / "workflows").glob("*.yml"), *(ROOT / "examples" / "ci").glob("*.yml")]
    done = lint(actionlint, *files)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_mistake_is_found(actionlint: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    job = "  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.evnt }}\n"
    wrong.write_text(f"on: push\njobs:\n{job}")
    assert 'property "evnt" is not defined' in lint(actionlint, wrong).stdout
