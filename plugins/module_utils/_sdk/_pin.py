# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what proves one release on one platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Release:
    """One version on one platform, with everything that is known to prove it."""

    version: str
    platform: str
    h1: str | None = None
    zip_size: int | None = None
    archive: dict[str, Any] | None = None
    wheel: dict[str, Any] | None = None
    root_files: dict[str, str] | None = None
    """Texts that stand at the tree's root and that the wheel leaves out."""

    @property
    def label(self) -> str:
        return f"go{self.version} for {self.platform}"
