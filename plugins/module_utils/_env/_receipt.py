# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what stood before us, so that ``state: absent`` gives it back to the byte."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils import _envfile


@dataclass(frozen=True)
class Receipt:
    """The env file as it would be without us, what we put there, and the directories that we made."""

    base: bytes | None = None
    digest: str = ""
    """Of the file as we left it; as long as it matches, ``base`` is exact."""
    ours: Mapping[str, str] = field(default_factory=dict)
    was: Mapping[str, str | None] = field(default_factory=dict)
    folders: tuple[str, ...] = ()

    @classmethod
    def load(cls, data: bytes | None) -> Receipt:
        """A receipt that cannot be read counts as none: then values are taken back one by one."""
        try:
            raw: dict[str, Any] = json.loads(data or b"{}")
            base = raw.get("base")
            return cls(
                base=None if base is None else base64.b64decode(base),
                digest=str(raw.get("digest", "")),
                ours=dict(raw.get("ours", {})),
                was=dict(raw.get("was", {})),
                folders=tuple(raw.get("folders", ())),
            )
        except (ValueError, TypeError, AttributeError):
            return cls()

    def dump(self) -> bytes:
        base = None if self.base is None else base64.b64encode(self.base).decode("ascii")
        raw = {
            "about": "gopherops.workstation go_env: what stood before; state: absent needs it",
            "base": base,
            "digest": self.digest,
            "ours": dict(sorted(self.ours.items())),
            "was": dict(sorted(self.was.items())),
            "folders": list(self.folders),
        }
        return (json.dumps(raw, indent=1) + "\n").encode("ascii")

    def without_us(self, now: bytes | None) -> bytes | None:
        """The env file as it would be if we had never come."""
        if not self.digest:
            return now
        if digest_of(now) == self.digest:
            return self.base
        # Somebody has been at the file since: take back our values only.
        rest = _envfile.inverse(now or b"", self.ours, self.was)
        return None if self.base is None and not rest else rest

    def after(self, now: bytes | None, fresh: bytes | None, folders: Iterable[str]) -> Receipt:
        """The receipt for a file that becomes ``fresh``."""
        base = self.without_us(now)
        before = _envfile.parse(base or b"")
        final = _envfile.parse(fresh or b"")
        ours = {name: value for name, value in final.items() if before.get(name) != value}
        was = {name: before.get(name) for name in {*ours, *(name for name in before if name not in final)}}
        return Receipt(base, digest_of(fresh), ours, was, (*self.folders, *folders))

    def with_folders(self, folders: Iterable[str]) -> Receipt:
        """The receipt of a run that leaves the env file alone."""
        return Receipt(self.base, self.digest, self.ours, self.was, (*self.folders, *folders))


def digest_of(data: bytes | None) -> str:
    return "absent" if data is None else hashlib.sha256(data).hexdigest()
