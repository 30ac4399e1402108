# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: build a tool once for each platform and Go version on the controller.

The same engine and inputs as a build on a target, so the same bytes: a machine that was provisioned alone and then by
a fleet run sees no change. Runs for many hosts are many processes; the first builds, the others wait for its parcel.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ansible_collections.gopherops.workstation.plugins.module_utils._buildinfo import BuildInfoError, read_buildinfo
from ansible_collections.gopherops.workstation.plugins.module_utils._digest import sha256
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.build import Builder
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.goenv import GoEnv
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.machine import Run
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.names import file_name
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.wanted import Wanted
from ansible_collections.gopherops.workstation.plugins.plugin_utils._controller import alone, cache_dir
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.sdk import obtain_go
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.toolchain import go_for

LONGEST = 3600.0  # seconds for one build; gopls takes one to five minutes


@dataclass(frozen=True)
class Parcel:
    """A verified program, packed for the way."""

    packed: Path
    sha256: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Workshop:
    """``go_for`` names the go command of exactly this version, and gets one where there is none."""

    folder: Path
    go_for: Callable[[str], str]
    run: Run
    settings: Mapping[str, str]

    def parcel(self, wanted: Wanted) -> Parcel:
        key = self._key(wanted)
        shelf = self.folder / key
        with alone(self.folder / f"{key}.lock"):
            return self._on_shelf(shelf, wanted) or self._made(shelf, wanted)

    def _key(self, wanted: Wanted) -> str:
        facts = (wanted.tool.package, wanted.release.version, wanted.release.sum)
        mark = hashlib.sha256("\n".join(facts).encode()).hexdigest()[:12]
        platform = f"{wanted.goos}-{wanted.goarch}"
        return f"{wanted.tool.name}-{wanted.release.version}-go{wanted.go_version}-{platform}-{mark}"

    def _on_shelf(self, shelf: Path, wanted: Wanted) -> Parcel | None:
        """An earlier parcel, if its program still is what was verified then."""
        program = shelf / file_name(wanted.tool.name, wanted.goos)
        try:
            facts = json.loads((shelf / "facts.json").read_text(encoding="utf-8"))
            good = sha256(program) == facts["sha256"] and not wanted.fault(read_buildinfo(str(program)))
            same = sha256(shelf / "packed.gz") == facts["packed"]
        except (OSError, ValueError, KeyError, TypeError, BuildInfoError):
            return None
        return Parcel(shelf / "packed.gz", facts["sha256"], tuple(facts["warnings"])) if good and same else None

    def _made(self, shelf: Path, wanted: Wanted) -> Parcel:
        stage = tempfile.mkdtemp(prefix="stage-", dir=self.folder)
        fresh = Path(tempfile.mkdtemp(prefix="stage-", dir=self.folder))
        try:
            builder = Builder(self.go_for(wanted.go_version), self.run, self.settings)
            built, warnings = builder.build(wanted, stage, cross=True)
            self._check(wanted, built)
            program = fresh / file_name(wanted.tool.name, wanted.goos)
            shutil.move(built, program)
            digest = sha256(program)
            with (
                open(program, "rb") as plain,
                open(fresh / "packed.gz", "wb") as target,
                gzip.GzipFile("", "wb", 6, target, mtime=0) as packed,
            ):
                shutil.copyfileobj(plain, packed, 1 << 20)
            facts = {"sha256": digest, "packed": sha256(fresh / "packed.gz"), "warnings": warnings}
            (fresh / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
            shutil.rmtree(shelf, ignore_errors=True)
            os.rename(fresh, shelf)
            return Parcel(shelf / "packed.gz", digest, tuple(warnings))
        finally:
            for leftover in (stage, str(fresh)):
                shutil.rmtree(leftover, ignore_errors=True)

    def _check(self, wanted: Wanted, built: str) -> None:
        reason = wanted.fault(read_buildinfo(built))
        if reason:
            raise WorkstationError(
                "build",
                "tool",
                wanted.title,
                f"what was built on the controller is not what was asked for: {reason}",
                "Check the controller's GOPROXY, and that the pin is right",
            )


def controller_workshop(environment: Mapping[str, object]) -> Workshop:
    """The workshop of this controller; ``environment`` is what the task wants builds to see."""
    cache = cache_dir(os.environ)
    texts = {str(key): str(value) for key, value in environment.items()}
    finder = partial(go_for, process=os.environ, folder=cache / "sdk", obtain=obtain_go)
    return Workshop(cache / "tools", finder, run_here, controller_settings(os.environ, texts))


def controller_settings(process: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """Where the controller's account gets modules from and keeps its caches."""
    home = process.get("HOME") or os.path.expanduser("~")
    goos = os.uname().sysname.lower()
    env = GoEnv({**process, **environment}, home, goos)
    settings = {**environment, **env.for_build()}
    # GOPATH is a stage while a program for another platform is built, so the cache must be named.
    settings["GOMODCACHE"] = env.mod_cache()
    settings.pop("GOPATH", None)
    return settings


def run_here(command: list[str], environment: dict[str, str], folder: str) -> tuple[int, str, str]:
    """Run on the controller."""
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **environment},
            cwd=folder,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=LONGEST,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return 1, "", f"the build took more than {LONGEST:.0f} seconds"
    return done.returncode, done.stdout, done.stderr
