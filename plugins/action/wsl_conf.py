# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hands over to the target half. Documented in ``plugins/modules/wsl_conf.py``."""

from __future__ import annotations

from ansible_collections.gopherops.workstation.plugins.module_utils._spec.wsl_conf import SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction


class ActionModule(WorkstationAction):
    capability = "wsl_conf"
    spec = SPEC
