# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes or opens a bundle, on the controller. Documented in ``plugins/modules/bundle.py``."""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible.module_utils.urls import open_url

from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change, changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._network import Network
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._pin import Release
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.bundle import SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction
from ansible_collections.gopherops.workstation.plugins.plugin_utils._controller import cache_dir
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet import _bundle
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._delivery import obtain
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._pins import load_pins
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._plan import make_plan
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools import brain
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.workshop import controller_workshop

Options = dict[str, Any]
# What go_sdk's plan wants to know besides versions: nothing but pinned releases, however old the pins are.
GO_OPTIONS: Options = {
    "state": "present",
    "version_file": "",
    "active": None,
    "checksum": None,
    "sources": None,
    "pins_max_age": 36500,
}


@dataclass(frozen=True)
class Order:
    """What a bundle is to hold. To make one refuses what cannot be packed, in check mode too."""

    decision: brain.Decision
    sources: list[dict[str, str]]
    releases: list[Release]

    def __str__(self) -> str:
        versions, platforms = ({getattr(one, what): None for one in self.releases} for what in ("version", "platform"))
        content = [f"Go {', '.join(versions)}", *(request.name for request in self.decision.requests)]
        return f"{', '.join(content)} for {', '.join(platforms)}"


class ActionModule(WorkstationAction):
    capability = "bundle"
    spec = SPEC
    _requires_connection = False

    def act(self, options: Options, task_vars: dict[str, Any]) -> dict[str, Any]:
        folder, cache, check = Path(options["path"]), cache_dir(os.environ), self._task.check_mode
        if options["state"] == "unpacked":
            names = _bundle.verify(folder, options["allowed_signers"])
            return {**changes_result(_bundle.unpack(folder, names, cache, check=check)), "files": len(names)}
        order, files = self._order(options), 0
        change = Change(str(folder), "edit" if folder.exists() else "create", str(order))
        if not check:
            _bundle.collect(cache, self._wanted(order, cache), folder)
            files = _bundle.seal(folder, options["signing_key"])
        return {**changes_result([change]), "files": files}

    def _order(self, options: Options) -> Order:
        decision = brain.decide({**options, "lock": "", "lock_update": False, "state": "present"}, self._refuse_latest)
        asked = {**GO_OPTIONS, "version": options["versions"], "profile": options["profile"]}
        today = datetime.datetime.now(tz=datetime.timezone.utc).date()
        plan = make_plan(asked, load_pins(), today, lambda *_: None)
        releases = [
            Release(version, platform, **facts)
            for platform in options["platforms"]
            for version, facts in self._releases(plan, platform).items()
        ]
        return Order(decision, plan["sources"], releases)

    @staticmethod
    def _wanted(order: Order, cache: Path) -> list[Path]:
        """Fetch and build everything into the cache; returns what of it belongs into the bundle."""
        found: list[Path] = []
        workshop = controller_workshop({})
        network = Network(open_url, connect_timeout=5, patience=30)
        for release in order.releases:
            archive = Path(obtain(release, order.sources, network, cache / "go").path)
            found += [archive, archive.with_suffix(".json")]
            goos, _dash, goarch = release.platform.partition("-")
            for request in order.decision.requests:
                if goos not in request.built_on_target:
                    need = {"name": request.name, "go_version": release.version, "goos": goos, "goarch": goarch}
                    found.append(workshop.parcel(order.decision.wanted(need)).packed.parent)
        return found

    @staticmethod
    def _releases(plan: dict[str, Any], platform: str) -> dict[str, Any]:
        known = plan["platforms"].get(platform) or {"refused": [platform, "there is no such platform", ""]}
        if "refused" in known:
            name, cause, advice = known["refused"]
            raise WorkstationError("bundle", "Go", name, cause, advice or f"Use {', '.join(plan['platforms'])}")
        releases: dict[str, Any] = known["releases"]
        return releases

    @staticmethod
    def _refuse_latest() -> Any:
        advice = "Name an exact version; a bundle is made of pinned releases"
        raise WorkstationError("bundle", "tool", "latest", "what is newest changes from day to day", advice)
