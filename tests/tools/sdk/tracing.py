"""Runs under strace: every call that changes a filesystem, one to be killed at, one to fail, all to be replayed."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sdk.world import World, command

MUTATING = (
    *("open", "openat", "creat", "write", "pwrite64", "writev", "ftruncate", "truncate", "fallocate"),
    *("rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat"),
    *("mkdir", "mkdirat", "rmdir", "chmod", "fchmod", "fchmodat", "chown", "fchown", "fchownat", "lchown"),
    *("fsync", "fdatasync", "syncfs", "sync", "utimensat", "setxattr", "fsetxattr", "mknod", "mknodat"),
    *("copy_file_range", "sendfile"),
)
_LINE = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+|\?)(.*)$")
_WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")
ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "no_proxy": "*"}


@dataclass(frozen=True)
class Call:
    """One call of the traced run that changes something below the world."""

    name: str
    number: int
    """The how many-th call of this name in the process, from one: what strace counts."""
    text: str
    result: int

    def __str__(self) -> str:
        return f"{self.name}:{self.number}"


def names() -> str:
    """Those of the calls that this machine's architecture has."""
    return ",".join(f"?{name}" for name in MUTATING)


def traced(world: World, options: dict[str, Any], log: pathlib.Path, *inject: str) -> subprocess.CompletedProcess[str]:
    """``inject`` in strace's words, for instance ``rename:signal=KILL:when=2``."""
    extra = [word for rule in inject for word in ("-e", f"inject={rule}")]
    # -b: programs that the run starts are not followed, they change nothing here.
    run = ["strace", "-f", "-qq", "-y", "-s", "0", "-o", str(log), "-e", f"trace={names()}", *extra]
    return subprocess.run(
        [*run, *command(options)], capture_output=True, text=True, check=False, env=ENVIRONMENT, cwd=world.home
    )


def calls(log: pathlib.Path, below: pathlib.Path) -> list[Call]:
    """What the first process changed below a directory, in order."""
    counts: Counter[str] = Counter()
    found, first = [], None
    for line in log.read_text(errors="replace").splitlines():
        parts = _LINE.match(line)
        if not parts:
            continue
        pid, name, text, result, decoded = parts.groups()
        first = first or pid
        if pid != first:
            continue
        counts[name] += 1
        if str(below) not in text + decoded:
            continue
        if name in {"open", "openat"} and not _WRITING.search(text):
            continue
        found.append(Call(name, counts[name], text + decoded, int(result) if result != "?" else -1))
    return found
