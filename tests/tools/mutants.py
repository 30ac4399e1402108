# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong changes to the brain and the engines, for ``tests/deep/mutation.py``: what can be changed, and the change."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LAYERS = ("plugin_utils", "module_utils")
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
    """One change: the file, where in it, and what is changed; ``rank`` draws it, by the code and not by the place."""

    file: str
    line: int
    column: int
    kind: str
    rank: str

    @property
    def layer(self) -> str:
        return self.file.split("/")[1]

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
    elif isinstance(node, ast.Return) and ast.unparse(node) not in ("return", "return None"):
        yield "return"


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All but what decorators say: whether a dataclass can be written to is for mypy to notice."""
    yield tree
    left_out = getattr(tree, "decorator_list", [])
    for child in ast.iter_child_nodes(tree):
        if child not in left_out:
            yield from nodes(child)


def mutants(root: Path, seed: str) -> Iterator[Mutant]:
    """All that there are in a tree; ``seed`` gives them another order."""
    for layer in LAYERS:
        for file in sorted((root / "plugins" / layer).rglob("*.py")):
            name, seen = file.relative_to(root).as_posix(), dict[str, int]()
            for node in nodes(ast.parse(file.read_text(encoding="utf-8"))):
                for kind in kinds(node):
                    text = f"{seed} {name} {kind} {ast.unparse(node)}"
                    seen[text] = seen.get(text, 0) + 1
                    rank = hashlib.sha256(f"{text} {seen[text]}".encode()).hexdigest()
                    yield Mutant(name, *place(node), kind, rank)


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
