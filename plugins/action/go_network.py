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

    def act(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        return self._on_windows(options, task_vars) if self.on_windows else super().act(options, task_vars)

    def _on_windows(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Profiles are variables, which go_env writes; nothing of this touches the host, so nothing is to take back."""
        for name, where in (("certificates", "Windows' own store"), ("credentials", r"%USERPROFILE%\_netrc")):
            if options[name] and options["state"] == "present":
                cause = "go_network does not write it on Windows yet"
                raise WorkstationError(
                    "use", "option", name, cause, f"Put them into {where} yourself, and leave it out"
                )
        decided = self.decide(options, task_vars)
        network = {"profile": options["profile"], "certificates": [], "netrc": {"file": "", "machines": []}}
        network |= {name: decided[name] for name in ("variables", "environment")}
        return {"changed": False, "changes": [], "network": network}

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
