# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: where the bytes of an ELF, Mach-O or PE file lie once it is loaded.

Just enough of the three formats to find Go's build info, on any host for binaries of any other. Files may be truncated
or hostile: every number read from one is bounded before it is used, and nothing is read that was not asked for.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MAX_TABLE = 4096  # sections, segments or load commands; Go's linker writes a few dozen
MACHO_MAGICS = {
    b"\xcf\xfa\xed\xfe": ("<", True),
    b"\xce\xfa\xed\xfe": ("<", False),
    b"\xfe\xed\xfa\xcf": (">", True),
    b"\xfe\xed\xfa\xce": (">", False),
}
FAT_MAGICS = {b"\xca\xfe\xba\xbe": ">IIIII", b"\xca\xfe\xba\xbf": ">IIQQII"}
MACHO_CPUS = {7: "386", 0x01000007: "amd64", 12: "arm", 0x0100000C: "arm64"}
PE_MACHINES = {0x14C: "386", 0x8664: "amd64", 0x1C4: "arm", 0xAA64: "arm64"}
ELF_MACHINES = {
    3: "386",
    8: "mips",
    20: "ppc",
    21: "ppc64",
    22: "s390x",
    40: "arm",
    62: "amd64",
    183: "arm64",
    243: "riscv64",
    258: "loong64",
}


class FormatError(Exception):
    """The bytes are no executable that this file knows, or they end too early."""


@dataclass(frozen=True)
class Range:
    """``size`` bytes that are loaded at ``address`` and stand at ``offset`` in the file."""

    address: int
    size: int
    offset: int


@dataclass
class Executable:
    """An open file and its map. ``places`` are where build info can be, best first."""

    descriptor: int
    length: int
    base: int = 0  # where the chosen slice of a universal binary begins
    container: str = ""  # elf | macho | pe
    arch: str = ""  # Go's name; of the header, which is what the system will run it on
    loaded: list[Range] = field(default_factory=list)
    places: list[Range] = field(default_factory=list)

    def read(self, offset: int, size: int) -> bytes:
        """Exactly ``size`` bytes, or ``FormatError``."""
        if offset < 0 or size < 0 or self.base + offset + size > self.length:
            raise FormatError("the file ends too early")
        chunks = []
        position = self.base + offset
        while size:
            chunk = os.pread(self.descriptor, size, position)
            if not chunk:
                raise FormatError("the file ends too early")
            chunks.append(chunk)
            position += len(chunk)
            size -= len(chunk)
        return b"".join(chunks)

    def at(self, address: int, size: int) -> bytes:
        """The bytes that are loaded at ``address``; fewer than ``size`` where the range ends."""
        for place in self.loaded:
            if place.address <= address < place.address + place.size:
                inside = address - place.address
                return self.read(place.offset + inside, min(size, place.size - inside))
        raise FormatError("an address points outside the file")

    def fields(self, layout: str, offset: int) -> tuple[Any, ...]:
        return struct.unpack(layout, self.read(offset, struct.calcsize(layout)))

    def add(self, where: list[Range], address: int, size: int, offset: int) -> None:
        """Note a range, cut to what the file holds."""
        size = min(size, self.length - self.base - offset)
        if size > 0:
            where.append(Range(address, size, offset))


def open_executable(descriptor: int, arch: str = "") -> Executable:
    """Map the file behind ``descriptor``; of a universal binary the slice for ``arch``, else the first."""
    exe = Executable(descriptor, os.fstat(descriptor).st_size)
    magic = exe.read(0, 4)
    if magic in FAT_MAGICS:
        exe.base = _slice_offset(exe, FAT_MAGICS[magic], arch)
        magic = exe.read(0, 4)
    if magic == b"\x7fELF":
        _map_elf(exe)
    elif magic in MACHO_MAGICS:
        _map_macho(exe, *MACHO_MAGICS[magic])
    elif magic[:2] == b"MZ":
        _map_pe(exe)
    else:
        raise FormatError("it is no program that this system's loaders know")
    return exe


def _slice_offset(exe: Executable, layout: str, arch: str) -> int:
    (count,) = exe.fields(">I", 4)
    if not 0 < count <= 64:
        raise FormatError("its table of architectures is broken")
    found = 0
    for index in range(count):
        cpu, _sub, offset = exe.fields(layout, 8 + index * struct.calcsize(layout))[:3]
        if MACHO_CPUS.get(cpu) == arch:
            return int(offset)
        found = found or offset
    return found


def _map_elf(exe: Executable) -> None:
    bits, order = exe.read(4, 2)
    end = ">" if order == 2 else "<"
    wide = bits == 2
    header = exe.fields(end + ("HHIQQQIHHHHHH" if wide else "HHIIIIIHHHHHH"), 16)
    exe.container, exe.arch = "elf", ELF_MACHINES.get(header[1], f"elf-{header[1]}")
    phoff, shoff, _flags, _size, phentsize, phnum, shentsize, shnum, shstrndx = header[4:]
    data: list[Range] = []
    for index in range(min(phnum, MAX_TABLE)):
        where = phoff + index * phentsize
        if wide:
            kind, flags, offset, address, _paddr, size = exe.fields(end + "IIQQQQ", where)
        else:
            kind, offset, address, _paddr, size, _memory, flags = exe.fields(end + "IIIIIII", where)
        if kind == 1:  # PT_LOAD
            exe.add(exe.loaded, address, size, offset)
            if flags & 3 == 2:  # writable, not executable
                exe.add(data, address, size, offset)
    for name, address, offset, size in _elf_sections(exe, end, wide, (shoff, shentsize, shnum, shstrndx)):
        if name == b".go.buildinfo":
            exe.add(exe.places, address, size, offset)
    exe.places += data  # sstrip and packers drop the section table, the segments stay


def _elf_sections(
    exe: Executable, end: str, wide: bool, table: tuple[int, int, int, int]
) -> Iterator[tuple[bytes, int, int, int]]:
    shoff, entry, count, names_index = table
    layout = end + ("IIQQQQ" if wide else "IIIIII")  # name, type, flags, address, offset, size
    try:
        names = exe.fields(layout, shoff + names_index * entry)
        strings = exe.read(names[4], min(names[5], 1 << 16))
        for index in range(min(count, MAX_TABLE)):
            name, _kind, _flags, address, offset, size = exe.fields(layout, shoff + index * entry)
            yield strings[name : name + 14].split(b"\0")[0], address, offset, size
    except FormatError:
        return  # a broken section table costs the short cut only


def _map_macho(exe: Executable, end: str, wide: bool) -> None:
    _magic, cpu, _sub, _type, count = exe.fields(end + "IIIII", 0)
    exe.container, exe.arch = "macho", MACHO_CPUS.get(cpu, f"macho-{cpu}")
    segment = end + ("II16sQQQQiiII" if wide else "II16sIIIIiiII")
    section = end + ("16s16sQQI" if wide else "16s16sIII")
    section_size = 80 if wide else 68
    data: list[Range] = []
    where = 32 if wide else 28
    for _index in range(min(count, MAX_TABLE)):
        command, size = exe.fields(end + "II", where)
        if command == (0x19 if wide else 0x1):
            head = exe.fields(segment, where)
            _name, address, _memory, offset, held, most, first, sections = head[2:10]
            exe.add(exe.loaded, address, held, offset)
            if first == most == 3:  # readable and writable
                exe.add(data, address, held, offset)
            start = where + struct.calcsize(segment)
            for index in range(min(sections, MAX_TABLE)):
                name, _segment, at, length, begin = exe.fields(section, start + index * section_size)
                if name.rstrip(b"\0") == b"__go_buildinfo":
                    exe.add(exe.places, at, length, begin)
        if size < 8:
            raise FormatError("its load commands are broken")
        where += size
    exe.places += data


def _map_pe(exe: Executable) -> None:
    (start,) = exe.fields("<I", 0x3C)
    if exe.read(start, 4) != b"PE\0\0":
        raise FormatError("it is a DOS program")
    machine, count, _time, _symbols, _number, optional, _flags = exe.fields("<HHIIIHH", start + 4)
    exe.container, exe.arch = "pe", PE_MACHINES.get(machine, f"pe-{machine}")
    (magic,) = exe.fields("<H", start + 24)
    (image,) = exe.fields("<Q", start + 48) if magic == 0x20B else exe.fields("<I", start + 52)
    table = start + 24 + optional
    data: list[Range] = []
    for index in range(min(count, MAX_TABLE)):
        head = exe.fields("<IIIIIIHHI", table + index * 40 + 8)
        _memory, address, size, offset, flags = (*head[:4], head[8])
        name = exe.read(table + index * 40, 8)
        exe.add(exe.loaded, image + address, size, offset)
        if name.startswith(b".go.buil"):
            exe.add(exe.places, image + address, size, offset)
        elif flags & ~0x600000 == 0xC0000040:  # initialised data, readable, writable; alignment aside
            exe.add(data, image + address, size, offset)
    exe.places += data
