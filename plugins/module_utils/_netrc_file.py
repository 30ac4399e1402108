# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the netrc file itself, private to its owner whatever it was before."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils import _netrc
from ansible_collections.gopherops.workstation.plugins.module_utils._atomic import replace_file
from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change
from ansible_collections.gopherops.workstation.plugins.module_utils._env._files import Files
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError


@dataclass(frozen=True)
class Credentials:
    """One account's netrc."""

    path: str
    before: bytes | None

    @classmethod
    def load(cls, path: str) -> Credentials:
        return cls(path, Files().read(path))

    def ensure(self, entries: Sequence[dict[str, Any]], *, present: bool, check: bool) -> list[Change]:
        """The entries are there, or are not; every other byte stays. An empty file of ours goes."""
        wanted = {entry["machine"]: (entry["login"], entry["password"]) if present else None for entry in entries}
        # surrogateescape: a file that is not UTF-8 keeps its bytes.
        old = (self.before or b"").decode("utf-8", "surrogateescape")
        new = _netrc.edit(old, wanted)
        changes = self._changes(old, new)
        if check or not changes:
            return changes
        if not new:
            try:
                os.unlink(self.path)
            except OSError as error:
                cause, advice = error.strerror or str(error), "Check who may write in its folder"
                raise WorkstationError("remove", "file", self.path, cause, advice) from error
        else:
            replace_file(self.path, new.encode("utf-8", "surrogateescape"), mode=0o600)
        return changes

    def _changes(self, old: str, new: str) -> list[Change]:
        if new != old:
            names = list({**dict.fromkeys(_netrc.machines(old)), **dict.fromkeys(_netrc.machines(new))})
            touched = [name for name in names if _netrc.read(old, name) != _netrc.read(new, name)]
            act = "create" if self.before is None else "edit" if new else "remove"
            return [Change(self.path, act, f"log-in for {', '.join(touched) or 'nobody twice'}")]
        if self.before is not None and stat.S_IMODE(os.stat(self.path).st_mode) & 0o077:
            return [Change(self.path, "mode", "0600: it holds passwords")]
        return []
