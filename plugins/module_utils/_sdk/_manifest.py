# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what we noted about a tree when we proved it, so that looking again is cheap.

First line: JSON with the tree's h1, where it came from and a digest over the stat data of every file (change time
included, which no program can set back). As long as that digest fits, nothing was written since the proof. The other
lines hold one SHA-256 and name per file, to name the files that differ.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import asdict, dataclass
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._atomic import replace_file
from ansible_collections.gopherops.workstation.plugins.module_utils._dirhash import walk, without_block

_FORMAT = 1


@dataclass(frozen=True)
class Header:
    """The first line."""

    version: str
    platform: str
    h1: str
    proof: str
    source: str
    source_url: str
    ours: bool
    """Whether we laid the tree down or took it over; only such trees are ever removed."""
    stat: str
    go_env: str


def read_header(path: str) -> Header | None:
    """Nothing where there is none, or none that this release wrote."""
    try:
        with open(path, "rb") as stream:
            return _header(stream.readline())
    except OSError:
        return None


def read_digests(path: str) -> dict[str, str]:
    """File name -> SHA-256 at the time of the proof."""
    result = {}
    with open(path, encoding="utf-8", errors="surrogateescape") as stream:
        stream.readline()
        for line in stream:
            digest, _gap, name = line.rstrip("\n").partition("  ")
            result[name] = digest
    return result


def write(path: str, header: Header, digests: dict[str, str]) -> None:
    lines = [json.dumps({"format": _FORMAT, **asdict(header)}, sort_keys=True)]
    lines += [f"{digest}  {name}" for name, digest in sorted(digests.items())]
    replace_file(path, "\n".join([*lines, ""]).encode("utf-8", "surrogateescape"), mode=0o644, follow=False)


def stat_digest(tree: str) -> str:
    """Changes when any file was written, replaced, added, removed, or had its mode or owner changed.

    go.env is left out: its marked block may change, so its content is looked at each time.
    """
    # One repr over all: a hash call and a format for each of 12,000 files would take as long as reading their stat.
    seen = [
        (name, entry.st_mode, entry.st_size, entry.st_mtime_ns, entry.st_ctime_ns)
        for name, entry in walk(tree)
        if name != "go.env"
    ]
    seen.sort()
    return hashlib.sha256(repr(seen).encode()).hexdigest()


def go_env_digest(tree: str) -> str:
    """Of go.env without our block; empty when it is no plain file."""
    path = os.path.join(tree, "go.env")
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return ""
        with open(path, "rb") as stream:
            return hashlib.sha256(without_block(stream.read())).hexdigest()
    except FileNotFoundError:
        return ""


def fits(header: Header, tree: str) -> bool:
    """The fast path: nothing was touched since the tree was proved."""
    return header.go_env == go_env_digest(tree) and header.stat == stat_digest(tree)


def _header(line: bytes) -> Header | None:
    try:
        data: Any = json.loads(line)
        if data.pop("format") != _FORMAT:
            return None
        return Header(**data)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
