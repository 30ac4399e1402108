# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: which release of a tool goes with which Go, and whether a binary is that release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._buildinfo import BuildInfo
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.names import go_key, go_minor


@dataclass(frozen=True)
class Release:
    version: str
    sum: str = ""  # the module's h1; empty: nobody told, Go's own checksum database is the judge
    go_build: str = ""  # the oldest Go that builds it
    go_max: str = ""  # the newest Go it was made for; empty: no limit known

    def builds_with(self, go_version: str) -> bool:
        return not (self.go_build and go_version) or go_key(go_version) >= go_key(self.go_build)

    def made_for(self, go_version: str) -> bool:
        return not (self.go_max and go_version) or go_minor(go_version) <= go_minor(self.go_max)


@dataclass(frozen=True)
class Tool:
    """One entry of the list, as the controller resolved it."""

    name: str
    package: str
    module: str = ""
    releases: tuple[Release, ...] = ()  # the ones to choose from, best first
    known: tuple[Release, ...] = ()  # others, newest first, to name one in advice
    built_on_target: tuple[str, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)  # build tags that it needs on a platform

    @classmethod
    def from_plan(cls, entry: dict[str, Any]) -> Tool:
        names = [one.name for one in fields(Release)]
        lists = {
            key: tuple(Release(*(one.get(name, "") for name in names)) for one in entry.get(key, ()))
            for key in ("releases", "known")
        }
        where, tags = tuple(entry.get("built_on_target", ())), dict(entry.get("tags", {}))
        return cls(entry["name"], entry["package"], entry.get("module", ""), built_on_target=where, tags=tags, **lists)


@dataclass(frozen=True)
class Wanted:
    """One release for one machine."""

    tool: Tool
    release: Release
    go_version: str
    goos: str
    goarch: str

    @property
    def title(self) -> str:
        return f"{self.tool.name} {self.release.version}"

    def fault(self, info: BuildInfo) -> str:
        """Why a binary with this build info is not the wanted one, in a few words; empty when it is."""
        tool, release = self.tool, self.release
        if info.path != tool.package:
            return f"it is {info.path or 'another program'}"
        if tool.module and info.module != tool.module:
            return f"it was built from module {info.module}"
        if info.version != release.version:
            return f"it is version {info.version or 'unknown'}"
        if release.sum and info.sum != release.sum:
            return f"its module hash {info.sum or 'is missing and'} is not the pinned {release.sum}"
        if info.settings.get("GOOS") != self.goos or info.settings.get("GOARCH") != self.goarch:
            return f"it is for {info.settings.get('GOOS')}/{info.settings.get('GOARCH')}"
        if info.arch and info.arch != self.goarch and not self.goarch.startswith(("mips", "ppc64")):
            return f"it is for {info.arch}"
        if not info.release:
            return f"it was built with a development version of Go ({info.go_version})"
        if self.go_version and go_minor(info.release) < go_minor(self.go_version):
            return f"it was built with Go {info.release}, older than the active {self.go_version}"
        if info.settings.get("CGO_ENABLED") != "0" or info.settings.get("-trimpath") != "true":
            return "it was not built reproducibly"
        return ""


def choose(tool: Tool, go_version: str) -> Release:
    """The best release for this Go; the first one while Go is not known."""
    builds = [release for release in tool.releases if release.builds_with(go_version)]
    if builds:
        return next((release for release in builds if release.made_for(go_version)), builds[0])
    first = tool.releases[0]
    advice = nearest(tool, first, go_version)
    raise WorkstationError(
        "install",
        "tool",
        f"{tool.name} {first.version}",
        f"it needs Go {first.go_build} or newer to build, and the active Go is {go_version}",
        (f"Ask for {advice}, or install" if advice else "Install") + f" Go {first.go_build} or newer first",
    )


def warning(wanted: Wanted) -> str:
    """A sentence when the release was not made for the active Go; empty when it was."""
    tool, release, go_version = wanted.tool, wanted.release, wanted.go_version
    if release.made_for(go_version):
        return ""
    advice = nearest(tool, release, go_version)
    return f"{wanted.title} was made for Go up to {release.go_max}, and the active Go is {go_version}." + (
        f" The nearest version that supports it is {advice}." if advice else ""
    )


def nearest(tool: Tool, release: Release, go_version: str) -> str:
    """The known release closest to this one that builds with and was made for this Go."""
    good = [one.version for one in tool.known if one.builds_with(go_version) and one.made_for(go_version)]
    if not good:
        return ""
    return good[0] if not release.builds_with(go_version) else good[-1]


def wanted_tools(tools: Sequence[Tool], go_version: str, goos: str, goarch: str) -> list[Wanted]:
    return [Wanted(tool, choose(tool, go_version), go_version, goos, goarch) for tool in tools]
