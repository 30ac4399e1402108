# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each policy does, and what is told about it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._edit import Editor
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._policy import Wish, apply, wishes_of
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._reader import parse


def told(text: str, *wishes: Wish) -> tuple[Any, list[str]]:
    outcome = apply(Editor(text), list(wishes))
    return parse(outcome.text), [edit.what for edit in outcome.edits]


def test_set_replaces_and_says_what_was_there() -> None:
    assert told('{"a": "old"}', Wish("a", "set", "new")) == ({"a": "new"}, ['a: "old" -> "new"'])


def test_set_if_absent_leaves_null_alone() -> None:
    assert told('{"a": null}', Wish("a", "set_if_absent", 1)) == ({"a": None}, [])
    assert told("{}", Wish("a", "set_if_absent", 1)) == ({"a": 1}, ["a: (nothing) -> 1"])


def test_merge_keeps_what_is_not_named() -> None:
    have = '{"gopls": {"a": 1, "deep": {"x": 1}}}'
    value, what = told(have, Wish("gopls", "merge", {"deep": {"y": 2}, "a": 3}))
    assert value == {"gopls": {"a": 3, "deep": {"x": 1, "y": 2}}}
    assert what == ["gopls > deep > y: (nothing) -> 2", "gopls > a: 1 -> 3"]


def test_merging_an_empty_object_keeps_one_that_is_there() -> None:
    assert told('{"o": {"a": {"b": 1}}}', Wish("o", "merge", {"a": {}})) == ({"o": {"a": {"b": 1}}}, [])


def test_merge_replaces_what_is_no_object() -> None:
    assert told('{"o": [1]}', Wish("o", "merge", {"a": 1})) == ({"o": {"a": 1}}, ['o: [1] -> {"a": 1}'])


@pytest.mark.parametrize(
    ("have", "policy", "given", "expected"),
    [
        ('{"l": ["a"]}', "list_add", ["a", "b"], ["a", "b"]),
        ('{"l": [1]}', "list_add", [True], [1, True]),
        ('{"l": ["a"]}', "list_add", "b", ["a", "b"]),
        ('{"l": "no list"}', "list_add", ["b"], ["b"]),
        ('{"l": ["a", "b", "a"]}', "list_remove", ["a"], ["b"]),
        ('{"l": "no list"}', "list_remove", ["b"], "no list"),
        ('{"l": [{"name": "x", "a": 1}]}', "list_merge", [{"name": "x", "b": 2}], [{"name": "x", "a": 1, "b": 2}]),
        ('{"l": [{"label": "x"}]}', "list_merge", [{"label": "y"}], [{"label": "x"}, {"label": "y"}]),
        ('{"l": [{}, 1]}', "list_merge", [{}, 1, "new"], [{}, 1, "new"]),
    ],
)
def test_lists(have: str, policy: str, given: Any, expected: Any) -> None:
    value, _ = told(have, Wish("l", policy, given))
    assert value == {"l": expected}


def test_removing_from_a_list_that_is_not_there_makes_none() -> None:
    assert told("{}", Wish("l", "list_remove", ["a"])) == ({}, [])


def test_a_path_goes_into_objects_and_dots_do_not() -> None:
    assert told("{}", Wish("gopls > ui.semanticTokens", "set", True))[0] == {"gopls": {"ui.semanticTokens": True}}


def test_long_values_are_cut_in_what_is_told() -> None:
    _, what = told("{}", Wish("a", "set", "x" * 500))
    assert len(what[0]) < 120


def test_objects_are_merged_and_the_rest_is_set_unless_a_policy_says_so() -> None:
    wishes = wishes_of({"o": {"a": 1}, "s": 1, "p": {}}, {"p": "set", "gone": "absent"})
    assert [(wish.key, wish.policy) for wish in wishes] == [
        ("o", "merge"),
        ("s", "set"),
        ("p", "set"),
        ("gone", "absent"),
    ]


def test_state_absent_removes_every_key() -> None:
    assert {wish.policy for wish in wishes_of({"a": 1, "o": {}}, {"a": "set"}, remove=True)} == {"absent"}


def test_absent_takes_out_of_an_object_what_is_named_and_leaves_the_rest() -> None:
    mine = '{"go.alternateTools": {"gopls": "/a", "dlv": "/mine"}, "x": 1}'
    gone = wishes_of({"go.alternateTools": {"gopls": ""}}, {}, remove=True)
    assert apply(Editor(mine), gone).text == '{"go.alternateTools": {"dlv": "/mine"}, "x": 1}'
    assert told('{"go.alternateTools": {"gopls": "/a"}, "x": 1}', *gone) == (
        {"x": 1},
        ['go.alternateTools: {"gopls": "/a"} -> (nothing)'],
    )
    assert told(mine, Wish("go.alternateTools", "absent"))[0] == {"x": 1}
    assert told('{"go.alternateTools": 3}', *gone)[0] == {}


def test_an_emptied_object_stays_for_the_comment_in_it() -> None:
    text = '{\n  "gopls": {\n    // ask Ada\n\n    "a": 1\n  }\n}\n'
    outcome = apply(Editor(text), [Wish("gopls", "absent", {"a": 1})])
    assert "// ask Ada" in outcome.text
    assert [edit.what for edit in outcome.edits] == ["gopls > a: 1 -> (nothing)"]


@pytest.mark.parametrize("text", ["{}", '{\n  // mine\n  "a": 1,\n}\n', '{"[go]": {"editor.tabSize": 8}}'])
def test_what_was_set_is_taken_back_to_the_last_byte(text: str) -> None:
    added = {"[go]": {"editor.formatOnSave": True, "deep": {"x": "y"}}, "go.testFlags": ["-fullpath"]}
    after = apply(Editor(text), wishes_of(added, {})).text
    assert after != text
    assert apply(Editor(after), [Wish(key, "take_back", value) for key, value in added.items()]).text == text


def test_what_somebody_changed_since_is_not_taken_back() -> None:
    text = '{"[go]": {"editor.formatOnSave": false, "deep": {"x": "y"}}, "go.testFlags": ["-fullpath", "-v"], "n": 1}'
    wishes = {"[go]": {"editor.formatOnSave": True, "deep": {"x": "y"}}, "go.testFlags": ["-fullpath"], "n": True}
    assert told(text, *(Wish(key, "take_back", value) for key, value in wishes.items())) == (
        {"[go]": {"editor.formatOnSave": False}, "go.testFlags": ["-fullpath", "-v"], "n": 1},
        ['[go] > deep: {"x": "y"} -> (nothing)'],
    )


def test_duplicates_are_reported_and_the_last_is_edited() -> None:
    outcome = apply(Editor('{"a": 1, "a": 2}'), [Wish("a", "set", 3)])
    assert outcome.text == '{"a": 1, "a": 3}'
    assert outcome.notices == ["a stands 2 times; the last one counts and was managed"]
