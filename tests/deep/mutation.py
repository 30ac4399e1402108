# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Do the unit tests notice when the brain is wrong? One change at a time, in a copy of the tree, and its tests run.

The changes are those of every mutation tool: another comparison, the other boolean, a number off by one, a condition
turned round, a result left out. GOPHEROPS_MUTANTS (200) of them are drawn, the same ones for the same tree, so that a
stopped campaign goes on. A change that no test notices is a finding of the case ``score``, which has a floor; each is
named in ``.cache/deep/mutation-survivors.txt``.
"""

from __future__ import annotations

import ast
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

from dev.tree import copy_tree  # noqa: E402

LAYERS = ("plugin_utils", "module_utils")
COUNT = int(os.environ.get("GOPHEROPS_MUTANTS", "200"))
FLOOR = 85.0
SECONDS = 180
STATE = ROOT / ".cache" / "deep"
COMPARISONS = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


@dataclass(frozen=True)
class Mutant:
    """One change: the file, where in it, and what is changed."""

    file: str
    line: int
    column: int
    kind: str

    @property
    def case(self) -> str:
        return f"{self.file.removeprefix('plugins/')}/{self.line}:{self.column}:{self.kind}"


def kinds(node: ast.AST) -> Iterator[str]:
    """What can be changed at a node."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        yield "compare"
    elif isinstance(node, ast.BoolOp):
        yield "boolean"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not"
    elif isinstance(node, ast.Constant) and type(node.value) in (bool, int):
        yield "constant"
    elif isinstance(node, (ast.If, ast.IfExp)):
        yield "condition"
    elif isinstance(node, ast.Return) and node.value is not None:
        yield "return"


def mutants() -> list[Mutant]:
    """All there are, in an order that does not depend on the machine."""
    found = []
    for layer in LAYERS:
        for file in sorted((ROOT / "plugins" / layer).rglob("*.py")):
            name = file.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                found += [Mutant(name, *place(node), kind) for kind in kinds(node)]
    return found


def drawn() -> list[Mutant]:
    every = mutants()
    return sorted(
        random.Random(0).sample(every, min(COUNT, len(every))), key=lambda one: (one.file, one.line, one.column)
    )


def place(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", -1)


class Change(ast.NodeTransformer):
    """Makes the one change."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def visit(self, node: ast.AST) -> ast.AST:
        if place(node) == (self.mutant.line, self.mutant.column) and self.mutant.kind in kinds(node):
            node = self.changed(node)
        return self.generic_visit(node)

    def changed(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.Compare):
            node.ops[0] = COMPARISONS[type(node.ops[0])]()
        elif isinstance(node, ast.BoolOp):
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        elif isinstance(node, ast.UnaryOp):
            return node.operand
        elif isinstance(node, ast.Constant) and isinstance(node.value, (bool, int)):
            node.value = not node.value if isinstance(node.value, bool) else node.value + 1
        elif isinstance(node, (ast.If, ast.IfExp)):
            node.test = ast.UnaryOp(ast.Not(), node.test)
        elif isinstance(node, ast.Return):
            node.value = ast.Constant(None)
        return node


def tests_of(file: str) -> list[str]:
    """The unit tests that lie beside the file, in the same layout; those of its folder, or of its layer."""
    inside = Path(file).relative_to("plugins")
    home = ROOT / "tests" / "unit" / "plugins" / inside.parent
    stem = inside.stem.lstrip("_")
    near = sorted(home.glob(f"test_*{stem}*.py")) if home.is_dir() else []
    if home.is_dir() and home.name not in LAYERS:
        return [str(home.relative_to(ROOT))]
    return [str(one.relative_to(ROOT)) for one in near] or [f"tests/unit/plugins/{inside.parts[0]}"]


def survives(mutant: Mutant, tree: Path) -> bool:
    """Whether every test passes all the same. One that takes too long has noticed."""
    target, original = tree / mutant.file, (ROOT / mutant.file).read_text(encoding="utf-8")
    changed = ast.fix_missing_locations(Change(mutant).visit(ast.parse(original)))
    target.write_text(ast.unparse(changed), encoding="utf-8")
    try:
        return passes(tuple(tests_of(mutant.file)), tree)
    finally:
        target.write_text(original, encoding="utf-8")


def passes(tests: tuple[str, ...], tree: Path) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    env = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(tree / "collections"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        return not subprocess.run(
            command, cwd=tree, env=env, capture_output=True, check=False, timeout=SECONDS
        ).returncode
    except subprocess.TimeoutExpired:
        return False


def run(cases: list[str]) -> None:
    known = {one.case: one for one in drawn()}
    sound = cache(passes)
    with tempfile.TemporaryDirectory(prefix="gopherops-mutants-") as folder:
        tree = Path(folder)
        if set(cases) - {"score"}:
            copy_tree(tree)
        for case in cases:
            if case == "score":
                print(score(known), flush=True)
                continue
            if not sound(tuple(tests_of(known[case].file)), tree):
                print(f"fail {case} its tests fail without any change", flush=True)
                continue
            alive = survives(known[case], tree)
            with (STATE / "mutation-survivors.txt").open("a", encoding="utf-8") as file:
                file.write(f"{'survived' if alive else 'killed'} {case}\n")
            print(f"ok {case} {'survived' if alive else 'killed'}", flush=True)


def score(known: dict[str, Mutant]) -> str:
    """The last word on each of the changes that were drawn."""
    file = STATE / "mutation-survivors.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    last = {case: word for word, case in (line.split(" ", 1) for line in lines) if case in known}
    killed = sum(word == "killed" for word in last.values())
    reached = 100 * killed / max(1, len(last))
    word = "ok" if reached >= FLOOR else "fail"
    return f"{word} score {killed} of {len(last)} changes noticed, {reached:.0f} % (floor {FLOOR:.0f}); see {file.name}"


def main(words: list[str]) -> int:
    STATE.mkdir(parents=True, exist_ok=True)
    if words[:1] == ["list"]:
        print("\n".join([*(one.case for one in drawn()), "score"]))
        return 0
    run(words[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
