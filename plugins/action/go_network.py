# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides what a network profile means and reads the certificates. Documented in ``plugins/modules/go_network.py``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_network import SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction
from ansible_collections.gopherops.workstation.plugins.plugin_utils._network import plan, services


class ActionModule(WorkstationAction):
    capability = "go_network"
    spec = SPEC

    def decide(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        options["certificates"] = [self._pem(given) for given in options["certificates"]]
        return plan(options, services())

    def _pem(self, given: str) -> str:
        """The text itself, or that of a file beside the playbook, which a vault may keep."""
        if "-----BEGIN" in given:
            return given
        try:
            found = self._find_needle("files", given)
            return Path(self._loader.get_real_file(found)).read_text(encoding="ascii")
        except (AnsibleError, OSError, UnicodeDecodeError) as error:
            raise WorkstationError(
                "read", "certificate", given, str(error).splitlines()[0], "Name a PEM file on the controller"
            ) from error
