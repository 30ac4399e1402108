# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: do what a folder of Go programs needs.

What is not provably the wanted release is obtained into a stage on the same filesystem, checked, and renamed into
place: a running program goes on with the old file, and a failure at any point leaves the old one. Apart from the
reading, because a run with nothing to do should not load it.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.gopherops.workstation.plugins.module_utils._atomic import fsync_directory
from ansible_collections.gopherops.workstation.plugins.module_utils._buildinfo import (
    BuildInfo,
    BuildInfoError,
    read_buildinfo,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._digest import sha256
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.build import Builder
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.engine import Step, Toolbox
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.machine import Machine, Run
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.records import fingerprint
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.wanted import Wanted

Obtain = Callable[[Wanted, str], "tuple[str, list[str]]"]
"""Puts the program into this empty folder: its path, and warnings."""


@dataclass
class Workbench:
    """Where steps are carried out; the caller holds ``records.locked()``."""

    toolbox: Toolbox
    obtain: Obtain

    def apply(self, step: Step) -> None:
        if step.act == "remove":
            self._remove(step)
            return
        stage = tempfile.mkdtemp(prefix="stage-", dir=self.toolbox.records.folder)
        try:
            fresh = self._kept(step.wanted, stage)
            if fresh is None:
                fresh, warnings = self.obtain(step.wanted, stage)
                self.toolbox.warnings += warnings
            step.after = self._verified(step.wanted, fresh)
            self._switch(step, fresh, step.after)
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
        for entry in self.toolbox.records.previous:
            path = os.path.join(self.toolbox.records.folder, "previous", str(entry.get("kept", "")))
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

    def _switch(self, step: Step, fresh: str, info: BuildInfo) -> None:
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
        fsync_directory(self.toolbox.bin_dir)
        self.toolbox.records.tools[name] = {
            "name": name,
            "package": info.path,
            "module": info.module,
            "version": info.version,
            "sum": info.sum,
            "go_version": info.release,
            "goos": step.wanted.goos,
            "goarch": step.wanted.goarch,
            "file": os.path.basename(step.path),
            "sha256": digest,
            "stat": fingerprint(step.path),
        }
        self.toolbox.records.save()

    def _keep_old(self, name: str, path: str) -> None:
        """A link to the old file, so that the name is never without a program."""
        record = self.toolbox.records.tools.get(name)
        if self.toolbox.keep < 1 or record is None or not os.path.isfile(path) or os.path.islink(path):
            return
        if sha256(path) != record.get("sha256"):
            return  # somebody else's bytes are no state to go back to
        folder = os.path.join(self.toolbox.records.folder, "previous")
        os.makedirs(folder, mode=0o755, exist_ok=True)
        kept = f"{name}-{record.get('version')}-go{record.get('go_version')}"
        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(folder, kept))
        try:
            os.link(path, os.path.join(folder, kept))
        except OSError:  # no hard links here (exFAT, some network shares)
            shutil.copy2(path, os.path.join(folder, kept))
        others = [entry for entry in self.toolbox.records.previous if entry.get("kept") != kept]
        mine = [{**record, "name": name, "kept": kept}, *(entry for entry in others if entry.get("name") == name)]
        self.toolbox.records.previous = [entry for entry in others if entry.get("name") != name] + mine[
            : self.toolbox.keep
        ]
        for entry in mine[self.toolbox.keep :]:
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
        for entry in self.toolbox.records.previous:
            if entry.get("name") == name:
                with contextlib.suppress(OSError):
                    os.unlink(os.path.join(self.toolbox.records.folder, "previous", str(entry.get("kept"))))
        self.toolbox.records.previous = [entry for entry in self.toolbox.records.previous if entry.get("name") != name]
        self.toolbox.records.tools.pop(name, None)
        self.toolbox.records.save()


class Source:
    """A program from the controller when it sent one, else from a build here."""

    def __init__(
        self, machine: Machine, run: Run, environment: dict[str, str], delivered: dict[str, dict[str, str]]
    ) -> None:
        self.machine, self.run, self.environment, self.delivered = machine, run, environment, delivered

    def __call__(self, wanted: Wanted, stage: str) -> tuple[str, list[str]]:
        parcel = self.delivered.get(wanted.tool.name)
        if parcel:
            return _unpacked(wanted, parcel, stage), []
        if not self.machine.go or self.machine.env is None:
            raise WorkstationError(
                "install", "tool", wanted.title, "there is no Go to build it with", "Install Go first (role go_sdk)"
            )
        settings = {**self.environment, **self.machine.env.for_build()}
        return Builder(self.machine.go, self.run, settings).build(wanted, stage)


def _unpacked(wanted: Wanted, parcel: dict[str, str], stage: str) -> str:
    path = os.path.join(stage, "delivered")
    try:
        with gzip.open(parcel["file"]) as packed, open(path, "wb") as plain:
            shutil.copyfileobj(packed, plain, 1 << 20)
        damaged = sha256(path) != parcel["sha256"]
    except (EOFError, zlib.error, gzip.BadGzipFile):
        damaged = True
    if damaged:
        raise WorkstationError(
            "install", "tool", wanted.title, "it was damaged on the way from the controller", "Run again"
        )
    return path
