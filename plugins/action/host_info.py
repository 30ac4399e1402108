# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the host what it is; on Windows Ansible's facts say it. Documented in ``plugins/modules/host_info.py``."""

from __future__ import annotations

import contextlib
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.host_info import SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils import _floors
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._pins import load_pins
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._resolve import resolve


class ActionModule(WorkstationAction):
    capability = "host_info"
    spec = SPEC

    def act(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if self.on_windows:
            return self._windows(options, task_vars)
        result = super().act(options, task_vars)
        host: dict[str, Any] = result.get("host") or {}
        if host and options["go_version"]:
            platform = "darwin-arm64" if host["system"] == "macos" else "linux-amd64"
            # A version that means nothing is for go_sdk to refuse: it knows all that was said about it.
            with contextlib.suppress(WorkstationError):
                go = resolve(options["go_version"], platform, load_pins(), proved_otherwise=True)
                host["floor"] = _floors.check(host["system"], host["release"], go, _floors.floors())
        return result

    def _windows(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """What it is, the connection has told; who looks, and which Windows, come with Ansible's own facts."""
        asked = {"gather_subset": ["min"]}
        looked = self._execute_module(module_name="ansible.builtin.setup", module_args=asked, task_vars=task_vars)
        if looked.get("failed"):
            return dict(looked)
        facts = looked["ansible_facts"]
        name = str(facts["ansible_user_id"])
        host = {
            "system": "windows",
            "container": "",
            "why": ["the connection speaks PowerShell"],
            "account": {"name": name, "sudo_user": "", "developer": options["developer"] or name, "home": ""},
            "release": "",
            **{part: {} for part in ("floor", "linux", "wsl", "macos")},
        }
        return {"changed": False, "changes": [], "host": host, "ansible_facts": facts}
