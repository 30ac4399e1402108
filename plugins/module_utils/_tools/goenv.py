# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what ``go env`` of an account says, without running Go.

Precedence as in cmd/go: the process environment (empty counts as unset), the account's file, $GOROOT/go.env, defaults.
https://go.dev/ref/mod#environment-variables
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.gopherops.workstation.plugins.module_utils._envfile import goenv_path, parse

# What a build may take from the account: where modules come from and where caches are. GOFLAGS and whatever changes
# the bytes of the result is left out, so that every machine builds the same.
HARMLESS = (
    "GOPROXY",
    "GOPRIVATE",
    "GONOPROXY",
    "GOSUMDB",
    "GONOSUMDB",
    "GOINSECURE",
    "GOVCS",
    "GOAUTH",
    "GOMODCACHE",
    "GOCACHE",
    "GOPATH",
    "GOTMPDIR",
)


@dataclass(frozen=True)
class GoEnv:
    """The settings of one account on one machine."""

    process: Mapping[str, str]
    home: str
    goos: str
    goroot: str = ""

    def value(self, key: str) -> str:
        if self.process.get(key):
            return self.process[key]
        own = self._own_file()
        # An empty value in the account's file hides the one in go.env.
        return own[key] if key in own else self._machine_file().get(key, "")

    def _own_file(self) -> dict[str, str]:
        if self.process.get("GOENV") == "off":
            return {}
        return parse(_read(goenv_path(self.process, self.home, "Darwin" if self.goos == "darwin" else "")))

    def _machine_file(self) -> dict[str, str]:
        return parse(_read(os.path.join(self.goroot, "go.env")), goroot=True) if self.goroot else {}

    def bin_dir(self) -> str:
        """Where ``go install`` puts programs."""
        gobin = self.value("GOBIN")
        if gobin:
            return gobin
        return os.path.join(self._gopath(), "bin")

    def mod_cache(self) -> str:
        return self.value("GOMODCACHE") or os.path.join(self._gopath(), "pkg/mod")

    def _gopath(self) -> str:
        return self.value("GOPATH").split(os.pathsep)[0] or os.path.join(self.home, "go")

    def for_build(self) -> dict[str, str]:
        """The settings of the account that a build may see; the process environment is seen anyway."""
        found = {key: self.value(key) for key in (*HARMLESS, "GOFLAGS")}  # the builder replaces GOFLAGS
        if found["GOPROXY"] == "off":
            # No network was meant, not no modules: with "off" alone the go command does not even look into its cache
            # for a program in a subfolder. https://go.dev/ref/mod#module-cache
            found["GOPROXY"] = f"file://{self.mod_cache()}/cache/download"
        return {key: value for key, value in found.items() if value}


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except OSError:
        return b""
