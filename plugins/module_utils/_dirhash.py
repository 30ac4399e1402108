# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the hash that the Go checksum database publishes for a Go tree.

The module golang.org/toolchain holds the tree without api/, doc/, misc/ and test/, and every go.mod under the
name _go.mod (cmd/distpack/pack.go). Its ``h1:`` is the SHA-256 over "<sha256>  <name>" lines in name order
(golang.org/x/mod/sumdb/dirhash), so it proves content and names of everything that the module holds.
"""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping

from ansible_collections.gopherops.workstation.plugins.module_utils._digest import sha256

UNPROVED = ("api", "doc", "misc", "test")
"""Top-level directories of the archive that no published tree hash covers; we do not lay them down."""

IGNORED = (".unpacked-success",)
"""Written by golang.org/dl beside the tree it unpacked into ~/sdk."""

# The marks of ``_shellrc``, which a run with nothing to do does not load.
BEGIN = b"# BEGIN gopherops.workstation"
END = b"# END gopherops.workstation"


def module_prefix(version: str, platform: str) -> str:
    """What the checksum database puts before every name of this tree."""
    return f"golang.org/toolchain@v0.0.1-go{version}.{platform}/"


def hashed_name(name: str) -> str:
    """A file's name in the module."""
    head, slash, tail = name.rpartition("/")
    return f"{head}{slash}_go.mod" if tail == "go.mod" else name


def is_proved(name: str) -> bool:
    """Whether the tree hash covers this path (relative, ``/``)."""
    return name.partition("/")[0] not in UNPROVED and name not in IGNORED


def h1(digests: Mapping[str, str], prefix: str) -> str:
    """``h1:...`` over file name -> SHA-256 in hexadecimal."""
    summary = hashlib.sha256()
    for name, digest in sorted((hashed_name(name), digest) for name, digest in digests.items()):
        summary.update(f"{digest}  {prefix}{name}\n".encode())
    return "h1:" + base64.b64encode(summary.digest()).decode()


def without_block(data: bytes) -> bytes:
    """go.env as Go released it: the marked block with machine defaults taken out."""
    if BEGIN not in data:
        return data
    kept, inside = [], False
    for line in data.splitlines(keepends=True):
        if line.rstrip() == BEGIN:
            inside = True
        elif line.rstrip() == END and inside:
            inside = False
        elif not inside:
            kept.append(line)
    return b"".join(kept)


def tree_digests(root: str) -> dict[str, str]:
    """Name -> SHA-256 of everything in the tree that is to be proved.

    What is no plain file gets a digest that no release has, so that it shows as a difference.
    """
    result = {}
    for name, entry in walk(root):
        path = os.path.join(root, name)
        if not stat.S_ISREG(entry.st_mode):
            result[name] = "not-a-plain-file"
        elif name == "go.env":
            with open(path, "rb") as stream:
                result[name] = hashlib.sha256(without_block(stream.read())).hexdigest()
        else:
            result[name] = sha256(path)
    return result


def walk(root: str) -> Iterator[tuple[str, os.stat_result]]:
    """Every proved entry that is no directory, in no order, links not followed."""
    pending = [("", root)]
    while pending:
        folder, path = pending.pop()
        with os.scandir(path) as found:
            for entry in found:
                name = folder + entry.name
                if not folder and (name in UNPROVED or name in IGNORED):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    pending.append((name + "/", entry.path))
                else:
                    yield name, entry.stat(follow_symlinks=False)


def must_execute(name: str) -> bool:
    """Whether cmd/go expects this file to be executable (cmd/go/internal/toolchain/select.go)."""
    return name.startswith(("bin/", "pkg/tool/"))


def wrong_modes(root: str, names: Iterable[str]) -> list[str]:
    """Programs of the tree that not everybody may execute. A module zip carries no modes, so no hash covers them."""
    return [
        name for name in names if must_execute(name) and os.lstat(os.path.join(root, name)).st_mode & 0o555 != 0o555
    ]
