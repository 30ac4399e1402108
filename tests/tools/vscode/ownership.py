# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose comment is it? Cases with one answer, written by hand, put to this engine and to VS Code's jsonc-parser.

They cover what is reported against jsonc-parser: https://github.com/microsoft/node-jsonc-parser/issues/10 and /125,
the kinds of case that https://github.com/microsoft/node-jsonc-parser/pull/133 lists, and
https://github.com/microsoft/vscode/issues/135552. The answers are compared line by line, without indentation, spacing
and blank lines: who owns a comment is the question, not how it is laid out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

REMOVE: Any = object()


@dataclass(frozen=True)
class Case:
    name: str
    text: str
    path: tuple[str, ...]
    value: Any
    expected: str

    def right(self, result: str) -> bool:
        one_line = "\n" not in self.expected  # jsonc-parser spreads such a line over several: no fault of ownership
        return meaning(" ".join(result.split()) if one_line else result) == meaning(self.expected)


def meaning(text: str) -> str:
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in re.split(r"\r\n|\n", text))
    joined = "\n".join(re.sub(r" ?([,{}\[\]]) ?", r"\1", line) for line in lines if line)
    return joined.replace("{\n}", "{}")


def _case(name: str, text: str, path: str, value: Any, expected: str) -> Case:
    return Case(name, text, tuple(path.split("/")), value, expected)


def _lines(*lines: str) -> str:
    return "{\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


CASES: tuple[Case, ...] = (
    # a new key at the end
    _case("append-line", _lines('"a": 1 // a'), "n", 2, _lines('"a": 1, // a', '"n": 2')),
    _case("append-block", _lines('"a": 1 /* a */'), "n", 2, _lines('"a": 1, /* a */', '"n": 2')),
    _case("append-two-blocks", _lines('"a": 1 /* a */ /* b */'), "n", 2, _lines('"a": 1, /* a */ /* b */', '"n": 2')),
    _case("append-block-line", _lines('"a": 1 /* a */ // b'), "n", 2, _lines('"a": 1, /* a */ // b', '"n": 2')),
    _case("append-trailing-comma-line", _lines('"a": 1, // a'), "n", 2, _lines('"a": 1, // a', '"n": 2,')),
    _case("append-trailing-comma-block", _lines('"a": 1, /* a */'), "n", 2, _lines('"a": 1, /* a */', '"n": 2,')),
    _case("append-comment-then-comma", _lines('"a": 1 /* a */,'), "n", 2, _lines('"a": 1 /* a */,', '"n": 2,')),
    _case("append-after-object", _lines('"a": {} // a'), "n", 2, _lines('"a": {}, // a', '"n": 2')),
    _case(
        "append-after-array",
        _lines('"a": [', "1 // one", "] // a"),
        "n",
        2,
        _lines('"a": [', "1 // one", "], // a", '"n": 2'),
    ),
    _case(
        "append-two-keys",
        _lines('"a": 1, // a', '"b": 2 // b'),
        "n",
        3,
        _lines('"a": 1, // a', '"b": 2, // b', '"n": 3'),
    ),
    _case("append-above-closing", _lines('"a": 1 // a', "// end"), "n", 2, _lines('"a": 1, // a', '"n": 2', "// end")),
    _case(
        "append-crlf",
        _lines('"a": 1 // a').replace("\n", "\r\n"),
        "n",
        2,
        _lines('"a": 1, // a', '"n": 2').replace("\n", "\r\n"),
    ),
    _case("append-multiline-block", _lines('"a": 1 /* a', "a */"), "n", 2, _lines('"a": 1, /* a', "a */", '"n": 2')),
    _case("append-inline", '{"a": 1 /* a */}', "n", 2, '{"a": 1 /* a */, "n": 2}'),
    _case(
        "append-nested",
        _lines('"o": {', '"a": 1 // a', "} // o"),
        "o/n",
        2,
        _lines('"o": {', '"a": 1, // a', '"n": 2', "} // o"),
    ),
    _case("append-url-in-string", _lines('"a": "http://x" // a'), "n", 2, _lines('"a": "http://x", // a', '"n": 2')),
    _case("append-commented-out", _lines('"a": 1 // , "b": 2'), "n", 2, _lines('"a": 1, // , "b": 2', '"n": 2')),
    # a key goes
    _case("remove-first-keeps-next-lead", _lines('"a": 1,', "// b", '"b": 2'), "a", REMOVE, _lines("// b", '"b": 2')),
    _case("remove-first-with-trail", _lines('"a": 1, // a', '"b": 2'), "a", REMOVE, _lines('"b": 2')),
    _case("remove-first-with-lead", _lines("// a", '"a": 1,', '"b": 2'), "a", REMOVE, _lines('"b": 2')),
    _case("remove-first-both", _lines("// a", '"a": 1, // a', "// b", '"b": 2'), "a", REMOVE, _lines("// b", '"b": 2')),
    _case(
        "remove-middle-with-lead",
        _lines('"a": 1,', "// b", '"b": 2,', '"c": 3'),
        "b",
        REMOVE,
        _lines('"a": 1,', '"c": 3'),
    ),
    _case(
        "remove-middle-keeps-trail",
        _lines('"a": 1, // a', '"b": 2,', '"c": 3'),
        "b",
        REMOVE,
        _lines('"a": 1, // a', '"c": 3'),
    ),
    _case(
        "remove-middle-own-trail", _lines('"a": 1,', '"b": 2, // b', '"c": 3'), "b", REMOVE, _lines('"a": 1,', '"c": 3')
    ),
    _case(
        "remove-middle-all",
        _lines("// a", '"a": 1, // a', "// b", '"b": 2, // b', "// c", '"c": 3 // c'),
        "b",
        REMOVE,
        _lines("// a", '"a": 1, // a', "// c", '"c": 3 // c'),
    ),
    _case(
        "remove-middle-block",
        _lines('"a": 1, /* a */', '"b": 2, /* b */', '"c": 3'),
        "b",
        REMOVE,
        _lines('"a": 1, /* a */', '"c": 3'),
    ),
    _case("remove-last-own-trail", _lines('"a": 1,', '"b": 2 // b'), "b", REMOVE, _lines('"a": 1')),
    _case("remove-last-keeps-trail", _lines('"a": 1, // a', '"b": 2'), "b", REMOVE, _lines('"a": 1 // a')),
    _case("remove-last-both-trails", _lines('"a": 1, // a', '"b": 2 // b'), "b", REMOVE, _lines('"a": 1 // a')),
    _case("remove-last-with-lead", _lines('"a": 1,', "// b", '"b": 2'), "b", REMOVE, _lines('"a": 1')),
    _case("remove-last-trailing-comma", _lines('"a": 1, // a', '"b": 2, // b'), "b", REMOVE, _lines('"a": 1, // a')),
    _case("remove-last-keeps-end", _lines('"a": 1,', '"b": 2', "// end"), "b", REMOVE, _lines('"a": 1', "// end")),
    _case("remove-last-block", _lines('"a": 1, /* a */', '"b": 2 /* b */'), "b", REMOVE, _lines('"a": 1 /* a */')),
    _case("remove-only-with-trail", _lines('"a": 1 // a'), "a", REMOVE, "{\n}\n"),
    _case("remove-only-with-lead", _lines("// a", '"a": 1'), "a", REMOVE, "{\n}\n"),
    _case("remove-only-keeps-end", _lines('"a": 1', "// end"), "a", REMOVE, _lines("// end")),
    _case("remove-only-keeps-section", _lines("// all", "", '"a": 1'), "a", REMOVE, _lines("// all")),
    _case(
        "remove-keeps-section",
        _lines('"a": 1,', "// section", "", "// b", '"b": 2,', '"c": 3'),
        "b",
        REMOVE,
        _lines('"a": 1,', "// section", '"c": 3'),
    ),
    _case(
        "remove-keeps-opening",
        "{ // all\n" + _lines('"a": 1,', '"b": 2')[2:],
        "a",
        REMOVE,
        "{ // all\n" + _lines('"b": 2')[2:],
    ),
    _case("remove-inline-middle", '{"a": 1 /* a */, "b": 2 /* b */, "c": 3}', "b", REMOVE, '{"a": 1 /* a */, "c": 3}'),
    _case("remove-inline-lead", '{"a": 1, /* b */ "b": 2, "c": 3}', "b", REMOVE, '{"a": 1, "c": 3}'),
    _case("remove-inline-keeps-next", '{"a": 1, /* b */ "b": 2}', "a", REMOVE, '{/* b */ "b": 2}'),
    _case(
        "remove-crlf",
        _lines('"a": 1, // a', '"b": 2 // b').replace("\n", "\r\n"),
        "b",
        REMOVE,
        _lines('"a": 1 // a').replace("\n", "\r\n"),
    ),
    _case(
        "remove-nested-last",
        _lines('"o": {', '"a": 1, // a', '"b": 2 // b', "} // o"),
        "o/b",
        REMOVE,
        _lines('"o": {', '"a": 1 // a', "} // o"),
    ),
    _case(
        "remove-object-with-comments",
        _lines('"a": 1, // a', '"o": { // o', '"x": 1 // x', "}, // end o", '"c": 3'),
        "o",
        REMOVE,
        _lines('"a": 1, // a', '"c": 3'),
    ),
    _case("remove-comma-after-comment", _lines('"a": 1 /* a */,', '"b": 2'), "a", REMOVE, _lines('"b": 2')),
    _case(
        "remove-multiline-trail", _lines('"a": 1, /* a', "a */", '"b": 2'), "b", REMOVE, _lines('"a": 1 /* a', "a */")
    ),
    # a value changes
    _case("set-keeps-trail", _lines('"a": 1, // a', '"b": 2 // b'), "b", 3, _lines('"a": 1, // a', '"b": 3 // b')),
    _case(
        "set-between-tokens",
        _lines('"a" /* k */ : /* v */ 1 /* e */,', '"b": 2'),
        "a",
        3,
        _lines('"a" /* k */ : /* v */ 3 /* e */,', '"b": 2'),
    ),
    _case(
        "set-object-member-keeps-others",
        _lines('"o": {', "// x", '"x": 1, // x', '"y": 2 // y', "}"),
        "o",
        {"x": 1, "y": 3},
        _lines('"o": {', "// x", '"x": 1, // x', '"y": 3 // y', "}"),
    ),
    _case(
        "set-array-keeps-elements",
        _lines('"l": [', '"x", // x', '"y" // y', "]"),
        "l",
        ["x", "y", "z"],
        _lines('"l": [', '"x", // x', '"y", // y', '"z"', "]"),
    ),
    _case(
        "set-array-drops-element",
        _lines('"l": [', '"x", // x', '"y" // y', "]"),
        "l",
        ["y"],
        _lines('"l": [', '"y" // y', "]"),
    ),
)
