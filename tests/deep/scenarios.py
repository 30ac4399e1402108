# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every Molecule scenario and every folder of tests/integration that the gate only samples, one after the other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

from dev.gates import integration, molecule  # noqa: E402


def cases() -> list[str]:
    """What the gate leaves out, as the words behind ``./dev test``."""
    return [
        *(f"molecule:{name}" for name in molecule.scenarios() if name not in molecule.IN_GATE),
        *(f"integration:{folder.name}" for folder in integration.folders() if folder.name not in integration.IN_GATE),
    ]


def main(words: list[str]) -> int:
    if words[:1] == ["list"]:
        print("\n".join(cases()))
        return 0
    for case in words[1:]:
        done = subprocess.run(
            [str(ROOT / "dev"), "test", *case.split(":")], check=False, capture_output=True, text=True
        )
        print(f"ok {case}" if done.returncode == 0 else f"fail {case} {done.stdout[-200:]!r}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
