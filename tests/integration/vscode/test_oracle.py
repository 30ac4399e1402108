# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSONC engine against VS Code's own parser, on generated files, hand-written ones and the public suite."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from vscode.checks import check_seed, strictly
from vscode.generate import Maker
from vscode.node import Oracle, UnavailableError, json5_suite, public_suite
from vscode.ownership import CASES, REMOVE, Case

from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._edit import Editor
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._reader import Document, JsoncError, parse
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._tree import same

SEEDS = 5000
BLOCK = 500


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    try:
        running = Oracle()
    except UnavailableError as missing:
        pytest.skip(f"no jsonc-parser here: {missing}")
    with running:
        yield running


@pytest.mark.parametrize("first", range(0, SEEDS, BLOCK))
def test_edits_of_generated_files(first: int, oracle: Oracle) -> None:
    for seed in range(first, first + BLOCK):
        try:
            check_seed(seed, oracle)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error


@given(source=st.randoms(use_true_random=False))
@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_any_file_is_printed_as_it_was_read(source: random.Random) -> None:
    made = Maker(source).make()
    document = Document(made.text)
    assert document.text() == made.text
    assert strictly(document.value()) == strictly(made.value)


@example(text="0E0")
@example(text="[-0, -0.0, 1e24, 120129012901290129012, 1E999]")
@settings(max_examples=1500, deadline=None, derandomize=True)
@given(text=st.text(alphabet='{}[]",:/*\\ \n\r\tabu0129.eE+-truefalsn\ufeff\x00\u2028', max_size=24))
def test_both_parsers_accept_and_refuse_the_same_texts(oracle: Oracle, text: str) -> None:
    """Also for texts that no generator of valid files would make."""
    answer = oracle.parse(text.removeprefix("\ufeff"))  # VS Code takes the mark away when it reads a file
    try:
        value = parse(text)
    except JsoncError:
        assert answer["errors"], f"refused here, accepted there: {text!r}"
    else:
        assert not answer["errors"], f"accepted here, refused there: {text!r} {answer['errors']}"
        assert strictly(as_doubles(value)) == strictly(as_doubles(answer.get("value")))


def as_doubles(value: Any) -> Any:
    """Numbers as the other parser has them; what is too large for a double comes back from it as null."""
    if isinstance(value, dict):
        return {key: as_doubles(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_doubles(one) for one in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        # -0.0 + 0.0 is 0.0: JSON.stringify knows no sign of nothing.
        return float(value) + 0.0 if math.isfinite(float(value)) else None
    return value


def accepted(name: str, text: str, oracle: Oracle) -> bool:
    """Whether the engine takes a text; VS Code's own parser has to agree."""
    plain = text.removeprefix("\ufeff")  # VS Code takes the mark away when it reads a file
    try:
        value = parse(text)
    except JsoncError as error:
        # Of what is nested this deeply the other one would die.
        assert "deeper than" in str(error) or oracle.parse(plain)["errors"], f"{name} is refused here and not there"
        return False
    answer = oracle.parse(plain)
    assert not answer["errors"], f"{name} is accepted here and not there"
    assert name.startswith("i_") or same(value, answer.get("value")), name  # i_: numbers beyond doubles
    return True


def test_public_suite(oracle: Oracle) -> None:
    """nst/JSONTestSuite: what must parse does, the rest is accepted exactly where VS Code's parser accepts it."""
    cases = public_suite()
    assert len(cases) > 300
    for name, text in cases:
        assert accepted(name, text, oracle) or not name.startswith("y_"), f"{name} is valid JSON"


def test_comments_and_commas_of_json5(oracle: Oracle) -> None:
    """Its comments and trailing commas are those of VS Code; the rest of JSON5 is not."""
    taken = {name for name, text in json5_suite() if accepted(name, text, oracle)}
    assert {name for name, _text in json5_suite() if "trailing-comma-" in name and name.endswith(".json5")} <= taken
    assert {name for name, _text in json5_suite() if "-comment-" in name and name.endswith(".json5")} <= taken
    assert not taken & {"unquoted-keys.json5", "single-quoted-key.json5", "lone-trailing-comma-array.txt"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_comments_stay_with_their_owner(case: Case) -> None:
    assert case.right(ours(case)), ours(case)


def test_score_beside_jsonc_parser(oracle: Oracle, record_property: Callable[[str, object], None]) -> None:
    """Printed, so that a better jsonc-parser shows."""
    theirs = [case.name for case in CASES if not case.right(of_jsonc_parser(case, oracle))]
    mine = [case.name for case in CASES if not case.right(ours(case))]
    score = f"{len(CASES) - len(mine)} of {len(CASES)}; jsonc-parser 3.3.1: {len(CASES) - len(theirs)} of {len(CASES)}"
    record_property("ownership", score)
    print(f"comment ownership: {score}; it gets wrong: {', '.join(theirs)}")
    assert not mine


def ours(case: Case) -> str:
    editor = Editor(case.text)
    if case.value is REMOVE:
        editor.remove(list(case.path))
    else:
        editor.set(list(case.path), case.value)
    return editor.text()


def of_jsonc_parser(case: Case, oracle: Oracle) -> str:
    remove = case.value is REMOVE
    value = None if remove else case.value
    answer = oracle.ask("edit", text=case.text, path=list(case.path), value=value, remove=remove, unit="  ")
    return str(answer.get("text", answer.get("failed")))
