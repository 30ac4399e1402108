# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Do the unit tests notice when the brain is wrong? One change at a time, in a copy of the tree, and the tests that ran
through the changed line run again.

The changes are those of every mutation tool: another comparison, the other boolean, a number off by one, a condition
turned round, a result left out. Of each layer GOPHEROPS_MUTANTS (200) are drawn, the same ones for the same code, so
that a stopped campaign goes on and a survivor stays one until a test notices it; GOPHEROPS_MUTANTS_SEED (0) draws
others, which is the honest question once the survivors of one seed have been given tests. A change that no test
notices, or that no test runs through, counts against its layer's score, which has a floor; each is named in
``.cache/deep/mutation-survivors.txt``.

A survivor need not be a gap: what changes nothing that can be seen (a buffer's size, a time limit that is one second
longer) survives too. The floors leave room for those. That of the engines is lower: containers try what they do, too,
and no container runs here.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import importlib
import json
import os
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import pytest  # noqa: E402
import ran  # noqa: E402
from dev.tree import copy_tree  # noqa: E402
from mutants import LAYERS, Change, Mutant, mutants  # noqa: E402

COUNT = int(os.environ.get("GOPHEROPS_MUTANTS", "200"))
SEED = os.environ.get("GOPHEROPS_MUTANTS_SEED", "0")
FLOORS = {"plugin_utils": 85.0, "module_utils": 80.0}
SCORE = "score/"
SECONDS = 180
MOST_TESTS = 100
STATE = ROOT / ".cache" / "deep"
SURVIVORS = STATE / "mutation-survivors.txt"
TESTS = (("tests/unit/plugins",), *ran.TESTS[1:])
# Hypothesis is loaded once for all runs, before pytest would have looked into it.
QUIET = ("-W", "ignore::pytest.PytestAssertRewriteWarning")


def drawn() -> list[Mutant]:
    known = sorted(mutants(ROOT, SEED), key=lambda one: one.rank)
    some = [one for layer in FLOORS for one in [mutant for mutant in known if mutant.layer == layer][:COUNT]]
    return sorted(some, key=lambda one: (-FLOORS[one.layer], one.file, one.line, one.column))


class Copy:
    """A copy of the tree in which changes are made, and which of its tests ran through which line before any."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tree = folder / "tree"
        self.unchanged: dict[tuple[str, ...], bool] = {}

    @cached_property
    def lines(self) -> dict[str, dict[str, list[str]]]:
        file, key = self.folder / "lines.json", digest()
        with contextlib.suppress(OSError, ValueError):
            stored = json.loads(file.read_text(encoding="utf-8"))
            if stored["key"] == key:
                self._as_it_was()
                return dict(stored["lines"])
        shutil.rmtree(self.folder, ignore_errors=True)
        copy_tree(self.tree)
        ran.measure(self.tree, self.folder, TESTS)
        tests = ran.tests_by_line(self.tree, self.folder)
        lines = {name: {str(line): by for line, by in one.items()} for name, one in tests.items()}
        file.write_text(json.dumps({"key": key, "lines": lines}), encoding="utf-8")
        return lines

    def _as_it_was(self) -> None:
        """A campaign that was killed may have left its change."""
        for layer in LAYERS:
            for file in (ROOT / "plugins" / layer).rglob("*.py"):
                mine = self.tree / file.relative_to(ROOT)
                if mine.read_bytes() != file.read_bytes():
                    shutil.copy2(file, mine)

    @cached_property
    def weights(self) -> Counter[str]:
        """Through how many lines each test runs."""
        return Counter(test for one in self.lines.values() for tests in one.values() for test in tests)

    def tests(self, mutant: Mutant) -> list[str]:
        """What ran through the line; for what runs at import, all that ran through the file. The nearest first: those
        whose file bears the name, then those that run through little else."""
        by = self.lines.get(mutant.file, {})
        names = set(by.get(str(mutant.line), ())) or {test for tests in by.values() for test in tests}
        stem = Path(mutant.file).stem.strip("_")
        return sorted(names, key=lambda name: (stem not in name.partition("::")[0], self.weights[name], name))[
            :MOST_TESTS
        ]

    def answer(self, mutant: Mutant) -> str:
        """``killed`` when a test fails or takes too long, ``survived`` when all pass all the same."""
        tests, target = self.tests(mutant), self.tree / mutant.file
        if not tests:
            return "untested"
        original, times = target.read_text(encoding="utf-8"), target.stat()
        changed = ast.fix_missing_locations(Change(mutant).visit(ast.parse(original)))
        target.write_text(ast.unparse(changed), encoding="utf-8")
        try:
            answer = tried(tests, self.tree)
        finally:
            target.write_text(original, encoding="utf-8")
            # Compiled files of the unchanged text are good again.
            os.utime(target, ns=(times.st_atime_ns, times.st_mtime_ns))
        if not answer.passed and not self.sound((answer.first,) if answer.first else tuple(tests)):
            return f"unsound: {answer.first or tests[0]} fails without any change"
        return "survived" if answer.passed else "killed"

    def sound(self, tests: tuple[str, ...]) -> bool:
        if tests not in self.unchanged:
            self.unchanged[tests] = tried(tests, self.tree).passed
        return self.unchanged[tests]


def digest() -> str:
    files = (file for folder in ("plugins", "tests") for file in sorted((ROOT / folder).rglob("*.py")))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def prepare(tree: Path) -> None:
    """Everything slow and unchanged is loaded once; each run of the tests is a fork of this process."""
    os.chdir(tree)
    os.environ.update(ANSIBLE_COLLECTIONS_PATH=str(tree / "collections"), PYTHONDONTWRITEBYTECODE="1")
    sys.dont_write_bytecode = True
    for name in ("yaml", "jinja2", "hypothesis.strategies", "ansible.plugins.loader", "ansible.plugins.action"):
        importlib.import_module(name)


class Listener:
    """Tells the campaign which test was the first to fail."""

    def __init__(self, pipe: int) -> None:
        self.pipe = pipe

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os.write(self.pipe, f"{report.nodeid}\n".encode())


@dataclass(frozen=True)
class Answer:
    """Whether all tests passed, and the first that did not; the name is empty where the time ran out or no test ran."""

    passed: bool
    first: str = ""


def tried(tests: Sequence[str], tree: Path) -> Answer:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.setsid()
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in range(3):
                os.dup2(nowhere, stream)
            words = ["-x", "-q", "-p", "no:cacheprovider", *QUIET, f"--rootdir={tree}", *tests]
            status = int(pytest.main(words, plugins=[Listener(writing)]))
        finally:
            os._exit(status)
    os.close(writing)
    status = ended(child)
    # What a test left running may hold the other end.
    os.set_blocking(reading, False)
    with contextlib.suppress(BlockingIOError), os.fdopen(reading, "rb", buffering=0) as told:
        return Answer(status == 0, (told.read(10_000) or b"").decode().partition("\n")[0])
    return Answer(status == 0)


def ended(child: int) -> int:
    """A process' status; what takes too long is ended with all that it started."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return status
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def run(cases: list[str]) -> None:
    known = {one.case: one for one in mutants(ROOT, SEED)}
    copy = Copy(STATE / "mutation")
    for case in cases:
        if case.startswith(SCORE):
            print(score(case.removeprefix(SCORE)), flush=True)
            continue
        if copy.lines:
            prepare(copy.tree)
        word = copy.answer(known[case])
        if word.startswith("unsound"):
            print(f"fail {case} {word}", flush=True)
            continue
        with SURVIVORS.open("a", encoding="utf-8") as file:
            file.write(f"{word} {case}\n")
        print(f"ok {case} {word}", flush=True)


def score(layer: str) -> str:
    """The last word on each of the changes to a layer that were drawn."""
    lines = SURVIVORS.read_text(encoding="utf-8").splitlines() if SURVIVORS.is_file() else []
    known = {one.case for one in drawn() if one.layer == layer}
    last = {case: word for word, case in (line.split(" ", 1) for line in lines) if case in known}
    killed = sum(word == "killed" for word in last.values())
    reached = 100 * killed / max(1, len(last))
    floor, told = FLOORS[layer], f"{killed} of {len(last)} changes noticed, {reached:.1f} %"
    return f"{'ok' if reached >= floor else 'fail'} {SCORE}{layer} {told} (floor {floor:.0f}); see {SURVIVORS.name}"


def main(words: list[str]) -> int:
    STATE.mkdir(parents=True, exist_ok=True)
    if words[:1] == ["list"]:
        print("\n".join([*(one.case for one in drawn()), *(f"{SCORE}{layer}" for layer in FLOORS)]))
        return 0
    run(words[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
