# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each chapter of the fleet's story on sixty containers with sshd; ``FLEET_HOSTS`` is another number of them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STORY = ROOT / "tests" / "integration" / "fleet" / "test_story.py"


def cases() -> list[str]:
    return re.findall(r"^def (test_\w+)", STORY.read_text(encoding="utf-8"), re.MULTILINE)


def run(case: str) -> str:
    """Nothing when it held; else what pytest said at its end."""
    env = {"FLEET_HOSTS": "60", **os.environ}
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", f"{STORY}::{case}"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else " ".join(done.stdout[-600:].split())


def main(words: list[str]) -> int:
    if words[:1] == ["list"]:
        print("\n".join(cases()))
        return 0
    for case in words[1:]:
        trouble = run(case)
        print(f"fail {case} {trouble}" if trouble else f"ok {case}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
