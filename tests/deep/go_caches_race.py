# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The race of tests/integration/go_caches/race.py, 20,000 tries in twenty blocks, half of them with two
workers. Takes root.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCKS, TRIES = 20, 1000


def main(words: list[str]) -> int:
    if words[:1] == ["list"]:
        print("\n".join(f"block-{number}" for number in range(BLOCKS)))
        return 0
    for case in words[1:]:
        if os.geteuid() != 0:
            print(f"skip {case} changing owners takes root", flush=True)
            continue
        race = ROOT / "tests" / "integration" / "go_caches" / "race.py"
        env = {**os.environ, "PYTHONPATH": str(ROOT / "collections")}
        command = [sys.executable, str(race), str(TRIES), str(1 + int(case.rpartition("-")[2]) % 2)]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        last = (done.stdout + done.stderr).strip().splitlines()[-1:]
        print(f"fail {case} {last}" if done.returncode else f"ok {case}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
