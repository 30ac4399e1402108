"""Twin only: Python on this machine sees a WSL2 kernel and a Windows drive. docs/testing.md lists what is arranged.

The kernel here has no 9p, so /mnt/c is a tmpfs; in the tables of mounts its line reads as WSL2 writes it. Everything
else in those tables is the container's own.
"""

from __future__ import annotations

import builtins
import io
import os
from typing import Any

RELEASE = "6.6.87.2-microsoft-standard-WSL2"
TABLES = {"/proc/self/mountinfo", "/proc/self/mounts", "/proc/mounts"}
_open, _real = builtins.open, os.uname()
_metadata = ";metadata" if os.path.exists("/run/twin/metadata") else ""
_OPTIONS = (
    f"rw,aname=drvfs;path=C:\\134;uid=1000;gid=1000{_metadata};symlinkroot=/mnt/,"
    "cache=5,access=client,msize=65536,trans=fd"
)


def _as_wsl2(line: str) -> str:
    words = line.split(" ")
    if " - " in line and words[4] == "/mnt/c":
        return f"{' '.join(words[: words.index('-')])} - 9p C:\\134 {_OPTIONS}\n"
    if " - " not in line and words[1] == "/mnt/c":
        return f"C:\\134 /mnt/c 9p rw,noatime,{_OPTIONS} 0 0\n"
    return line


def open_(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
    stream = _open(file, mode, *args, **kwargs)
    if file not in TABLES:
        return stream
    with stream:
        binary, text = "b" in mode, stream.read()
    lines = (text.decode() if binary else text).splitlines(keepends=True)
    text = "".join(map(_as_wsl2, lines))
    return io.BytesIO(text.encode()) if binary else io.StringIO(text)


builtins.open = open_
os.uname = lambda: os.uname_result(("Linux", _real.nodename, RELEASE, "#1 SMP PREEMPT_DYNAMIC twin", _real.machine))
