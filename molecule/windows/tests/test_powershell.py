# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job by PowerShell itself, where PowerShell 7 for Windows is given; it has not run yet."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from wine import DRIVE, RUNTIME, Windows  # type: ignore[import-not-found]

ROOT = Path(os.environ["MOLECULE_PROJECT_DIRECTORY"])
# One of its three streams has to be a terminal, or it ends without having done anything.
STARTER = """in=$(mktemp) out=$(mktemp) && cat > "$in"
words= ; for word in "$@"; do words="$words '$word'"; done
script -qec "wine 'C:\\pwsh\\pwsh.exe' $words < $in > $out" /dev/null </dev/null >/dev/null 2>&1
status=$? ; cat "$out"; rm -f "$in" "$out"; exit $status
"""


@pytest.fixture(name="laptop")
def served(windows: Windows) -> Iterator[dict[str, Any]]:
    """How a laptop with PowerShell under Wine is reached: WinRM's endpoint stands on this side."""
    given = os.environ.get("PWSH_WIN")
    if not given:
        pytest.skip("PWSH_WIN names no folder with PowerShell 7 for Windows: the PowerShell halves have not run")
    copied = windows.podman("cp", given, f"{windows.container}:{DRIVE}/pwsh")
    assert copied.returncode == 0, copied.stderr
    windows.write(r"C:\pwsh.sh", STARTER.encode())
    sys.path.insert(0, str(ROOT / "tests" / "tools"))
    endpoint = importlib.import_module("windows.winrm_endpoint").Endpoint

    def start(words: Sequence[str]) -> list[str]:
        place = ["--interactive", "--user", "dev", *RUNTIME, windows.container]
        return ["podman", "exec", *place, "sh", f"{DRIVE}/pwsh.sh", *words[1:]]

    with endpoint(start, "dev", "hunter2") as server:
        yield {
            "ansible_connection": "winrm",
            "ansible_host": "127.0.0.1",
            "ansible_user": "dev",
            "ansible_port": server.server_address[1],
            "ansible_winrm_scheme": "http",
            "ansible_winrm_transport": "basic",
            "ansible_password": "hunter2",
            "ansible_pwsh_interpreter": "pwsh",
        }


def play(inventory: Path, name: str, *more: str) -> str:
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(inventory), *more]
    done = subprocess.run(
        [*command, str(ROOT / "playbooks" / f"{name}.yml")],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"), "ANSIBLE_CONFIG": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_main_job_by_powershell(laptop: dict[str, Any], tmp_path: Path) -> None:
    """Check, converge, idempotence, doctor and uninstall."""
    inventory = tmp_path / "inventory.json"
    inventory.write_text(json.dumps({"all": {"hosts": {"laptop": laptop}}}), encoding="utf-8")
    play(inventory, "golang_dev", "--check")
    play(inventory, "golang_dev")
    assert "changed=0" in play(inventory, "golang_dev")
    play(inventory, "doctor")
    play(inventory, "uninstall")
