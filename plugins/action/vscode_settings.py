# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks settings against what the Go extension and gopls know, then edits the files in one round trip.

Documented in ``plugins/modules/vscode_settings.py``.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ansible.utils.display import Display

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._policy import POLICIES
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.vscode_settings import SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction
from ansible_collections.gopherops.workstation.plugins.plugin_utils._settings._check import Checker
from ansible_collections.gopherops.workstation.plugins.plugin_utils._settings._tables import table
from ansible_collections.gopherops.workstation.plugins.plugin_utils._settings._windows import run

display = Display()

# Of an account, an editor reads no other files; the machine folder of a server holds nothing but settings.
# https://github.com/microsoft/vscode/blob/main/src/vs/workbench/services/configuration/browser/configuration.ts
_READ: dict[str, tuple[str, ...]] = {
    "user": ("settings", "tasks"),
    "profile": ("settings", "tasks"),
    "machine": ("settings",),
}


class ActionModule(WorkstationAction):
    capability = "vscode_settings"
    spec = SPEC
    has_windows_half = True

    def act(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if not self.on_windows:
            return super().act(options, task_vars)
        plan, execute = self.decide(options, task_vars), partial(self.execute, task_vars=task_vars)
        return run(options, plan, execute, check=self._task.check_mode)

    def decide(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        _check_policies(options["policies"])
        _check_documents(options["targets"])
        checker = Checker(table("vscode_go_settings"), table("gopls_settings"))
        if options["state"] == "present":
            self._warn_or_fail(_problems(checker, options), options["strict"])
        return {
            "products": table("vscode_products")["products"],
            "obsolete": {} if options["obsolete"] == "ignore" else checker.obsolete(),
            "remove_obsolete": options["obsolete"] == "remove",
        }

    @staticmethod
    def _warn_or_fail(problems: list[str], strict: bool) -> None:
        if problems and strict:
            raise WorkstationError(
                "accept",
                "settings",
                f"{len(problems)} wrong",
                "; ".join(problems),
                "Correct them, or set strict: false to have warnings instead",
            )
        for problem in problems:
            display.warning(f"vscode_settings: {problem}.")


def _problems(checker: Checker, options: dict[str, Any]) -> list[str]:
    policies = options["policies"]
    kinds = [target["kind"] for target in options["targets"] if target["document"] == "settings"]
    if not kinds:
        return []
    wanted = {
        key: value
        for key, value in options["settings"].items()
        if policies.get(key) not in {"absent", "take_back", "list_add", "list_remove", "list_merge"}
    }
    return checker.problems(wanted, kinds)


def _check_policies(policies: dict[str, Any]) -> None:
    for key, policy in policies.items():
        if policy not in POLICIES:
            raise WorkstationError(
                "use",
                "policy",
                str(policy),
                f"it is given for {key}, and the policies are {', '.join(POLICIES)}",
                "Correct policies",
            )


def _check_documents(targets: list[dict[str, Any]]) -> None:
    for target in targets:
        kind, document = target["kind"], target["document"]
        read = _READ.get(kind, (document,))
        if document not in read:
            raise WorkstationError(
                "edit",
                "document",
                document,
                f"of the kind {kind} an editor reads only {' and '.join(read)}",
                "Use the kind workspace, or leave the document out",
            )
