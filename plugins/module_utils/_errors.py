# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the one family of errors that utilities raise, on the target and on the controller.

Only ``main()`` of a module and ``run()`` of an action plugin turn them into a failure.
"""

from __future__ import annotations

from typing import Any


class WorkstationError(Exception):
    """Something could not be done; says which thing, why, and what to do.

    ``details`` become further keys of the failed result (``rc``, ``stderr``, ``line`` ...).
    """

    def __init__(self, verb: str, kind: str, name: str, cause: str, advice: str = "", **details: Any) -> None:
        self.verb, self.kind, self.name = verb, kind, name
        self.cause, self.advice, self.details = cause, advice, details
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """``Cannot <verb> <kind> '<name>': <cause>. <What to do>.``"""
        sentences = [f"Cannot {self.verb} {self.kind} '{self.name}': {self.cause}", self.advice]
        return " ".join(text if text.endswith((".", "!", "?")) else text + "." for text in sentences if text)

    def as_failure(self) -> dict[str, Any]:
        """The keys of a failed Ansible result."""
        return {**self.details, "failed": True, "msg": self.message}
