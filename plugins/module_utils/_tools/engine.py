# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: bring a folder of Go programs to the wanted state.

Read, compare, act. What is not provably the wanted release is obtained into a stage on the same filesystem, checked,
and renamed into place: a running program goes on with the old file, and a failure at any point leaves the old one.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._atomic import fsync_directory
from ansible_collections.gopherops.workstation.plugins.module_utils._buildinfo import (
    BuildInfo,
    BuildInfoError,
    read_buildinfo,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.names import file_name
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.records import Records, fingerprint, sha256
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.wanted import Wanted

Obtain = Callable[[Wanted, str], "tuple[str, list[str]]"]
"""Puts the program into this empty folder: its path, and warnings."""
ENTRY = ("name", "package", "module", "version", "sum", "go_version", "goos", "goarch")


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

    # Reading

    def survey(self, wanted: list[Wanted], state: str = "present") -> list[Step]:
        judge = self._judge if state == "present" else self._judge_absent
        return [judge(one) for one in wanted]

    def strangers(self, wanted: list[Wanted], goos: str) -> list[Step]:
        """Programs that this collection installed and the list no longer names."""
        listed = {one.tool.name for one in wanted}
        steps = []
        for name, entry in sorted(self.records.tools.items()):
            path = os.path.join(self.bin_dir, str(entry.get("file", file_name(name, goos))))
            if name not in listed and wanted:
                gone = Wanted(
                    wanted[0].tool.__class__(name, str(entry.get("package", ""))), wanted[0].release, "", "", ""
                )
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

    def _judge_absent(self, wanted: Wanted) -> Step:
        step = Step(wanted, self._path(wanted), "absent")
        if not os.path.lexists(step.path):
            return step
        if wanted.tool.name not in self.records.tools:
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

    # Writing; the caller holds records.locked()

    def apply(self, step: Step, obtain: Obtain) -> None:
        if step.act == "remove":
            self._remove(step)
            return
        stage = tempfile.mkdtemp(prefix="stage-", dir=self.records.folder)
        try:
            fresh = self._kept(step.wanted, stage)
            if fresh is None:
                fresh, warnings = obtain(step.wanted, stage)
                self.warnings += warnings
            step.after = self._verified(step.wanted, fresh)
            self._switch(step, fresh)
        except OSError as error:
            raise WorkstationError(
                "install",
                "tool",
                step.wanted.title,
                f"{error.strerror or error} ({step.path})",
                "The tool is as it was",
            ) from error
        finally:
            shutil.rmtree(stage, ignore_errors=True)

    def _kept(self, wanted: Wanted, stage: str) -> str | None:
        """A previous version that is still here: going back needs no build."""
        for entry in self.records.previous:
            path = os.path.join(self.records.folder, "previous", str(entry.get("kept", "")))
            try:
                if entry.get("name") == wanted.tool.name and not wanted.fault(read_buildinfo(path)):
                    copy = shutil.copyfile(path, os.path.join(stage, "kept"))
                    if sha256(copy) == entry.get("sha256"):
                        return copy
                    os.unlink(copy)
            except (BuildInfoError, OSError):
                continue
        return None

    def _verified(self, wanted: Wanted, path: str) -> BuildInfo:
        info = read_buildinfo(path, wanted.goarch)
        reason = wanted.fault(info)
        if reason:
            raise WorkstationError(
                "install", "tool", wanted.title, f"what was built is not what was asked for: {reason}",
                "Check GOPROXY, and that the pin is right; the tool is as it was",
            )  # fmt: skip
        return info

    def _switch(self, step: Step, fresh: str) -> None:
        name = step.wanted.tool.name
        os.chmod(fresh, 0o755)
        descriptor = os.open(fresh, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        digest = sha256(fresh)
        self._keep_old(name, step.path)
        os.replace(fresh, step.path)
        fsync_directory(self.bin_dir)
        after = step.after
        facts: dict[str, Any] = dict.fromkeys(ENTRY, "")
        if after is not None:
            facts.update(
                name=name, package=after.path, module=after.module, version=after.version, sum=after.sum,
                go_version=after.release, goos=step.wanted.goos, goarch=step.wanted.goarch,
            )  # fmt: skip
        self.records.tools[name] = {
            **facts,
            "file": os.path.basename(step.path),
            "sha256": digest,
            "stat": fingerprint(step.path),
        }
        self.records.save()

    def _keep_old(self, name: str, path: str) -> None:
        """A link to the old file, so that the name is never without a program."""
        record = self.records.tools.get(name)
        if self.keep < 1 or record is None or not os.path.isfile(path) or os.path.islink(path):
            return
        if sha256(path) != record.get("sha256"):
            return  # somebody else's bytes are no state to go back to
        folder = os.path.join(self.records.folder, "previous")
        os.makedirs(folder, mode=0o755, exist_ok=True)
        kept = f"{name}-{record.get('version')}-go{record.get('go_version')}"
        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(folder, kept))
        try:
            os.link(path, os.path.join(folder, kept))
        except OSError:  # no hard links here (exFAT, some network shares)
            shutil.copy2(path, os.path.join(folder, kept))
        others = [entry for entry in self.records.previous if entry.get("kept") != kept]
        mine = [{**record, "name": name, "kept": kept}, *(entry for entry in others if entry.get("name") == name)]
        self.records.previous = [entry for entry in others if entry.get("name") != name] + mine[: self.keep]
        for entry in mine[self.keep :]:
            with contextlib.suppress(OSError):
                os.unlink(os.path.join(folder, str(entry.get("kept"))))

    def _remove(self, step: Step) -> None:
        name = step.wanted.tool.name
        try:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(step.path)
        except OSError as error:
            raise WorkstationError(
                "remove", "tool", step.path, error.strerror or str(error), "Check who may write in its folder"
            ) from error
        for entry in self.records.previous:
            if entry.get("name") == name:
                with contextlib.suppress(OSError):
                    os.unlink(os.path.join(self.records.folder, "previous", str(entry.get("kept"))))
        self.records.previous = [entry for entry in self.records.previous if entry.get("name") != name]
        self.records.tools.pop(name, None)
        self.records.save()
