# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold of every edit of every file. Each check raises ``AssertionError`` with the texts."""

from __future__ import annotations

import copy
import json
import random
import re
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._edit import Editor
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._reader import Document

from .generate import Comment, Made, Maker
from .node import Oracle

NEW: tuple[Any, ...] = (1, "new", True, None, [], {}, ["a", 2], {"a": {"b": [1]}})


def check_seed(seed: int, oracle: Oracle) -> None:
    """Everything about one file and the edits that its seed gives."""
    source = random.Random(seed)
    made = Maker(source).make()
    check_reading(made, oracle)
    for _ in range(2):
        check_set(made, source, oracle)
        check_insert(made, source, oracle)
        check_remove(made, source, oracle)
    check_sequence(made, source, oracle)


def check_reading(made: Made, oracle: Oracle) -> None:
    """The tree prints the very text, and means what VS Code's parser says."""
    document = Document(made.text)
    assert document.text() == made.text
    assert document.value() == made.value, made.text
    agree(made.text.removeprefix("\ufeff"), made.value, oracle)


def agree(text: str, value: Any, oracle: Oracle) -> None:
    """VS Code's parser reads this text without an error, as we mean it."""
    answer = oracle.parse(text)
    assert answer["errors"] == [], f"{answer['errors']}\n{text}"
    assert strictly(answer["value"]) == strictly(value), f"{answer['value']} is not {value}\n{text}"


def strictly(value: Any) -> str:
    """A form in which ``True`` is not 1 and the order of keys does not matter."""
    return json.dumps(value, sort_keys=True)


def check_set(made: Made, source: random.Random, oracle: Oracle) -> None:
    """A scalar in place of a scalar: nothing but its own bytes change, says the other parser's tree."""
    text = made.text.removeprefix("\ufeff")
    members = oracle.ask("parse", text=text, tree=True)["offsets"]
    plain = [one for one in members if not text.encode("utf-16-le")[2 * one[2] :].startswith((b"{\0", b"[\0"))]
    if not plain:
        return
    path, _key, start, end = source.choice(plain)
    new = source.choice([one for one in NEW if not isinstance(one, (dict, list))])
    editor = Editor(made.text)
    assert editor.set(path, new) == (strictly(at(made.value, path)) != strictly(new))
    units = text.encode("utf-16-le")  # JavaScript counts in UTF-16
    before, after = units[: 2 * start].decode("utf-16-le"), units[2 * end :].decode("utf-16-le")
    mark = made.text[: len(made.text) - len(text)]
    assert editor.text().startswith(mark + before) and editor.text().endswith(after), (
        f"{path} {made.text}\n->\n{editor.text()}"
    )
    agree(editor.text().removeprefix("\ufeff"), with_value(made.value, path, new), oracle)
    twice(editor.text(), path, new)


def check_insert(made: Made, source: random.Random, oracle: Oracle) -> None:
    """A new key: the old bytes stay in order around it, comments keep their owners, removing it restores the file."""
    parent = source.choice(made.objects)
    key = source.choice(("go.new", "new", "editor.new.key", "[new]", "gopls", "ne\u00fc"))
    new = source.choice(NEW)
    path = [*parent, key]
    editor = Editor(made.text, {"gopls": "go"})
    assert editor.set(path, new)
    text = editor.text()
    agree(text.removeprefix("\ufeff"), with_value(made.value, path, new), oracle)
    assert one_insertion(made.text, text), f"{path}\n{made.text}\n->\n{text}"
    assert made.newline == "\n" or not re.search("(?<!\r)\n", text), f"line endings, {path}\n{text!r}"
    for comment in made.comments:
        assert kept(comment, text), f"{comment} {path}\n{made.text}\n->\n{text}"
    twice(text, path, new)
    back = Editor(text)
    assert back.remove(path)
    assert back.text() == made.text, f"{path}\n{made.text}\n->\n{text}\n->\n{back.text()}"


def check_remove(made: Made, source: random.Random, oracle: Oracle) -> None:
    """A key goes with its own comments and with no other."""
    parent = source.choice(made.objects)
    key = source.choice(list(at(made.value, parent)))
    path = (*parent, key)
    editor = Editor(made.text)
    assert editor.remove(list(path))
    text = editor.text()
    agree(text.removeprefix("\ufeff"), without(made.value, path), oracle)
    for comment in made.comments:
        gone = comment.owner[: len(path)] == path
        assert gone != (comment.tag in text), f"{comment} {path}\n{made.text}\n->\n{text}"
        assert gone or kept(comment, text), f"{comment} moved, {path}\n{made.text}\n->\n{text}"
    assert not Editor(text).remove(list(path))


def check_sequence(made: Made, source: random.Random, oracle: Oracle) -> None:
    """Several edits in one pass give what they give one by one."""
    editor, single, value = Editor(made.text), made.text, made.value
    for _ in range(source.randrange(2, 7)):
        parent = source.choice(made.objects)
        if not isinstance(at(value, parent), dict):
            continue
        path = (*parent, source.choice((*at(value, parent), "new", "go.x.y", "go.x", "editor.a")))
        one = Editor(single)
        if source.random() < 0.4:
            assert editor.remove(list(path)) == one.remove(list(path))
            value = without(value, path)
        else:
            new = source.choice(NEW)
            assert editor.set(list(path), new) == one.set(list(path), new)
            value = with_value(value, list(path), new)
        single = one.text()
    agree(editor.text().removeprefix("\ufeff"), value, oracle)
    agree(single.removeprefix("\ufeff"), value, oracle)


def twice(text: str, path: list[str], value: Any) -> None:
    """The same wish again changes nothing."""
    editor = Editor(text)
    assert not editor.set(path, value)
    assert editor.text() == text


def one_insertion(old: str, new: str) -> bool:
    """``new`` is ``old`` with one run of text put in, and perhaps a comma before it."""
    if _one_run(old, new):
        return True
    commas = [match.start() for match in re.finditer(",", new)]
    return any(_one_run(old, new[:at_] + new[at_ + 1 :]) for at_ in commas)


def _one_run(old: str, new: str) -> bool:
    prefix = 0
    while prefix < len(old) and old[prefix] == new[prefix]:
        prefix += 1
    return new.endswith(old[prefix:]) and len(new) >= len(old)


def kept(comment: Comment, text: str) -> bool:
    """Whether a reader takes a comment for its owner's: it stands before that key, or on the line behind that value."""
    place = text.find(comment.tag)
    if place < 0:
        return False
    number = comment.owner[-1].rpartition("k")[2] if comment.owner else ""
    keys = re.compile(r'"(?:[^"\\\n]|\\.)*"\s*(?:/\*(?:[^*]|\*(?!/))*\*/\s*)?:')
    if comment.side == "lead":
        after = keys.search(_blank_comments(text), place)
        return after is not None and _number(after.group()) == _digits(number)
    if comment.side == "trail":
        line = text.rfind("\n", 0, place)
        owners = [_number(match.group()) for match in keys.finditer(_blank_comments(text), 0, place)]
        return bool(owners) and _digits(number) in owners and line < place
    return True


def _digits(name: str) -> str:
    return "".join(char for char in name if char.isdigit())


def _number(key: str) -> str:
    return _digits(key.replace("\\u006b", "k").rpartition("k")[2].replace("\\u00fc", ""))


def _blank_comments(text: str) -> str:
    """The text with its comments as blanks, so that what looks like a key in them is none."""
    pattern = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\r\n]*|/\*.*?\*/', re.DOTALL)
    return pattern.sub(lambda match: match.group() if match.group()[0] == '"' else " " * len(match.group()), text)


def at(value: Any, path: Any) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def with_value(value: Any, path: list[str], new: Any) -> Any:
    result = copy.deepcopy(value)
    inner = result
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return result


def without(value: Any, path: Any) -> Any:
    result = copy.deepcopy(value)
    inner = result
    for key in path[:-1]:
        inner = inner[key]
    inner.pop(path[-1], None)
    return result
