# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: go_sdk's options and the controller's plan, narrowed to this host."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._layout import Layout
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._pin import Release
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._state import Expectation

Runner = Callable[[Sequence[str]], "tuple[int, str, str]"]
"""Runs a program without GOROOT and with GOTOOLCHAIN=local: status, stdout, stderr."""


@dataclass(frozen=True)
class Job:
    """What this run is about."""

    layout: Layout
    platform: str
    state: str
    versions: Sequence[str]
    active: str | None
    keep: int | None
    full: bool
    lock_timeout: float
    pins: Mapping[str, str]
    """Version -> h1, for every version that is known, wanted or not."""
    releases: dict[str, Release]
    sources: Sequence[dict[str, str]]
    notices: Sequence[str]

    def expected(self, version: str) -> Expectation:
        return Expectation(version, self.platform, self.pins.get(version))


def read_job(options: Mapping[str, Any], platform: str) -> Job:
    """Raises where the controller found that this platform cannot have what was asked for."""
    plan = options["_plan"]
    mine = plan["platforms"][platform]
    if mine.get("refused"):
        raise WorkstationError("install", "Go", *mine["refused"])
    return Job(
        layout=_layout(options),
        platform=platform,
        state=options["state"],
        versions=mine["versions"],
        active=mine["active"],
        keep=options["keep"],
        full=options["verify"] == "full",
        lock_timeout=options["lock_timeout"],
        pins=mine["pins"],
        releases={
            version: Release(version=version, platform=platform, **entry) for version, entry in mine["releases"].items()
        },
        sources=plan["sources"],
        notices=plan["notices"],
    )


def _layout(options: Mapping[str, Any]) -> Layout:
    machine = options["scope"] == "machine"
    # Not $HOME: become may leave another account's there.
    home = pwd.getpwuid(os.geteuid()).pw_dir
    root = options["root"] or ("/usr/local/sdk" if machine else os.path.join(home, "sdk"))
    link = options["link"] or ("/usr/local/go" if machine else os.path.join(root, "go"))
    return Layout(os.path.abspath(root), os.path.abspath(link))
