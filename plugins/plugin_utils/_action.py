# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what every action plugin of this collection has in common.

One public name per capability, no operating system in it: the action validates the options, lets the controller's
brain decide, and runs the target half, the Python module ``X`` or the PowerShell module ``win_X``.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, ClassVar

from ansible.module_utils.common.validation import check_type_path
from ansible.plugins.action import ActionBase

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

COLLECTION = "gopherops.workstation"


class WorkstationAction(ActionBase):  # type: ignore[misc]  # ansible-core ships no type information
    """Template for the actions: subclasses name their capability, their options and what they decide."""

    capability: ClassVar[str]
    spec: ClassVar[dict[str, Any]]
    """Keyword arguments for ``validate_argument_spec``: ``argument_spec``, ``required_if`` ..."""
    has_windows_half: ClassVar[bool] = False

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False
    _requires_connection = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        self._load_name = f"{COLLECTION}.{self.capability}"  # for ansible-core's own messages on options
        try:
            # A copy: the validator fills in the suboptions of a default where it stands, in the spec itself.
            options: dict[str, Any] = self.validate_argument_spec(**deepcopy(self.spec))[1]
            result.update(self.act(options, task_vars or {}))
        except WorkstationError as error:
            result.update(error.as_failure())
        if not self._task.diff:
            # Here for all, on every system: the halves say the difference in any case.
            result.pop("diff", None)
        return result

    def act(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Decide and execute, in one round trip. Override where the target must be read first."""
        plan = self.decide(options, task_vars)
        return self.execute({**options, "_plan": plan} if plan else options, task_vars)

    def decide(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """What the target half needs to know beyond the options; raises ``WorkstationError`` to refuse."""
        return {}

    @property
    def on_windows(self) -> bool:
        """Whether the connection's shell is PowerShell, so the target half is ``win_X``."""
        return bool(getattr(self._connection._shell, "_IS_WINDOWS", False))

    def execute(self, arguments: dict[str, Any], task_vars: dict[str, Any], half: str = "") -> dict[str, Any]:
        """Run the target half with these arguments and return its result; ``half``: another one than this action's."""
        if self.on_windows and not self.has_windows_half:
            raise WorkstationError(
                "run",
                "module",
                self.capability,
                "its Windows half is not part of this release",
                "Leave this host out (--limit), or use the roles that docs/platforms.md lists for Windows",
            )
        half = half or (f"win_{self.capability}" if self.on_windows else self.capability)
        given = {name: self._as_given(name, value) for name, value in arguments.items() if value is not None}
        result: dict[str, Any] = self._execute_module(
            module_name=f"{COLLECTION}.{half}", module_args=given, task_vars=task_vars
        )
        return result

    def _as_given(self, name: str, value: Any) -> Any:
        """Paths travel as the task named them: validation has expanded ``~`` to the controller's own home."""
        option = self.spec["argument_spec"].get(name, {})
        raw = self._task.args.get(name)
        if option.get("type") == "path" and isinstance(raw, str) and value == check_type_path(raw):
            return raw
        return value
