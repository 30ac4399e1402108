# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs ``fleet_snapshot`` on the host. Documented in ``plugins/modules/fleet_snapshot.py``."""

from __future__ import annotations

from ansible_collections.gopherops.workstation.plugins.module_utils._spec.fleet_snapshot import SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction


class ActionModule(WorkstationAction):
    capability = "fleet_snapshot"
    spec = SPEC
