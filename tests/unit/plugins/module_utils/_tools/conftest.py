# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account with a Go."""

from __future__ import annotations

from pathlib import Path

import pytest
from tool_bench import Bench  # type: ignore[import-not-found]  # beside this file


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    home = tmp_path / "home"
    home.mkdir()
    account = Bench(home)
    account.use_go("1.27.4")
    return account
