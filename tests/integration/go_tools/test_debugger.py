# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dlv that go_tools installs stops a program at a breakpoint, asked as an editor asks: over DAP."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import real_go
from developer import Account  # type: ignore[import-not-found]

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools import catalog

ROOT = Path(__file__).resolve().parents[3]


def test_a_breakpoint_is_set_and_hit(account: Account, tmp_path: Path) -> None:
    account.environment = {"GOCACHE": str(real_go.CACHE / "build"), "GOMODCACHE": str(real_go.CACHE / "mod")}
    (request,) = catalog.understand([{"name": "dlv"}], catalog.load())
    try:
        account(request.as_plan())
    except WorkstationError as error:
        if "cannot be reached" in error.message:
            pytest.skip(f"dlv cannot be fetched: {error.message}")
        raise
    environment = {
        **os.environ,
        **account.environment,
        "HOME": str(account.home),
        "GOFLAGS": "",
        "GOTOOLCHAIN": "local",
    }
    program = shutil.copytree(Path(__file__).parent / "program", tmp_path / "program")
    command = [ROOT / ".github" / "scripts" / "breakpoint.sh", account.go, account.bin / "dlv", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    answer = json.loads(done.stdout)
    assert {key: answer[key] for key in ("reason", "line", "function", "value")} == {
        "reason": "breakpoint",
        "line": 13,
        "function": "main.main",
        "value": "10",
    }
