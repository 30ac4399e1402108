# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides which releases ``go_tools`` installs. Documented in ``plugins/modules/go_tools.py``."""

from __future__ import annotations

from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_tools import SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools import catalog


class ActionModule(WorkstationAction):
    capability = "go_tools"
    spec = SPEC

    def decide(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        requests = catalog.understand(options["tools"], catalog.load())
        return {"tools": [request.as_plan() for request in requests]}
