# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the go command that the controller builds with, of exactly the wanted version."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ansible_collections.gopherops.workstation.plugins.module_utils._buildinfo import BuildInfoError, read_buildinfo

Obtain = Callable[[str, Path], None]
"""Installs this version of Go, verified, into this folder."""


def go_for(version: str, process: Mapping[str, str], folder: Path, obtain: Obtain) -> str:
    """One that the controller has, else a verified release in the cache."""
    for path in _usual_places(version, process, folder):
        if _is(path, version):
            return path
    obtain(version, folder)
    return str(folder / f"go{version}" / "bin" / "go")


def _usual_places(version: str, process: Mapping[str, str], folder: Path) -> Iterator[str]:
    home = process.get("HOME") or os.path.expanduser("~")
    for root in (folder, Path(home, "sdk"), Path("/usr/local/sdk")):
        yield str(root / f"go{version}" / "bin" / "go")
    yield "/usr/local/go/bin/go"
    found = shutil.which("go", path=process.get("PATH"))
    if found:
        yield os.path.realpath(found)


def _is(path: str, version: str) -> bool:
    try:
        return os.access(path, os.X_OK) and read_buildinfo(path).release == version
    except BuildInfoError:
        return False
