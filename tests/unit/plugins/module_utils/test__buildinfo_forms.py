# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forms of build info that no fixture has: the pointers of Go before 1.18, and every way to be broken."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._buildinfo import (
    BuildInfoError,
    parse,
    read_buildinfo,
)

BASE, OFFSET = 0x400000, 0x1000
MAGIC = b"\xff Go buildinf:"


def elf(blob: bytes, folder: Path) -> str:
    """A little program whose only data is this."""
    head = b"\x7fELF\x02\x01\x01" + bytes(9)
    head += struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, BASE, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    head += struct.pack("<IIQQQQQQ", 1, 6, OFFSET, BASE, BASE, len(blob), len(blob), 4096)
    path = folder / "program"
    path.write_bytes(head.ljust(OFFSET, b"\0") + blob)
    return str(path)


def pointed(version: bytes, text: bytes = b"", width: int = 8, order: str = "<") -> bytes:
    """A header with two pointers to strings, as Go 1.13 to 1.17 wrote it."""
    word = {4: "I", 8: "Q"}[width]
    marked = b"0" * 16 + text + b"1" * 16 if text else b""
    strings = BASE + 64
    data = strings + 4 * width
    header = MAGIC + bytes([width, 1 if order == ">" else 0])
    header += struct.pack(f"{order}{word}{word}", strings, strings + 2 * width)
    table = struct.pack(f"{order}{word}{word}{word}{word}", data, len(version), data + len(version), len(marked))
    return header.ljust(64, b"\0") + table + version + marked


@pytest.mark.parametrize(("width", "order"), [(4, "<"), (4, ">"), (8, "<"), (8, ">")])
def test_the_pointers_of_an_older_go_are_followed(tmp_path: Path, width: int, order: str) -> None:
    blob = pointed(b"go1.17.13", b"path\texample.com/x\nmod\texample.com/x\tv1.0.0\th1:a=\n", width, order)
    info = read_buildinfo(elf(blob, tmp_path))
    assert (info.release, info.path, info.version, info.sum) == ("1.17.13", "example.com/x", "v1.0.0", "h1:a=")


def test_a_copy_of_the_magic_in_the_data_is_passed_over(tmp_path: Path) -> None:
    info = read_buildinfo(elf(b"\1" * 5 + MAGIC + bytes(13) + shifted(pointed(b"go1.17"), 32), tmp_path))
    assert info.release == "1.17"


def shifted(blob: bytes, by: int) -> bytes:
    """The same blob, when it begins that much later."""
    words = list(struct.unpack("<QQ", blob[16:32]))
    table = list(struct.unpack("<QQQQ", blob[64:96]))
    header = blob[:16] + struct.pack("<QQ", *(one + by for one in words))
    moved = struct.pack("<QQQQ", table[0] + by, table[1], table[2] + by, table[3])
    return header.ljust(64, b"\0") + moved + blob[96:]


@pytest.mark.parametrize(
    ("blob", "problem", "cause"),
    [
        (pointed(b""), "none", "its build info names no Go version"),
        (MAGIC + bytes([5, 0]) + bytes(16), "corrupt", "its pointer size is impossible"),
        (MAGIC + bytes([8, 2]) + bytes(16) + b"\xff" * 10, "corrupt", "the length of a text is endless"),
        (MAGIC + bytes([8, 2]) + bytes(16) + b"\xff\xff\xff\x7f", "corrupt", "a text in it is impossibly long"),
        (MAGIC + bytes([8, 2]) + bytes(16) + b"\x20abc", "corrupt", "a text in it is cut off"),
        (MAGIC + bytes([8, 2]) + bytes(8), "none", "it is no Go program, or its build info was stripped"),
    ],
)
def test_what_is_broken_is_said(tmp_path: Path, blob: bytes, problem: str, cause: str) -> None:
    with pytest.raises(BuildInfoError) as caught:
        read_buildinfo(elf(blob, tmp_path))
    assert (caught.value.problem, caught.value.cause.removeprefix("its build info is broken: ")) == (problem, cause)


def test_what_cannot_be_opened_or_read_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(BuildInfoError) as caught:
        read_buildinfo(str(tmp_path / "none"))
    assert caught.value.problem == "absent"
    with pytest.raises(BuildInfoError) as caught:
        read_buildinfo(str(tmp_path))
    assert (caught.value.problem, caught.value.cause) == ("unreadable", "Is a directory")
    with pytest.raises(BuildInfoError) as caught:
        read_buildinfo(str(tmp_path / ("x" * 300)))
    assert (caught.value.problem, caught.value.cause) == ("unreadable", os.strerror(36))


def test_settings_are_unquoted_as_go_quotes_them() -> None:
    text = 'build\t-ldflags="-X main.v=\\"a b\\""\nbuild\t"a b"=`c"d`\nbuild\tX="broken\nbuild\tY=plain\n'
    text = "dep\ta\tv1.0.0\th1:a=\n=>\t../b\n=>\n" + text
    info = parse("go1.27.4 X:foo", text)
    assert info.settings == {"-ldflags": '-X main.v="a b"', "a b": 'c"d', "X": '"broken', "Y": "plain"}
    assert info.release == "1.27.4"
    assert info.deps[0].path == "a" and info.deps[0].replaced_by is not None
    assert parse("devel +abc", "=>\tx\n").deps == ()
    assert parse("devel +abc", "").release == ""
