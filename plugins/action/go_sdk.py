# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``go_sdk`` on the controller: what the version means and what proves it is decided here, for every platform."""

from __future__ import annotations

import datetime
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_sdk import SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._pins import load_pins, load_services
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._plan import make_plan
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._resolve import refuse_numbers
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._sumdb import look_up


class ActionModule(WorkstationAction):
    capability = "go_sdk"
    spec = SPEC

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        self._raw_version = [self._task.args.get("version"), self._task.args.get("active")]
        return super().run(tmp, task_vars)

    def decide(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        for given in self._raw_version:
            refuse_numbers(given)
        if options["version_file"]:
            options["version_file"] = self._find_needle("files", options["version_file"])
        services = load_services(options["profile"])

        def fetch(version: str, platform: str) -> str | None:
            return look_up(version, platform, services)

        today = datetime.datetime.now(tz=datetime.timezone.utc).date()
        return make_plan(options, load_pins(), today, fetch)
