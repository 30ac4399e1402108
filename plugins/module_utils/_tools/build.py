# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: build one release with one Go, the same bytes on every machine.

``CGO_ENABLED=0 -trimpath -buildvcs=false``, the Go that was asked for and no other, and nothing of the surroundings
that could change the result: https://go.dev/blog/rebuild
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ansible_collections.gopherops.workstation.plugins.module_utils._buildinfo import read_buildinfo
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.machine import Run
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.names import redacted
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.wanted import Wanted

# Empty counts as unset for the go command, and the process environment beats every file.
POISON = (
    "GOROOT", "GOOS", "GOARCH", "GO111MODULE", "GOEXPERIMENT", "GODEBUG", "GOWORK", "GOAMD64", "GOARM64", "GOARM",
    "GO386", "GOMIPS", "GOMIPS64", "GOPPC64", "GORISCV64", "GOFIPS140", "GOBIN", "GO_EXTLINK_ENABLED",
)  # fmt: skip

# First match wins: what the go command says -> why in plain words, what to do.
CAUSES = [
    (
        r"SECURITY ERROR|checksum mismatch",
        "the proxy served other bytes than were published",
        "Trust nothing from that proxy until somebody has looked at it",
    ),
    (
        r"no space left on device|disk quota exceeded",
        "the disk is full",
        "Free some space (go clean -cache) and run again",
    ),
    (
        r"requires go >= \S+|module requires Go",
        "it needs a newer Go to build",
        "Install a newer Go first, or ask for an older version",
    ),
    (
        r"x509:|certificate (signed|has expired|is not)",
        "the proxy's certificate is not trusted here",
        "Install the company's root certificate (role go_network)",
    ),
    (
        r"verifying \S+: .*/sumdb/",
        "the checksum database cannot vouch for one of its modules",
        "Check GOPROXY and GOSUMDB; for private modules set GOPRIVATE",
    ),
    (
        r"terminal prompts disabled|could not read Username|Authentication failed|401 Unauthorized",
        "the module needs credentials that this account does not have",
        "Give the account access (GOPRIVATE with a git credential helper or ~/.netrc) and run again",
    ),
    (
        r"reading \S+: 403 Forbidden",
        "the module proxy refuses to serve it",
        "Check the version, or ask the proxy's owner to allow it",
    ),
    (
        r"module lookup disabled|/@v/\S+: no such file or directory",
        "the network is not to be used, and neither the module cache nor the folder in GOPROXY has it",
        "Set GOPROXY, or fill the module cache first",
    ),
    (
        r"unknown revision|invalid version|404 Not Found|410 Gone|no matching versions|not found: module",
        "there is no such version at the proxy",
        "Check module and version",
    ),
    (
        r"does not contain package|is not a main package|no required module provides",
        "that version has no such program",
        "Check the package path",
    ),
    (
        r"refused|no such host|i/o timeout|unreachable|connection reset|50[0-9] [A-Z]|dial tcp|unexpected EOF",
        "the module proxy cannot be reached",
        "Check GOPROXY and the network (role go_network)",
    ),
    (
        r"permission denied|read-only file system",
        "this account may not write there",
        "Repair the caches (role go_caches)",
    ),
]


# What may be over in a moment. Where nobody listens and names that do not exist are not among them.
PASSING = re.compile(r"i/o timeout|TLS handshake timeout|connection reset|unexpected EOF|: 50[234] [A-Z]")
PAUSE_SECONDS = 2.0


@dataclass(frozen=True)
class Builder:
    """A go command and what it may see."""

    go: str
    run: Run
    settings: Mapping[str, str]  # GOPROXY, GOMODCACHE ... of the account
    pause: Callable[[float], None] = time.sleep

    def build(self, wanted: Wanted, stage: str, *, cross: bool = False) -> tuple[str, list[str]]:
        """Build into the empty folder ``stage``: the program's path, and what its user should know."""
        version = f"{wanted.tool.package}@{wanted.release.version}"
        tags = wanted.tool.tags.get(f"{wanted.goos}/{wanted.goarch}", "")
        command = [self.go, "install", "-trimpath", "-buildvcs=false", *([f"-tags={tags}"] if tags else []), version]
        environment = {**self.settings, **dict.fromkeys(POISON, "")}
        environment.update(GOENV="off", GOTOOLCHAIN="local", CGO_ENABLED="0", GIT_TERMINAL_PROMPT="0")
        # An empty GOFLAGS would let the one in $GOROOT/go.env through.
        keep = " -modcacherw" if "-modcacherw" in self.settings.get("GOFLAGS", "") else ""
        environment["GOFLAGS"] = "-trimpath" + keep
        if cross:
            # The go command refuses GOBIN for another system's programs.
            environment.update(GOPATH=stage, GOOS=wanted.goos, GOARCH=wanted.goarch)
        else:
            environment["GOBIN"] = stage
        status, output, errors = self._install(command, environment, stage)
        if status != 0:
            raise build_error(wanted, status, output + errors)
        program = _only_program(wanted, os.path.join(stage, "bin") if cross else stage)
        return program, self._retractions(wanted, program, environment, stage)

    def _install(self, command: list[str], environment: dict[str, str], stage: str) -> tuple[int, str, str]:
        """Once more where the network failed in passing: modules that came stay in the cache."""
        status, output, errors = self.run(command, environment, stage)
        if status == 0 or not PASSING.search(output + errors):
            return status, output, errors
        self.pause(PAUSE_SECONDS)
        return self.run(command, environment, stage)

    def _retractions(self, wanted: Wanted, program: str, environment: dict[str, str], stage: str) -> list[str]:
        """``go install`` is silent when a version that was asked for by name has been taken back."""
        module = f"{read_buildinfo(program, wanted.goarch).module}@{wanted.release.version}"
        command = [self.go, "list", "-m", "-retracted", "-f", '{{join .Retracted "; "}}', module]
        status, output, _errors = self.run(command, environment, stage)
        reason = output.strip()
        return [f"{module} was taken back by its authors: {reason}."] if status == 0 and reason else []


def build_error(wanted: Wanted, status: int, text: str) -> WorkstationError:
    text = redacted(text)
    cause, advice = "the build failed: " + _first_error(text), "Read stderr for the rest"
    for pattern, why, what_to_do in CAUSES:
        if re.search(pattern, text):
            cause, advice = why, what_to_do
            break
    return WorkstationError(
        "install", "tool", wanted.title, cause, advice + "; what was there is as it was", rc=status, stderr=text[-4000:]
    )


def _first_error(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(("go: downloading", "#"))]
    return lines[0].strip() if lines else "the go command did not say why"


def _only_program(wanted: Wanted, folder: str) -> str:
    programs = [os.path.join(base, name) for base, _folders, names in os.walk(folder) for name in names]
    if len(programs) != 1:
        raise WorkstationError(
            "install", "tool", wanted.title, f"the build made {len(programs)} programs instead of one"
        )
    return programs[0]
