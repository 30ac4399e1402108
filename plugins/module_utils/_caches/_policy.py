# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: who shall own the entries of a cache, which modes they need, and the count of both."""

from __future__ import annotations

import stat
from dataclasses import dataclass, field

EXAMPLES = 3
"""How many paths of each kind a change names."""


@dataclass(frozen=True)
class Policy:
    """Who shall own the entries and which mode bits they need."""

    uid: int
    gid: int
    shared: bool = False
    change_owner: bool = True
    """Only root can; the developer alone can mend modes."""

    @property
    def right_file_bits(self) -> tuple[int, int]:
        """Mask and result that say "a regular file that needs no other mode"; one that never fits when shared."""
        return (0, 1) if self.shared else (0o170000 | stat.S_IRUSR | stat.S_IWOTH, stat.S_IFREG | stat.S_IRUSR)

    def directory(self, mode: int, *, read_only: bool) -> int:
        wanted = mode & ~stat.S_IWOTH
        wanted |= stat.S_IRUSR | stat.S_IXUSR if read_only else stat.S_IRWXU
        if self.shared:
            wanted |= stat.S_ISGID | (stat.S_IRGRP | stat.S_IXGRP if read_only else stat.S_IRWXG)
        return wanted

    def file(self, mode: int, *, read_only: bool) -> int:
        wanted = (mode & ~stat.S_IWOTH) | stat.S_IRUSR
        if self.shared:
            wanted |= stat.S_IRGRP | (stat.S_IXGRP if mode & stat.S_IXUSR else 0)
            if mode & stat.S_IWUSR and not read_only:
                wanted |= stat.S_IWGRP
        return wanted


@dataclass
class Count:
    entries: int = 1
    """With the place itself."""
    owner: int = 0
    mode: int = 0
    foreign: int = 0
    """Entries of others that only root could give back."""
    left: int = 0
    """Entries that were left alone: further names elsewhere, or no file at all."""
    first: dict[str, list[str]] = field(default_factory=lambda: {"owner": [], "mode": []})

    @property
    def repaired(self) -> int:
        return self.owner + self.mode

    def examples(self, what: str) -> str:
        return ", ".join(self.first[what]) + (", ..." if getattr(self, what) > len(self.first[what]) else "")
