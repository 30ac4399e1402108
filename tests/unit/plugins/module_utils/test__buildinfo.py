# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parser against genuine files of every platform, and against damage."""

from __future__ import annotations

import contextlib
import json
import lzma
import random
import resource
import struct
import time
from pathlib import Path

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._buildinfo import (
    BuildInfo,
    BuildInfoError,
    Module,
    parse,
    read_buildinfo,
)

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "buildinfo"
SAID: dict[str, list[str]] = json.loads((FIXTURES / "said.json").read_text())
RELEASES = ("1.21", "1.22", "1.23", "1.24", "1.25", "1.26", "1.27")
PLATFORMS = ("linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "windows-amd64", "windows-arm64")


def unpacked(name: str, folder: Path) -> Path:
    path = folder / name
    path.write_bytes(lzma.decompress((FIXTURES / f"{name}.xz").read_bytes()))
    return path


def as_go_says(info: BuildInfo) -> list[str]:
    """In the words of ``go version -m``."""
    lines = [info.go_version, f"path\t{info.path}", f"mod\t{info.module}\t{info.version}\t{info.sum}".rstrip("\t")]
    for dep in info.deps:
        lines.append(f"dep\t{dep.path}\t{dep.version}\t{dep.sum}".rstrip("\t"))
        if dep.replaced_by:
            other = dep.replaced_by
            lines.append(f"=>\t{other.path}\t{other.version}\t{other.sum}".rstrip("\t"))
    return lines + [f"build\t{key}={value}" for key, value in info.settings.items()]


def test_the_fixtures_cover_every_release_and_platform() -> None:
    have = {name.split("-", 1)[0].rsplit(".", 1)[0][2:] + " " + "-".join(name.split("-")[1:3]) for name in SAID}
    assert {f"{release} {platform}" for release in RELEASES for platform in PLATFORMS} <= have
    assert {"go1.27.4-linux-s390x", "go1.27.4-linux-386", "go1.27.4-linux-mips", "go1.27.4-windows-386"} <= set(SAID)
    assert any(name.endswith("-pie") for name in SAID) and any(name.endswith("-stripped") for name in SAID)


@pytest.mark.parametrize("name", sorted(SAID))
def test_says_the_same_as_go(name: str, tmp_path: Path) -> None:
    info = read_buildinfo(str(unpacked(name, tmp_path)))
    expected = [line.rstrip("\t") for line in SAID[name] if line]  # Go prints an empty line after a replacement
    assert [line.replace('"', "") for line in as_go_says(info)] == [line.replace('"', "") for line in expected]
    assert info.arch == name.split("-")[2]
    assert info.container == {"linux": "elf", "darwin": "macho", "windows": "pe"}[name.split("-")[1]]


@pytest.mark.parametrize("arch", ["amd64", "arm64"])
def test_finds_the_asked_slice_of_a_universal_binary(arch: str, tmp_path: Path) -> None:
    parts = [unpacked(f"go1.27.4-darwin-{one}", tmp_path).read_bytes() for one in ("amd64", "arm64")]
    cpus, offset, table, body = (0x01000007, 0x0100000C), 4096, b"", b""
    for cpu, part in zip(cpus, parts):
        table += struct.pack(">IIIII", cpu, 3, offset + len(body), len(part), 12)
        body += part + b"\0" * (-len(part) % 4096)
    path = tmp_path / "universal"
    path.write_bytes((b"\xca\xfe\xba\xbe" + struct.pack(">I", 2) + table).ljust(4096, b"\0") + body)
    info = read_buildinfo(str(path), arch)
    assert (info.arch, info.settings["GOARCH"]) == (arch, arch)
    assert read_buildinfo(str(path)).arch == "amd64"


def test_finds_build_info_without_a_section_table(tmp_path: Path) -> None:
    path = unpacked("go1.27.4-linux-amd64", tmp_path)
    data = bytearray(path.read_bytes())
    data[0x28:0x30] = bytes(8)  # as sstrip does
    data[0x3C:0x40] = bytes(4)
    path.write_bytes(data)
    assert read_buildinfo(str(path)).module == "example.com/hello/v2"


def test_reads_the_format_before_go_1_18(tmp_path: Path) -> None:
    text = b"0" * 16 + b"path\texample.com/old\nmod\texample.com/old\tv1.0.0\th1:x=\n" + b"1" * 16
    base = 0x400000
    header = b"\xff Go buildinf:\x08\x00" + struct.pack("<QQ", base + 0x200, base + 0x210)
    body = bytearray(0x400)
    body[0x100:0x120] = header
    body[0x200:0x210] = struct.pack("<QQ", base + 0x220, 8)
    body[0x210:0x220] = struct.pack("<QQ", base + 0x240, len(text))
    body[0x220:0x228] = b"go1.17.9"
    body[0x240 : 0x240 + len(text)] = text
    ident = b"\x7fELF\x02\x01\x01" + bytes(9)
    head = ident + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, base, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    load = struct.pack("<IIQQQQQQ", 1, 6, 0, base, base, len(body), len(body), 4096)
    body[: len(head + load)] = head + load
    path = tmp_path / "old"
    path.write_bytes(body)
    info = read_buildinfo(str(path))
    assert (info.go_version, info.module, info.version, info.sum) == ("go1.17.9", "example.com/old", "v1.0.0", "h1:x=")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"#!/bin/sh\nexec gopls\n", "foreign"),
        (b"", "foreign"),
        (b"\x7fELF", "foreign"),
        (b"MZ" + bytes(100), "foreign"),
        (b"\xca\xfe\xba\xbe\xff\xff\xff\xff", "foreign"),
        (b"\x7fELF\x02\x01\x01" + bytes(100), "none"),
    ],
)
def test_says_what_is_wrong_with_other_files(content: bytes, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(BuildInfoError) as caught:
        read_buildinfo(str(path))
    assert caught.value.problem == problem
    assert str(path) in caught.value.message


def test_names_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(BuildInfoError) as caught:
        read_buildinfo(str(tmp_path / "none"))
    assert caught.value.problem == "absent"
    with pytest.raises(BuildInfoError) as caught:
        read_buildinfo(str(tmp_path))
    assert caught.value.problem == "unreadable"


def test_a_cut_file_is_never_taken_for_whole(tmp_path: Path) -> None:
    whole = unpacked("go1.27.4-linux-amd64", tmp_path)
    data, info = whole.read_bytes(), read_buildinfo(str(whole))
    start = data.index(b"\xff Go buildinf:")
    for length in (10, 100, 5000, start + 10, start + 40, start + 100):
        path = tmp_path / "cut"
        path.write_bytes(data[:length])
        with pytest.raises(BuildInfoError):
            read_buildinfo(str(path))
    assert info.module


def mutated(data: bytes, dice: random.Random) -> bytes:
    """A few bytes of what the parser looks at, changed; sometimes the end cut off."""
    copy = bytearray(data)
    info = data.find(b"\xff Go buildinf:")
    for _time in range(dice.randint(1, 12)):
        near = dice.choice([dice.randrange(1024), dice.randrange(8192), info + dice.randrange(600)]) % len(copy)
        copy[near] = dice.choice([0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)])
    return bytes(copy[: dice.randrange(len(copy))]) if dice.random() < 0.1 else bytes(copy)


@pytest.mark.parametrize("name", ["go1.27.4-linux-amd64", "go1.27.4-darwin-arm64", "go1.27.4-windows-amd64"])
def test_damage_is_an_error_or_an_answer_and_never_a_crash(name: str, tmp_path: Path) -> None:
    """The small sample; tests/deep/go_tools_buildinfo.py runs 20,000."""
    data = lzma.decompress((FIXTURES / f"{name}.xz").read_bytes())
    path = tmp_path / "damaged"
    for seed in range(70):
        path.write_bytes(mutated(data, random.Random(seed)))
        began = time.process_time()
        with contextlib.suppress(BuildInfoError):
            assert read_buildinfo(str(path)).go_version
        assert time.process_time() - began < 2


def test_a_table_that_names_the_file_a_thousand_times_costs_little(tmp_path: Path) -> None:
    base, count, size = 0x400000, 4096, 2 << 20
    head = b"\x7fELF\x02\x01\x01" + bytes(9)
    head += struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, base, 64, 0, 0, 64, 56, count, 0, 0, 0)
    load = struct.pack("<IIQQQQQQ", 1, 6, 0, base, base, size, size, 4096)
    path = tmp_path / "bomb"
    path.write_bytes((head + load * count).ljust(size, b"\0"))
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BuildInfoError):
        read_buildinfo(str(path))
    assert time.process_time() - began < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10


def test_parses_replacements_and_quoted_settings() -> None:
    text = 'path\ta\nmod\ta\tv1\th1:a=\ndep\tb\tv2\th1:b=\n=>\t./b\t(devel)\t\nbuild\t-ldflags="-X main.v=\\"1 2\\""\n'
    info = parse("go1.27.4 X:jsonv2", text)
    assert info.deps == (Module("b", "v2", "h1:b=", Module("./b", "(devel)", "")),)
    assert info.settings == {"-ldflags": '-X main.v="1 2"'}
    assert info.release == "1.27.4"
    assert parse("devel go1.28-abc", "").release == ""
