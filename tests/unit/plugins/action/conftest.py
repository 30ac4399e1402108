# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows halves are played here, so what they answer is held against the page of the real one, in every test."""

from __future__ import annotations

from typing import Any

import pytest
from docsite import returned

from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction


@pytest.fixture(autouse=True)
def held_against_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    execute = WorkstationAction.execute

    def held(
        self: WorkstationAction, arguments: dict[str, Any], task_vars: dict[str, Any], half: str = ""
    ) -> dict[str, Any]:
        answer = execute(self, arguments, task_vars, half)
        if self.on_windows:
            assert returned.of_half(half or f"win_{self.capability}", answer) == []
        return answer

    monkeypatch.setattr(WorkstationAction, "execute", held)
