# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of the brain and of the engines the unit tests run through, branches counted: a figure and a floor for each.

go_sdk's engine is tried on real archives and servers, in process, without a container: those tests count among them.
What runs in processes that tests start is counted too. The floors are what was reached; they only go up.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import ran  # noqa: E402

FLOORS = {"plugin_utils": 96.0, "module_utils": 95.5}
LOWEST = 5


def percent(summaries: Iterable[Mapping[str, Any]]) -> float:
    """Lines and branches together, as coverage counts them."""
    found = list(summaries)
    covered: int = sum(one["covered_lines"] + one["covered_branches"] for one in found)
    counted: int = sum(one["num_statements"] + one["num_branches"] for one in found)
    return 100 * covered / max(1, counted)


def told(layer: str, files: Mapping[str, Any]) -> str:
    """The result of one layer: its figure, and where most is missing."""
    mine = {name: one["summary"] for name, one in files.items() if f"plugins/{layer}/" in name}
    missing = {name: one["missing_lines"] + one["missing_branches"] for name, one in mine.items()}
    worst = sorted(missing, key=lambda name: -missing[name])[:LOWEST]
    listed = ", ".join(f"{name.split(f'{layer}/')[1]} {percent([mine[name]]):.0f} %" for name in worst if missing[name])
    reached = percent(mine.values())
    word = "ok" if reached >= FLOORS[layer] else "fail"
    return f"{word} {layer} {reached:.1f} % of lines and branches (floor {FLOORS[layer]}); most is missing in {listed}"


def main(words: list[str]) -> int:
    if words[:1] == ["list"]:
        print("\n".join(FLOORS))
        return 0
    with tempfile.TemporaryDirectory(prefix="gopherops-coverage-") as folder:
        files = ran.measure(ROOT, Path(folder))["files"]
    for layer in words[1:]:
        print(told(layer, files), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
