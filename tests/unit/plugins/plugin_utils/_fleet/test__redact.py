"""Nothing that is secret or personal leaves in a report; words that only look like it stay readable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._redact import LONGEST, clean, redactor

redact = redactor(["alice"])


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Cannot write '/home/alice/go/env': full", "Cannot write '~/go/env': full"),
        ("C:\\Users\\Alice Smith\\sdk", "~ Smith\\sdk"),
        ("/Users/bob/sdk and /home/carol", "~/sdk and ~"),
        ("https://alice:hunter2@proxy.example:8080/x", "https://***@proxy.example:8080/x"),
        ("GET with Authorization: Basic YWxpY2U6aHVudGVyMg==", "GET with Authorization: ***"),
        ("token=abc123 and password: 'x y'", "token=*** and password: '*** y'"),
        ("Bearer eyJhbGciOiJIUzI1NiJ9.x.y", "Bearer ***"),
        ("syntax error: unexpected token }", "syntax error: unexpected token }"),
        ("the account alice has no home", "the account (user) has no home"),
        ("malice-free palaces", "malice-free palaces"),
        ("two\nlines\tand  more", "two lines and more"),
        ("\x1b]0;owned\x07", "\\x1b]0;owned\\x07"),
    ],
)
def test_what_is_taken_out_and_what_stays(text: str, seen: str) -> None:
    assert redact(text) == seen


def test_short_names_and_those_of_everybody_are_words() -> None:
    assert redactor(["bob", "root", "user"])("root gave bob a user") == "root gave bob a user"


def test_names_stay_when_asked_for_and_secrets_never() -> None:
    keep = redactor(["alice"], keep_names=True)
    assert keep("/home/alice/x https://a:b@c/") == "/home/alice/x https://***@c/"


@given(st.text(max_size=2000))
def test_any_text_comes_out_printable_and_short(text: str) -> None:
    seen = redact(text)
    assert len(seen) <= LONGEST
    assert not {unicodedata.category(mark) for mark in seen} & {"Cc", "Cs", "Zl", "Zp"}


def test_values_are_cleaned_to_the_bottom() -> None:
    assert clean({"a": ["/home/alice/x", 3, None, {"b": ("/home/alice",)}]}, redact) == {
        "a": ["~/x", 3, None, {"b": ["~"]}]
    }
