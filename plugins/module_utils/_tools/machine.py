# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the account and machine that tools are installed for."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ansible_collections.gopherops.workstation.plugins.module_utils._buildinfo import BuildInfoError, read_buildinfo
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.goenv import GoEnv

Run = Callable[[list[str], dict[str, str], str], "tuple[int, str, str]"]
"""Runs a command with these changes to the environment in this folder: exit status, output, errors."""
ARCHES = {
    "x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64", "i386": "386", "i686": "386",
    "armv6l": "arm", "armv7l": "arm", "armv8l": "arm", "loongarch64": "loong64",
}  # fmt: skip
NARROW = {"amd64": "386", "arm64": "arm"}  # a 32-bit system under a 64-bit kernel


@dataclass(frozen=True)
class Machine:
    goos: str
    goarch: str
    go: str = ""  # the go command; empty while it is not installed
    go_version: str = ""  # "1.27.4"
    env: GoEnv | None = None

    @property
    def platform(self) -> str:
        return f"{self.goos}/{self.goarch}"


def this_machine(go: str, go_version: str, process: Mapping[str, str]) -> Machine:
    """Facts from files and the kernel; nothing is run. ``go_version`` counts while there is no Go."""
    system = os.uname()
    goos = system.sysname.lower()
    goarch = ARCHES.get(system.machine, system.machine)
    if goos == "darwin" and "ARM64" in system.version:
        goarch = "arm64"  # a translated (Rosetta) process is told x86_64
    home = process.get("HOME") or os.path.expanduser("~")
    if not os.path.exists(go):
        if goos == "linux" and struct.calcsize("P") == 4:
            goarch = NARROW.get(goarch, goarch)
        return Machine(goos, goarch, "", go_version, GoEnv(process, home, goos))
    version, arch = _go_facts(go)
    if goos == "darwin" and arch != goarch:
        raise WorkstationError(
            "use",
            "Go",
            go,
            f"it is for {arch} and this Mac is {goarch}; its programs would run translated, and dlv not at all",
            "Install the Go for this Mac (role go_sdk)",
        )
    real = os.path.dirname(os.path.dirname(os.path.realpath(go)))
    return Machine(goos, arch, go, version, GoEnv(process, home, goos, real))


def _go_facts(go: str) -> tuple[str, str]:
    """Version and architecture, from the go command's own build info: VERSION beside it may be of another release."""
    try:
        info = read_buildinfo(go)
    except BuildInfoError as error:
        raise WorkstationError(
            "use", "Go", go, error.cause, "Install Go first (role go_sdk), or name another go command"
        ) from error
    return info.release, info.settings.get("GOARCH") or info.arch
