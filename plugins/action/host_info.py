# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the host what it is; Windows answers by its connection alone. Documented in ``plugins/modules/host_info.py``."""

from __future__ import annotations

from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._spec.host_info import SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction


class ActionModule(WorkstationAction):
    capability = "host_info"
    spec = SPEC

    def act(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if not self.on_windows:
            return super().act(options, task_vars)
        host = {"system": "windows", "container": "", "why": ["the connection speaks PowerShell"]}
        return {"changed": False, "changes": [], "host": {**host, "linux": {}, "wsl": {}, "macos": {}}}
