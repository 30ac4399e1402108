# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the tests of the brain and of the engines under coverage, and keeps which test ran through which line.

This file is also the pytest plugin that tells coverage the test's name: coverage's own way of asking misses what
fixtures and processes do for a test.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

import coverage
import pytest

IN_PROCESS = ("archives", "destination", "lifecycle", "sources", "transport")
# Each in a pytest of its own: the folders' helpers bear the same names. The integration tests of go_tools run in
# process too, but build with a real Go, which takes minutes; those of the other folders start playbooks.
TESTS = (
    ("tests/unit",),
    tuple(f"tests/integration/go_sdk/test_{name}.py" for name in IN_PROCESS),
)
NAME = "GOPHEROPS_COVERED_TEST"
SETTINGS = """\
[run]
branch = true
parallel = true
context = ${{{name}-}}
patch =
    subprocess
    _exit
data_file = {folder}/data
source =
    {root}/plugins/plugin_utils
    {root}/plugins/module_utils
"""


def measure(root: Path, folder: Path, tests: Sequence[Sequence[str]] = TESTS) -> Mapping[str, Any]:
    """One run of the tests of a tree; coverage's own JSON report. ``tests_by_line`` can be asked of the folder then."""
    settings = folder / "settings"
    settings.write_text(SETTINGS.format(folder=folder, root=root, name=NAME), encoding="utf-8")
    tool = [sys.executable, "-m", "coverage"]
    words = ["-m", "pytest", "-n", str(min(2, os.cpu_count() or 1)), "-p", "no:cacheprovider", "-p", "ran"]
    env = {**os.environ, "COVERAGE_RCFILE": str(settings), "PYTHONPATH": str(Path(__file__).parent)}
    for some in tests:
        command = [*tool, "run", *words, *some]
        done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stdout[-3000:], done.stderr[-3000:], file=sys.stderr)
    for step in (["combine", "--quiet"], ["json", "--quiet", "-o", str(folder / "report.json")]):
        subprocess.run([*tool, *step], cwd=root, env=env, check=True, capture_output=True)
    report: Mapping[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return report


def tests_by_line(root: Path, folder: Path) -> dict[str, dict[int, list[str]]]:
    """For each file of what was measured there, the tests that ran through each line; none for what runs at import."""
    data = coverage.CoverageData(str(folder / "data"))
    data.read()
    return {
        Path(file).relative_to(root).as_posix(): {
            line: sorted(filter(None, tests)) for line, tests in data.contexts_by_lineno(file).items()
        }
        for file in data.measured_files()
    }


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Lines that run from here on, here or in processes that the test starts, were run by this test."""
    os.environ[NAME] = item.nodeid.partition("[")[0]
    current = coverage.Coverage.current()
    if current is not None:
        current.switch_context(os.environ[NAME])
    return (yield)
