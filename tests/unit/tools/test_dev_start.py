# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shell script ``dev``: which Python it takes, and what it says when there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

DEV = Path(__file__).resolve().parents[3] / "dev"
SHELLS = [shell for shell in ("dash", "bash", "busybox") if shutil.which(shell)]


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    """A PATH with what the script needs and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("dirname", "uname"):
        (folder / tool).symlink_to(str(shutil.which(tool)))
    return folder


def fake_python(folder: Path, name: str, version: str | None, *, old: bool = False) -> None:
    """A Python as the script sees it: it answers the probe, or it is too old, or it does not run."""
    answer = "exit 3" if old else f"echo {version}" if version else "echo 'command not found' >&2; exit 127"
    text = f'#!/bin/sh\nif [ "$2" = -c ]; then {answer}; exit; fi\necho "{name} runs $*"\n'
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


def run(folder: Path, shell: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(shutil.which(shell)), *(["sh"] if shell == "busybox" else [])]
    env = {"PATH": str(folder)}
    return subprocess.run([*command, str(DEV), *words], env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("shell", SHELLS)
def test_the_newest_that_runs_is_taken(bin_folder: Path, shell: str) -> None:
    fake_python(bin_folder, "python3.14", None)  # a pyenv shim whose version is not selected
    fake_python(bin_folder, "python3.12", "312")
    fake_python(bin_folder, "python3", "313")
    fake_python(bin_folder, "python3.11", "311")
    done = run(bin_folder, shell, "test", "a b")
    assert done.stdout == f"python3 runs -I {DEV.parent}/tests/tools/dev test a b\n", done.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_too_old_is_one_sentence_that_says_what_to_install(bin_folder: Path, shell: str) -> None:
    fake_python(bin_folder, "python3", None, old=True)
    done = run(bin_folder, shell)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert f"{bin_folder}/python3 is older" in done.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_none_at_all_is_one_sentence_too(bin_folder: Path, shell: str) -> None:
    done = run(bin_folder, shell, "provision")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    release = Path("/etc/os-release")
    if release.is_file() and "debian" in release.read_text():
        assert "sudo apt-get install python3" in done.stderr


def test_alone_it_lists_its_verbs_one_line_each() -> None:
    done = subprocess.run([DEV], capture_output=True, text=True, check=True, cwd="/", env=dict(os.environ))
    verbs = [line.split()[1] for line in done.stdout.splitlines()]
    assert verbs == ["provision", "doctor", "test", "bench", "data", "docs", "shell"]


def test_an_unknown_verb_is_named() -> None:
    done = subprocess.run([DEV, "prvision"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("Cannot run './dev prvision': there is no such verb.")
