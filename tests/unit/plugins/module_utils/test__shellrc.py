"""The block in somebody else's file: bytes outside it stay, twice is once, taking it out gives the file back."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.gopherops.workstation.plugins.module_utils import _shellrc
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

BODY = [b'if [ -r "$HOME/x" ]; then . "$HOME/x"; fi']
FILES = st.one_of(
    st.none(),
    st.binary(max_size=300),
    st.lists(
        st.sampled_from(
            [
                b"#!/bin/sh\n",
                b"#!/bin/sh",
                b"export A=1\n",
                b"return\n",
                b"\r\n",
                b"\n",
                b"\xff\xfe\n",
                b"# BEGIN",
                b"x",
            ]
        ),
        max_size=12,
    ).map(b"".join),
)


def marked(data: bytes | None) -> bool:
    return any(line.startswith((_shellrc.BEGIN, _shellrc.END)) for line in (data or b"").split(b"\n"))


@settings(max_examples=500, deadline=None)
@given(FILES.filter(lambda data: not marked(data)), st.booleans())
def test_outside_bytes_stay_and_twice_is_once_and_absent_is_the_original(data: bytes | None, at_top: bool) -> None:
    once = _shellrc.put_block(data, BODY, path="f", at_top=at_top)
    start, end = once.index(_shellrc.BEGIN), once.index(_shellrc.END) + len(_shellrc.END) + 1
    assert once[:start] + once[end:] in {data or b"", (data or b"") + b"\n", b"#!/bin/sh\n"}
    assert (data or b"").startswith(once[:start].rstrip(b"\n"))
    assert _shellrc.put_block(once, BODY, path="f", at_top=at_top) == once
    assert _shellrc.take_block(once, path="f") == data


@settings(max_examples=300, deadline=None)
@given(
    FILES.filter(lambda data: not marked(data)),
    st.lists(st.sampled_from([b"added\n", b"\xfe\n", b"last"]), min_size=1, max_size=4).map(b"".join),
)
def test_what_a_user_adds_later_survives_change_and_removal(data: bytes | None, added: bytes) -> None:
    edited = _shellrc.put_block(data, BODY, path="f") + added
    changed = _shellrc.put_block(edited, [b"other"], path="f")
    assert changed.endswith(added)
    line_break = b"\n" if _shellrc.BREAK_ADDED in edited else b""
    assert _shellrc.take_block(changed, path="f") == (data or b"") + line_break + added


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from([_shellrc.BEGIN, _shellrc.END, b"a", b"b\r", b"# END gopherops.workstation2"])))
def test_a_file_with_markers_in_any_order_is_edited_or_refused_whole(lines: list[bytes]) -> None:
    data = b"".join(line + b"\n" for line in lines)
    try:
        once = _shellrc.put_block(data, BODY, path="f")
    except WorkstationError:
        return
    assert _shellrc.put_block(once, BODY, path="f") == once
    outside = _shellrc.take_block(once, path="f") or b""
    assert outside == (_shellrc.take_block(data, path="f") or b"")


def test_a_second_copy_of_the_block_goes() -> None:
    block = _shellrc.put_block(b"", BODY, path="f")
    assert _shellrc.put_block(b"a\n" + block + b"b\n" + block + b"c\n", [b"new"], path="f") == (
        b"a\n# BEGIN gopherops.workstation\nnew\n# END gopherops.workstation\nb\nc\n"
    )


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"a\n# BEGIN gopherops.workstation\nb\n", 2),
        (b"a\nb\n# END gopherops.workstation\n", 3),
        (b"# BEGIN gopherops.workstation\n# BEGIN gopherops.workstation\n# END gopherops.workstation\n", 2),
    ],
)
def test_a_torn_block_is_refused_with_its_line(data: bytes, line: int) -> None:
    with pytest.raises(WorkstationError) as refused:
        _shellrc.put_block(data, BODY, path="/home/x/.profile")
    assert refused.value.details["line"] == line
    with pytest.raises(WorkstationError) as refused:
        _shellrc.take_block(data, path="f")
    assert refused.value.details["line"] == line


@pytest.mark.parametrize(
    ("data", "early"),
    [
        (b"case $- in\n    *i*) ;;\n      *) return;;\nesac\n", True),
        (b'[ -z "$PS1" ] && return\n', True),
        (b"# never return\nexport A=1\n", False),
        (b"exec fish\n", True),
    ],
)
def test_whether_a_shell_may_stop_reading(data: bytes, early: bool) -> None:
    assert _shellrc.leaves_early(data) is early


def test_ten_megabytes_take_no_time_to_speak_of() -> None:
    data = b"alias x='y z'\n" * 750_000
    started = time.process_time()
    once = _shellrc.put_block(data, BODY, path="f", at_top=_shellrc.leaves_early(data))
    assert _shellrc.take_block(once, path="f") == data
    assert time.process_time() - started < 30, "what grows with the square takes hours"
