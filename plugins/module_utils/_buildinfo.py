# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what Go wrote into a binary, as ``go version -m`` prints it, without Go.

Nothing is run: the binary may be of another system, broken, or a script somebody put in its place.
The format is that of https://pkg.go.dev/debug/buildinfo (Go's internal/buildinfo package): a 32-byte header on a
16-byte boundary, then the version and the module text; before Go 1.18 two pointers to strings stood in the header.
"""

from __future__ import annotations

import ast
import os
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._executable import (
    Executable,
    FormatError,
    Range,
    open_executable,
)

MAGIC = b"\xff Go buildinf:"
HEADER, ALIGN, CHUNK = 32, 16, 1 << 20
MAX_TEXT = 4 << 20  # a program with 3,000 modules needs a tenth of this


class BuildInfoError(WorkstationError):
    """``problem`` says which kind: absent | unreadable | foreign (no executable) | none (no build info) | corrupt."""

    def __init__(self, path: str, problem: str, cause: str) -> None:
        super().__init__("read", "build info of", path, cause)
        self.problem = problem


@dataclass(frozen=True)
class Module:
    path: str
    version: str = ""
    sum: str = ""
    replaced_by: Module | None = None


@dataclass(frozen=True)
class BuildInfo:
    """The claim a Go binary makes about itself."""

    go_version: str  # "go1.27.4"; may carry experiments: "go1.27.4 X:..."
    path: str = ""  # the main package
    module: str = ""
    version: str = ""  # "(devel)" for a build from a checkout
    sum: str = ""  # "h1:..."; empty where the version is "(devel)"
    settings: dict[str, str] = field(default_factory=dict)
    deps: tuple[Module, ...] = ()
    container: str = ""  # elf | macho | pe
    arch: str = ""  # as the file's header says; GOARCH in ``settings`` is what Go says

    @property
    def release(self) -> str:
        """``1.27.4`` of ``go1.27.4 X:foo``; empty for a development version of Go."""
        word = self.go_version.split(" ")[0]
        return word[2:] if word.startswith("go") else ""


def read_buildinfo(path: str, arch: str = "") -> BuildInfo:
    """The build info of the program at ``path``; of a universal binary the part for ``arch``, else the first."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    except FileNotFoundError:
        raise BuildInfoError(path, "absent", "there is no such file") from None
    except OSError as error:
        raise BuildInfoError(path, "unreadable", error.strerror or str(error)) from None
    try:
        return _read(path, descriptor, arch)
    except OSError as error:
        raise BuildInfoError(path, "unreadable", error.strerror or str(error)) from None
    finally:
        os.close(descriptor)


def _read(path: str, descriptor: int, arch: str) -> BuildInfo:
    try:
        exe = open_executable(descriptor, arch)
    except FormatError as error:
        raise BuildInfoError(path, "foreign", str(error)) from None
    try:
        address = _find(exe)
        if address is None:
            raise BuildInfoError(path, "none", "it is no Go program, or its build info was stripped")
        version, text = _strings(exe, address)
    except FormatError as error:
        raise BuildInfoError(path, "corrupt", f"its build info is broken: {error}") from None
    if not version:
        raise BuildInfoError(path, "none", "its build info names no Go version")
    return parse(version, text, exe.container, exe.arch)


def _find(exe: Executable) -> int | None:
    """The address of the header, in the best place that has one."""
    budget = 2 * exe.length  # a hostile table can name the whole file a thousand times
    for place in exe.places:
        budget -= place.size
        if budget < 0:
            raise FormatError("its sections overlap")
        found = _find_in(exe, place)
        if found is not None:
            return found
    return None


def _find_in(exe: Executable, place: Range) -> int | None:
    # Go's linker aligns the header; a copy of the magic elsewhere is none.
    for start in range(0, place.size, CHUNK):
        chunk = exe.read(place.offset + start, min(CHUNK + HEADER, place.size - start))
        hit = chunk.find(MAGIC)
        while hit >= 0:
            if (place.address + start + hit) % ALIGN == 0 and hit + HEADER <= len(chunk):
                return place.address + start + hit
            hit = chunk.find(MAGIC, hit + 1)
    return None


def _strings(exe: Executable, address: int) -> tuple[str, str]:
    header = exe.at(address, HEADER)
    if len(header) < HEADER:
        raise FormatError("its header is cut off")
    if header[15] & 2:
        version, after = _inline_string(exe, address + HEADER)
        text, _after = _inline_string(exe, after)
    else:
        width, order = header[14], ("big" if header[15] & 1 else "little")
        if width not in (4, 8):
            raise FormatError("its pointer size is impossible")
        version, text = (_pointed_string(exe, header[16 + at : 16 + at + width], order) for at in (0, width))
    marked = len(text) >= 33 and text[-17:-16] == b"\n"  # it stands between two marks for Go's own runtime
    return version.decode("utf-8", "replace"), (text[16:-16] if marked else b"").decode("utf-8", "replace")


def _inline_string(exe: Executable, address: int) -> tuple[bytes, int]:
    length = shift = 0
    for byte in exe.at(address, 10):
        address += 1
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return _text(exe, address, length), address + length
    raise FormatError("the length of a text is endless")


def _pointed_string(exe: Executable, pointer: bytes, order: Any) -> bytes:
    width = len(pointer)
    where = exe.at(int.from_bytes(pointer, order), 2 * width)
    return _text(exe, int.from_bytes(where[:width], order), int.from_bytes(where[width:], order))


def _text(exe: Executable, address: int, length: int) -> bytes:
    if length > MAX_TEXT:
        raise FormatError("a text in it is impossibly long")
    text = exe.at(address, length) if length else b""
    if len(text) < length:
        raise FormatError("a text in it is cut off")
    return text


def parse(go_version: str, text: str, container: str = "", arch: str = "") -> BuildInfo:
    """Build info from Go's own text form: one tab-separated line per fact."""
    path, main, modules, settings = "", Module(""), [], {}
    for line in text.split("\n"):
        word, _tab, rest = line.partition("\t")
        name, version, total = [*rest.split("\t"), "", ""][:3]
        if word == "path":
            path = rest
        elif word == "mod":
            main = Module(name, version, total)
        elif word == "dep":
            modules.append(Module(name, version, total))
        elif word == "=>" and modules:
            dep = modules[-1]
            modules[-1] = Module(dep.path, dep.version, dep.sum, Module(name, version, total))
        elif word == "build":
            key, value = _setting(rest)
            settings[key] = value
    return BuildInfo(go_version, path, main.path, main.version, main.sum, settings, tuple(modules), container, arch)


def _setting(text: str) -> tuple[str, str]:
    """``key=value``, where Go quotes either side that holds a space or a quote."""
    if text.startswith('"'):
        close = text.find('"=', 1)
        return _unquote(text[: close + 1]), _unquote(text[close + 2 :])
    key, _equals, value = text.partition("=")
    return key, _unquote(value)


def _unquote(text: str) -> str:
    if not text.startswith(('"', "`")) or len(text) > CHUNK // 16:
        return text
    if text[0] == "`":
        return text.strip("`")
    try:
        return str(ast.literal_eval(text))  # Go's escapes are a subset of Python's
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return text
