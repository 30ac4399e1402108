# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: where Go versions stand on a machine, and the names of everything beside them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

VERSION = re.compile(r"\d+\.\d+(?:\.\d+)?(?:(?:rc|beta)\d+)?")
STAGE = ".stage-"
"""Prefix of a directory that belongs to one running installation."""


def version_key(version: str) -> tuple[int, ...]:
    """Sorts "1.9.1" before "1.27.4", and a candidate before its release."""
    plain, _slash, candidate = re.sub(r"(rc|beta)", r"/", version).partition("/")
    numbers = [int(part) for part in plain.split(".")]
    return (*numbers, *([0] * (3 - len(numbers))), int(candidate or 10**6))


@dataclass(frozen=True)
class Layout:
    """The directory of versions and the symlink that names the active one."""

    root: str
    link: str

    def tree(self, version: str) -> str:
        return os.path.join(self.root, f"go{version}")

    def manifest(self, version: str) -> str:
        """Beside the tree, never in it: the tree holds what Go released and nothing else."""
        return os.path.join(self.root, f".go{version}.manifest")

    @property
    def history(self) -> str:
        """Which version was active before."""
        return os.path.join(self.root, ".go.history")

    @property
    def fresh_link(self) -> str:
        """The link's successor, for the instant before it is renamed over it."""
        folder, name = os.path.split(self.link)
        return os.path.join(folder, f".{name}.gopherops-new")

    def link_text(self, version: str) -> str:
        """Relative, so that a home directory may move."""
        return os.path.relpath(self.tree(version), os.path.dirname(self.link))

    def version_of(self, path: str) -> str | None:
        """The version whose tree stands at ``path``."""
        head, name = os.path.split(os.path.normpath(path))
        if os.path.normpath(head) != os.path.normpath(self.root) or not name.startswith("go"):
            return None
        return name[2:] if VERSION.fullmatch(name[2:]) else None

    def is_stray_link(self, path: str) -> bool:
        """A link under the name of a version that leads to another version or nowhere: left by a killed adoption."""
        if not os.path.islink(path) or self.version_of(path) is None:
            return False
        target = os.path.join(os.path.dirname(path), os.readlink(path))
        return not os.path.exists(path) or self.version_of(target) is not None

    def set_aside(self, version: str | None) -> str:
        """A free name that says what it is: a tree that was there and is not what Go released."""
        base = os.path.join(self.root, f"go{version or '-unknown'}.set-aside")
        name, number = base, 2
        while os.path.lexists(name):
            name, number = f"{base}.{number}", number + 1
        return name
