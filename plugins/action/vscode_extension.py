# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads packages that lie on the controller, and sends only those that a host turns out to need.

Documented in ``plugins/modules/vscode_extension.py``.
"""

from __future__ import annotations

import os
from functools import partial
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.vscode_extension import SPEC
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._homes import is_local, is_url
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._vsix import inspect
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction
from ansible_collections.gopherops.workstation.plugins.plugin_utils._settings._tables import table
from ansible_collections.gopherops.workstation.plugins.plugin_utils._settings._windows_extensions import Carrier, run


class ActionModule(WorkstationAction):
    capability = "vscode_extension"
    spec = SPEC
    has_windows_half = True

    def act(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        sources: dict[str, str] = {}
        extensions = [self._understood(one, sources) for one in options["extensions"]]
        plan = {"products": table("vscode_products")["products"], "files": {}}
        if self.on_windows:
            carrier = Carrier(partial(self.execute, task_vars=task_vars), sources, self._send, self._room)
            wishes = {**options, "extensions": extensions}
            return run(wishes, plan["products"], carrier, check=self._task.check_mode)
        arguments = {**options, "extensions": extensions, "_plan": plan}
        result = self.execute(arguments, task_vars)
        needs = result.pop("needs", [])
        if needs:
            # Named by extension: several may lie in folders of their own under one file name.
            plan["files"] = {name: self._send(sources[name], f"{name}.vsix") for name in needs}
            result = self.execute(arguments, task_vars)
        return result

    def _understood(self, one: dict[str, Any], sources: dict[str, str]) -> dict[str, Any]:
        """An extension with what its package on the controller says; wrong packages are refused before any host is."""
        if one["vsix"] and is_url(one["vsix"]) and not one["sha256"]:
            raise WorkstationError(
                "install", "extension", one["name"], "a URL without its SHA-256 proves nothing", "Give sha256"
            )
        if not is_local(one) or one["state"] == "absent":
            return one
        try:
            path = self._find_needle("files", os.path.expanduser(one["vsix"]))
        except AnsibleError as error:
            raise WorkstationError(
                "find", "extension package", one["vsix"], "the controller has no such file", "Correct vsix"
            ) from error
        package = inspect(path)
        wrong = [
            f"{what} {given!r}, not {found!r}"
            for what, given, found in (
                ("name", one["name"].lower(), package.name),
                ("version", one["version"], package.version),
                ("sha256", (one["sha256"] or "").lower(), package.sha256),
            )
            if given and given != found
        ]
        if wrong:
            raise WorkstationError("use", "extension package", path, "it was asked for " + ", ".join(wrong), "Mend one")
        sources[one["name"]] = path
        return {**one, "version": package.version, "sha256": package.sha256}

    def _send(self, path: str, name: str = "") -> str:
        remote: str = self._transfer_file(path, self._room(name or os.path.basename(path)))
        self._fixup_perms2((self._connection._shell.tmpdir, remote))
        return remote

    def _room(self, name: str) -> str:
        """The path of a file in the task's temporary folder on the host."""
        if self._connection._shell.tmpdir is None:
            self._make_tmp_path()
        path: str = self._connection._shell.join_path(self._connection._shell.tmpdir, name)
        return path
