# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides which releases ``go_tools`` installs. Documented in ``plugins/modules/go_tools.py``."""

from __future__ import annotations

import os
from functools import partial
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_tools import SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction
from ansible_collections.gopherops.workstation.plugins.plugin_utils._controller import alone, cache_dir
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools import fetch, lockfile, windows
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.brain import Decision, decide
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.proxy import Proxies
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.workshop import Parcel, controller_workshop


class ActionModule(WorkstationAction):
    capability = "go_tools"
    spec = SPEC
    has_windows_half = True

    def act(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if options["lock"]:
            options["lock"] = self._loader.path_dwim(options["lock"])
        decision = decide(options, partial(self._proxies, options))
        plan = decision.plan()
        if self.on_windows:
            result = self._on_windows(options, decision, task_vars)
        elif options["delivery"] == "controller" and options["state"] == "present":
            result = self._delivered(options, plan, decision, task_vars)
        else:
            result = self.execute({**options, "_plan": plan}, task_vars)
        if options["lock"] and options["state"] == "present" and not result.get("failed"):
            self._keep_lock(options["lock"], decision, result)
        return result

    def _proxies(self, options: dict[str, Any]) -> Proxies:
        goproxy = options["environment"].get("GOPROXY") or os.environ.get("GOPROXY") or fetch.default_goproxy()
        memory = cache_dir(os.environ) / "proxy"
        return Proxies.of(goproxy, fetch.remembered(fetch.over_network, memory))

    def _delivered(
        self, options: dict[str, Any], plan: dict[str, Any], decision: Decision, task_vars: dict[str, Any]
    ) -> dict[str, Any]:
        """Ask the target what it lacks; build or find just that; send it."""
        result = self.execute({**options, "_plan": {**plan, "ask": True}}, task_vars)
        if not result.get("needs"):
            return result
        workshop = controller_workshop(options["environment"])
        parcels = {need["name"]: workshop.parcel(decision.wanted(need)) for need in result["needs"]}
        folder = self._make_tmp_path()
        try:
            delivered = {}
            for name, parcel in parcels.items():
                remote = self._connection._shell.join_path(folder, f"{name}.gz")
                self._transfer_file(str(parcel.packed), remote)
                delivered[name] = {"file": remote, "sha256": parcel.sha256}
            self._fixup_perms2([folder, *(parcel["file"] for parcel in delivered.values())])
            result = self.execute({**options, "_plan": {**plan, "delivered": delivered}}, task_vars)
            warnings = [text for parcel in parcels.values() for text in parcel.warnings]
            return {**result, "warnings": [*result.get("warnings", []), *warnings]}
        finally:
            self._remove_tmp_path(folder, force=True)

    def _on_windows(self, options: dict[str, Any], decision: Decision, task_vars: dict[str, Any]) -> dict[str, Any]:
        host = windows.Host(partial(self.execute, task_vars=task_vars), self._send)
        try:
            return windows.run(
                options,
                decision,
                host,
                partial(controller_workshop, options["environment"]),
                check=self._task.check_mode,
            )
        finally:
            if self._connection._shell.tmpdir:
                self._remove_tmp_path(self._connection._shell.tmpdir, force=True)

    def _send(self, name: str, parcel: Parcel) -> str:
        folder = self._connection._shell.tmpdir or self._make_tmp_path()
        remote: str = self._connection._shell.join_path(folder, f"{name}.gz")
        self._transfer_file(str(parcel.packed), remote)
        return remote

    def _keep_lock(self, path: str, decision: Decision, result: dict[str, Any]) -> None:
        """Write what was installed; in check mode refuse when the file that the team checked in would change."""
        with alone(cache_dir(os.environ) / "lockfile.lock"):
            before = lockfile.read(path)
            after = lockfile.merged(decision.requests, result.get("tools", []), before or {})
            result["lock"] = {"path": path, "act": "ok" if after == before else "create" if before is None else "edit"}
            if after == before:
                return
            if self._task.check_mode and before is not None:
                raise lockfile.drift(path, before, after)
            if not self._task.check_mode:
                lockfile.write(path, lockfile.written(after))
