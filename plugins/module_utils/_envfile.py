# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: Go's own env file, read as ``go`` reads it and changed without touching foreign lines.

Reading follows ``readEnvFile`` in cmd/go/internal/cfg/cfg.go (first byte A to Z, an equals sign, the last line of a
name wins, nothing is trimmed), so a carriage return at a line's end is part of the value. Bytes in, bytes out: the
same code decides for a POSIX target and, on the controller, for a Windows one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

BOM = b"\xef\xbb\xbf"


def key_of(line: bytes) -> str | None:
    """The name that Go reads from a line, or none: blank, comment, or a line that Go ignores without a word."""
    name, equals, _value = line.partition(b"=")
    if not equals or not b"A" <= line[:1] <= b"Z":
        return None
    return name.decode("utf-8", "surrogateescape")


def parse(data: bytes, *, goroot: bool = False) -> dict[str, str]:
    """The variables as Go sees them. In $GOROOT/go.env, unlike in the account's file, the first line of a name wins."""
    found: dict[str, str] = {}
    for line in data.split(b"\n"):
        name = key_of(line)
        if name is not None and not (goroot and name in found):
            found[name] = line.partition(b"=")[2].decode("utf-8", "surrogateescape")
    return found


def merge(data: bytes, want: Mapping[str, str], unset: Collection[str] = (), *, exclusive: bool = False) -> bytes:
    """The file with these variables set and those gone; every other line keeps its bytes and its place."""
    lines = _split_lines(data)
    last = {name: number for number, line in enumerate(lines) if (name := key_of(line)) is not None}
    kept: list[bytes] = []
    for number, line in enumerate(lines):
        name = key_of(line)
        if name is None:
            if not exclusive or line.lstrip().startswith(b"#") or not line.strip():
                kept.append(line)
        elif name in want:
            # Only the last line of a name counts; `go env -w` drops the others too.
            if number == last[name]:
                kept.append(_line(name, want[name], line))
        elif name not in unset and not exclusive:
            kept.append(line)
    fresh = sorted(name for name in want if name not in last)
    if fresh and kept and not kept[-1].endswith(b"\n"):
        kept[-1] += b"\n"
    return b"".join(kept + [_line(name, want[name]) for name in fresh])


def repair(data: bytes) -> bytes:
    """Without byte order mark and carriage returns, which Go takes as part of a name or a value.

    A line that Go skips in silence becomes a comment: to Go it is none the less nothing, and a person sees it.
    """
    plain = re.sub(rb"\r+(?=\n|\Z)", b"", data[len(BOM) :] if data.startswith(BOM) else data)
    if plain.startswith((b"\xff\xfe", b"\xfe\xff")):
        return plain  # UTF-16: every line would be one
    return b"".join(line if _told(line) else b"# " + line for line in _split_lines(plain))


def _told(line: bytes) -> bool:
    return key_of(line) is not None or not line.strip() or line.lstrip().startswith(b"#")


def inverse(data: bytes, ours: Mapping[str, str], before: Mapping[str, str | None]) -> bytes:
    """The file with our values taken back, where nobody has changed them since."""
    now = parse(data)
    untouched = {name for name, value in ours.items() if now.get(name) == value}
    back = {
        name: value for name, value in before.items() if value is not None and (name in untouched or name not in now)
    }
    return merge(data, back, untouched - set(back))


def problems(data: bytes, known: Iterable[str]) -> list[tuple[int, str, str]]:
    """What Go reads otherwise than a person would: (line, name, reason)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return [(1, "", "the file is UTF-16; Go reads no variable from it")]
    found, names = [], set(known)
    for number, line in enumerate(data.split(b"\n"), 1):
        name = key_of(line)
        bare = line[len(BOM) :] if number == 1 and line.startswith(BOM) else line
        if bare is not line:
            found.append((1, key_of(bare) or "", "a byte order mark hides the first line from Go"))
        elif line.endswith(b"\r") and name is not None:
            found.append((number, name, "a carriage return is part of the value"))
        elif name is None and line.strip() and not line.lstrip().startswith(b"#"):
            found.append((number, "", "Go ignores the line: it is not NAME=VALUE"))
        elif name is not None and names and name not in names:
            found.append((number, name, f"unknown go command variable {name}"))
    return found


def _split_lines(data: bytes) -> list[bytes]:
    # bytes.splitlines also breaks at a lone carriage return, which Go does not.
    return [piece for piece in re.split(rb"(?<=\n)", data) if piece]


def _line(name: str, value: str, instead_of: bytes = b"") -> bytes:
    fresh = f"{name}={value}".encode("utf-8", "surrogateescape")
    return fresh if instead_of and not instead_of.endswith(b"\n") else fresh + b"\n"


def config_home(environ: Mapping[str, str], home: str) -> str:
    """The account's configuration folder outside macOS: a relative XDG_CONFIG_HOME does not count."""
    given = environ.get("XDG_CONFIG_HOME", "")
    return given if given.startswith("/") else os.path.join(home, ".config")


def goenv_path(environ: Mapping[str, str], home: str, system: str) -> str:
    """Where Go looks for its env file: $GOENV, else go/env below os.UserConfigDir(). ``system`` is as uname says."""
    given = environ.get("GOENV", "")
    if given == "off":
        raise WorkstationError(
            "set",
            "Go variables in",
            "GOENV",
            "GOENV=off makes Go ignore every env file",
            "Unset GOENV for this account",
        )
    if given:
        return given
    if system == "Darwin":
        return os.path.join(home, "Library", "Application Support", "go", "env")
    return os.path.join(config_home(environ, home), "go", "env")
