# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``go_sdk`` on the controller: what the version means and what proves it is decided here, for every platform."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from functools import partial
from typing import Any

from ansible.module_utils.urls import open_url

from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._network import Network
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._pin import Release
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_sdk import SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._delivery import brought
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._pins import (
    load_pins,
    load_services,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._plan import make_plan
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._resolve import refuse_numbers
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._sumdb import look_up
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._windows_run import run


class ActionModule(WorkstationAction):
    capability = "go_sdk"
    spec = SPEC
    has_windows_half = True

    def act(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        # Validation has made text of everything: only the task's own arguments still show a number.
        for name in ("version", "active"):
            refuse_numbers(self._task.args.get(name))
        if options["version_file"]:
            options["version_file"] = self._find_needle("files", options["version_file"])
        services = load_services(options["profile"])
        today = datetime.datetime.now(tz=datetime.timezone.utc).date()
        plan = make_plan(options, load_pins(), today, lambda version, platform: look_up(version, platform, services))
        if self.on_windows:
            return self._on_windows(options, plan, task_vars)
        if options["delivery"] == "controller" and not self._task.check_mode:
            return self._deliver(options, plan, task_vars)
        return self._finish(options, plan, task_vars)

    def _deliver(self, options: dict[str, Any], plan: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Ask the host what it lacks, bring exactly that, and let it install."""
        survey = self.execute({**options, "_plan": {**plan, "survey": True}}, task_vars)
        if survey.get("failed") or not survey.get("changed"):
            return self._without_missing(survey)
        platform = survey["sdk"]["platform"]
        releases, bring = plan["platforms"][platform]["releases"], self._bringer(options, plan)
        sources = [bring(Release(version, platform, **releases[version])) for version in survey["missing"]]
        return self._finish(options, {**plan, "sources": sources}, task_vars)

    def _bringer(self, options: dict[str, Any], plan: dict[str, Any]) -> Callable[[Release], dict[str, str]]:
        """One network for all releases: it remembers the hosts that do not answer."""
        network = Network.of(open_url, options)
        return lambda release: brought(release, plan["sources"], network, self._bring)

    def _on_windows(self, options: dict[str, Any], plan: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        given = {name: self._as_given(name, options[name]) for name in ("root", "link")}
        execute, bring = partial(self.execute, task_vars=task_vars), self._bringer(options, plan)
        try:
            return run({**options, **given}, plan, execute, bring, check=self._task.check_mode)
        finally:
            self._clean()

    def _bring(self, path: str) -> str:
        shell = self._connection._shell
        if not shell.tmpdir:
            self._make_tmp_path()
        remote: str = shell.join_path(shell.tmpdir, os.path.basename(path))
        self._transfer_file(path, remote)
        self._fixup_perms2((shell.tmpdir, remote))
        return remote

    def _finish(self, options: dict[str, Any], plan: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._without_missing(self.execute({**options, "_plan": plan}, task_vars))
        finally:
            self._clean()

    def _clean(self) -> None:
        if self._connection._shell.tmpdir:
            self._remove_tmp_path(self._connection._shell.tmpdir)

    @staticmethod
    def _without_missing(result: dict[str, Any]) -> dict[str, Any]:
        result.pop("missing", None)
        return result
