# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine's promises that need no other parser: places, sizes, shown errors, one pass."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._edit import MISSING, Editor
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._layout import scalar_text
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._policy import Wish, apply
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._reader import Document, JsoncError, parse
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._tree import same


def test_a_new_key_goes_to_its_closest_relatives() -> None:
    text = '{\n  "go.a.x": 1,\n  "go.a.z": 1,\n  "go.b": 1,\n  "zen.mode": 1\n}\n'
    editor = Editor(text, {"gopls": "go"})
    for key in ("go.a.y", "zen.a", "gopls", "other", "go.a.zz"):
        editor.set([key], 0)
    assert list(parse(editor.text())) == [
        "go.a.x",
        "go.a.y",
        "go.a.z",
        "go.a.zz",
        "go.b",
        "gopls",
        "zen.mode",
        "zen.a",
        "other",
    ]


def test_one_pass_of_many_edits_equals_many_passes() -> None:
    text = '{\n  "a": [1, 2], // a\n  "b": { "c": 1 } // b\n}\n'
    edits: list[tuple[list[str], Any]] = [
        (["b", "d"], 2),
        (["a"], [2, 3]),
        (["n"], {"m": 1}),
        (["n", "k"], [1]),
        (["b", "c"], 0),
    ]
    editor, single = Editor(text), text
    for path, value in edits:
        editor.set(path, value)
        one = Editor(single)
        one.set(path, value)
        single = one.text()
    assert editor.text() == single


def test_nothing_there_is_not_null() -> None:
    editor = Editor('{"a": null}')
    assert editor.get(["a"]) is None
    assert editor.get(["b"]) is MISSING
    assert editor.get(["a", "b"]) is MISSING
    assert editor.set(["b"], None)


@pytest.mark.parametrize("text", ["[]", "1", '"x"'])
def test_a_root_that_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(TypeError, match="no object"):
        Editor(text).set(["a"], 1)


def test_the_place_of_an_error_is_shown() -> None:
    with pytest.raises(JsoncError) as caught:
        parse('{\r\n\t"a": 1\r\n\t"b": 2\r\n}')
    assert str(caught.value) == "line 3, column 2: '\"' stands where ',' or '}' is expected"
    assert caught.value.shown() == '\t"b": 2\n\t^'


def test_a_long_line_is_cut_around_the_error() -> None:
    with pytest.raises(JsoncError) as caught:
        parse('{"a": "' + "x" * 5000 + '", oops}')
    source, caret = caught.value.shown().split("\n")
    assert len(source) <= 100 and source[len(caret) - 1] == "o"


def test_what_five_megabytes_take_grows_with_their_size_alone() -> None:
    """Less than a second where this was written; 85,000 members that each look at all others take hours anywhere."""
    members = ",\n".join(f'  // about {i}\n  "key.number{i}": ["v{i}", {{ "deep": {i} }}]' for i in range(85_000))
    text = "{\n" + members + "\n}\n"
    assert len(text) > 5_000_000
    started = time.process_time()
    outcome = apply(Editor(text), [Wish("key.number77"), Wish("new.key", "set", 1), Wish("key.number5", "absent")])
    seconds = time.process_time() - started
    assert [edit.key for edit in outcome.edits] == ["key.number77", "new.key", "key.number5"]
    assert seconds < 30


@pytest.mark.parametrize(
    "hostile", ["[" * 10_000, '{"a":' * 10_000, "[" * 10_000 + "]" * 10_000, "/*" * 100_000, "//" * 100_000 + '\n"']
)
def test_hostile_texts_are_refused_quickly(hostile: str) -> None:
    started = time.process_time()
    with pytest.raises(JsoncError):
        parse(hostile)
    assert time.process_time() - started < 20


def test_a_long_comment_does_not_slow_the_reader_down() -> None:
    text = "{" + '// "a": 1, /* \n' * 50_000 + '"a": 1' + "/**/" * 50_000 + "}"
    started = time.process_time()
    assert Document(text).text() == text
    assert time.process_time() - started < 20


def test_equality_is_that_of_json() -> None:
    assert same({"a": [1, 2.0]}, {"a": [1.0, 2]})
    assert not same(True, 1)
    assert not same([1], [True])
    assert not same({"a": None}, {})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_cannot_hold_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="no form in JSON"):
        scalar_text(value)


def test_a_lone_surrogate_stays_an_escape() -> None:
    assert scalar_text("a\ud800") == '"a\\ud800"'
    assert json.loads(scalar_text("a\ud800")) == "a\ud800"


def test_numbers_beyond_pythons_digits_are_read() -> None:
    assert parse("[" + "9" * 5000 + "]") == [float("inf")]
