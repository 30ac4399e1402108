# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files as people write them: on one line, with commas in front, with comments in empty places."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._edit import Editor
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._reader import JsoncError, parse


def edited(text: str, path: list[str], value: Any) -> str:
    editor = Editor(text)
    assert editor.set(path, value)
    assert Editor(editor.text()).set(path, value) is False  # it is there now
    return editor.text()


@pytest.mark.parametrize(
    ("text", "path", "value", "after"),
    [
        ('{"a": 1}', ["b"], 2, '{"a": 1, "b": 2}'),
        ("{}", ["a"], 1, '{\n    "a": 1\n}'),
        ('{"a": {}}', ["a", "b"], 1, '{"a": {"b": 1}}'),
        ('{"a": 1}', ["a", "b"], 2, '{"a": {"b": 2}}'),
        ('{"a": [1]}', ["a"], [0, 1], '{"a": [0, 1]}'),
        ('{"a": [1, 2]}', ["a"], [0, 1, 2], '{"a": [0, 1, 2]}'),
        ('{"a": [1, 2]}', ["a"], [1, 3, 2], '{"a": [1, 3, 2]}'),
        ('{"a": [1, 2]}', ["a"], [1], '{"a": [1]}'),
        ('{"a": [1, 2]}', ["a"], [], '{"a": []}'),
        ('{"a":1,"b":2}', ["c"], 3, '{"a":1,"b":2,"c":3}'),
        ('{\n  "a": 1\n, "b": 2\n}\n', ["c"], 3, '{\n  "a": 1\n, "b": 2\n, "c": 3\n}\n'),
        ('{\n  "a": 1 // one\n}\n', ["b"], 2, '{\n  "a": 1, // one\n  "b": 2\n}\n'),
        ('{\n  "a": {"x": 1, "y": 2}\n}\n', ["a"], {"y": 3, "z": 4}, '{\n  "a": {"y": 3, "z": 4}\n}\n'),
    ],
)
def test_what_is_added_looks_like_what_is_there(text: str, path: list[str], value: Any, after: str) -> None:
    assert edited(text, path, value) == after


@pytest.mark.parametrize(
    "text",
    [
        "{ /* nothing yet */ }",
        "{ // nothing yet\n}",
        "{\n  // nothing yet\n}\n",
        '{"a": [ /* none */ ]}',
        "// a head without an object\n",
        "",
        '{\r\n\t"a": 1\r\n}\r\n',
    ],
)
def test_comments_and_line_ends_survive(text: str) -> None:
    after = edited(text, ["b", "c"], [1, {"d": True}])
    assert parse(after)["b"] == {"c": [1, {"d": True}]}
    for word in ("nothing yet", "none", "a head without an object"):
        assert (word in after) == (word in text)
    assert after.count("\r\n") == after.count("\n") or "\r" not in text


@pytest.mark.parametrize(
    ("text", "path", "after"),
    [
        ('{"a": 1, "b": 2}', ["a"], '{"b": 2}'),
        ('{"a": 1, "b": 2}', ["b"], '{"a": 1}'),
        ('{ "a": 1 }', ["a"], "{}"),
        ('{"a": 1, "a": 2, "b": 3}', ["a"], '{"b": 3}'),
        ('{\n  "a": 1, // one\n  "b": 2\n}\n', ["b"], '{\n  "a": 1 // one\n}\n'),
        ('{\n  // about a\n  "a": 1,\n  "b": 2,\n}\n', ["a"], '{\n  "b": 2,\n}\n'),
    ],
)
def test_what_is_removed_takes_its_own_and_nothing_else(text: str, path: list[str], after: str) -> None:
    editor = Editor(text)
    assert editor.remove(path)
    assert editor.text() == after
    assert not editor.remove(path)


def test_a_path_through_something_else_is_not_there() -> None:
    editor = Editor('{"a": [1], "b": 1}')
    assert not editor.remove(["a", "0"]) and not editor.remove(["b", "c", "d"])
    assert editor.duplicates(["a", "b"]) == 0
    assert Editor("{ }").is_bare([]) and not Editor("{ /* x */ }").is_bare([])
    assert not Editor("[]").is_bare([])


def test_a_file_that_holds_a_list_is_refused() -> None:
    with pytest.raises(TypeError, match="the file holds no object"):
        Editor("[1]").set(["a"], 1)
    with pytest.raises(JsoncError):
        Editor('{"a": 1} {"b": 2}')
