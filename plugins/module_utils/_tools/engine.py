# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what a folder of Go programs holds, and what it needs. Reads, and changes nothing."""

from __future__ import annotations

import contextlib
import os
import stat
from dataclasses import dataclass, field

from ansible_collections.gopherops.workstation.plugins.module_utils._buildinfo import (
    BuildInfo,
    BuildInfoError,
    read_buildinfo,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change
from ansible_collections.gopherops.workstation.plugins.module_utils._digest import sha256
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.names import file_name
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.records import Records, fingerprint
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.wanted import Release, Tool, Wanted


@dataclass
class Step:
    """What one tool needs, and after the run what it is."""

    wanted: Wanted
    path: str
    act: str = "ok"  # ok | create | replace | remove | absent
    reason: str = ""
    before: BuildInfo | None = None
    after: BuildInfo | None = None

    @property
    def pending(self) -> bool:
        return self.act not in ("ok", "absent")

    def change(self) -> Change:
        if self.act == "remove":
            return Change(self.path, "remove", self.reason or self.wanted.tool.name)
        built = f" (built with Go {self.wanted.go_version})" if self.wanted.go_version else ""
        reason = f"; {self.reason}" if self.act == "replace" else ""
        return Change(self.path, "install" if self.act == "create" else "replace", self.wanted.title + built + reason)


@dataclass
class Toolbox:
    """One folder of programs. ``verify``: ``stat`` trusts an untouched file, ``full`` hashes every one."""

    bin_dir: str
    verify: str = "stat"
    keep: int = 1
    warnings: list[str] = field(default_factory=list)
    touched: bool = False  # a record's fingerprint was refreshed

    def __post_init__(self) -> None:
        self.records = Records(self.bin_dir)

    def survey(self, wanted: list[Wanted], state: str = "present") -> list[Step]:
        judge = self._judge if state == "present" else self._judge_absent
        return [judge(one) for one in wanted]

    def strangers(self, wanted: list[Wanted], goos: str) -> list[Step]:
        """Programs that this collection installed and the list no longer names."""
        if not wanted:
            return []  # an empty list is a mistake sooner than a wish to have nothing
        listed = {one.tool.name for one in wanted}
        steps = []
        for name, entry in sorted(self.records.tools.items()):
            path = os.path.join(self.bin_dir, str(entry.get("file", file_name(name, goos))))
            if name not in listed and (self._ours(name, path) or not os.path.lexists(path)):
                gone = Wanted(Tool(name, str(entry.get("package", ""))), Release(""), "", "", "")
                steps.append(Step(gone, path, "remove", f"{name} is not in the list"))
        return steps

    def _judge(self, wanted: Wanted) -> Step:
        step = Step(wanted, self._path(wanted))
        try:
            status = os.lstat(step.path)
        except FileNotFoundError:
            step.act = "create"
            return step
        except OSError as error:
            raise WorkstationError(
                "read", "tool", step.path, error.strerror or str(error), "Check who may read it"
            ) from error
        if stat.S_ISDIR(status.st_mode):
            raise WorkstationError("install", "tool", step.path, "a folder of that name is in the way", "Move it away")
        step.reason = self._fault(wanted, step, status)
        step.act = "replace" if step.reason else "ok"
        return step

    def _fault(self, wanted: Wanted, step: Step, status: os.stat_result) -> str:
        try:
            step.before = step.after = read_buildinfo(step.path, wanted.goarch)
        except BuildInfoError as error:
            return error.cause
        reason = wanted.fault(step.before)
        if reason:
            return reason
        if not stat.S_ISREG(status.st_mode):
            return "it is a link"
        if status.st_mode & 0o111 != 0o111:
            return "it is not executable for everyone"
        return self._unproved(wanted.tool.name, step.path)

    def _unproved(self, name: str, path: str) -> str:
        """Whether the bytes are those that were installed."""
        record = self.records.tools.get(name)
        if record is None or record.get("file") != os.path.basename(path):
            return "nothing proves its content: it was not installed by this collection"
        now = fingerprint(path)
        if record.get("stat") == now and self.verify != "full":
            return ""
        if sha256(path) != record.get("sha256"):
            return "its content changed since it was installed"
        if record.get("stat") != now:
            record["stat"] = now
            self.touched = True
        return ""

    def _ours(self, name: str, path: str) -> bool:
        """Whether these are the bytes that were installed: what somebody put in their place is not ours to remove."""
        try:
            return not self._unproved(name, path)
        except OSError:
            return False

    def _judge_absent(self, wanted: Wanted) -> Step:
        step = Step(wanted, self._path(wanted), "absent")
        if not os.path.lexists(step.path):
            return step
        if not self._ours(wanted.tool.name, step.path):
            with contextlib.suppress(BuildInfoError):
                step.before = read_buildinfo(step.path)
            if step.before is None or step.before.path != wanted.tool.package:
                raise WorkstationError(
                    "remove",
                    "tool",
                    step.path,
                    "it is another program of the same name",
                    "Remove it by hand if you mean it",
                )
        step.act, step.reason = "remove", wanted.tool.name
        return step

    def _path(self, wanted: Wanted) -> str:
        return os.path.join(self.bin_dir, file_name(wanted.tool.name, wanted.goos))
