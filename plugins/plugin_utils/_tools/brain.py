# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: from the options of ``go_tools`` to what the target is told, and to the lock file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._tools.wanted import Tool, Wanted, choose
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools import catalog, lockfile
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.catalog import Request
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.proxy import Proxies, newest


@dataclass
class Decision:
    """Which releases a run may install."""

    requests: list[Request]
    locked: lockfile.Locked | None

    def plan(self) -> dict[str, Any]:
        return {"tools": [request.as_plan() for request in self.requests]}

    def wanted(self, need: dict[str, str]) -> Wanted:
        """What a target asked the controller to build."""
        request = next(request for request in self.requests if request.name == need["name"])
        tool = Tool.from_plan(request.as_plan())
        return Wanted(tool, choose(tool, need["go_version"]), need["go_version"], need["goos"], need["goarch"])


def decide(options: dict[str, Any], proxies: Callable[[], Proxies]) -> Decision:
    requests = catalog.understand(options["tools"], catalog.load())
    locked = lockfile.read(options["lock"]) if options["lock"] else None
    holding = {} if options["lock_update"] else locked or {}
    if options["state"] == "absent":
        return Decision([_any_version(request) for request in requests], locked)
    return Decision([_resolved(request, holding, proxies) for request in requests], locked)


def _resolved(request: Request, holding: lockfile.Locked, proxies: Callable[[], Proxies]) -> Request:
    kept = lockfile.held(request, holding)
    if kept is not None:
        return kept
    if request.releases:
        return request
    module, releases = newest(proxies(), request.package, request.module)
    known = {one["version"]: one for one in request.known}
    # The shipped pin wins over what a proxy says of the same release.
    best = [{**one, **known.get(one["version"], {})} for one in releases]
    return replace(request, module=module, releases=tuple(best))


def _any_version(request: Request) -> Request:
    return request if request.releases else request.pinned("")
