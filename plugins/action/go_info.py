# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gathers facts for the account that the connection runs as. Documented in ``plugins/modules/go_info.py``."""

from __future__ import annotations

from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_info import SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._windows import asking, facts


class ActionModule(WorkstationAction):
    capability = "go_info"
    spec = SPEC
    has_windows_half = True

    def act(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if not self.on_windows:
            return super().act(options, task_vars)
        looked = self.execute(asking(options, ""), task_vars)
        return looked if looked.get("failed") else {"changed": False, "changes": [], "info": facts(looked["seen"])}
