# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The doctor on real machines: every fault, the well variations, two faults at once, what it mends, fresh hosts.

A case is ``fault/N-ID``, ``well/N``, ``pair/A+B``, ``mend/N-ID``, ``fresh/SUITE-SCOPE`` or ``matrix``.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "integration" / "go_doctor"), str(ROOT / "collections")]
sys.path.append(str(ROOT / "tests" / "tools"))

from docs_doctor import NOT_MENDED  # type: ignore[import-not-found,unused-ignore]  # noqa: E402
from faults import FAULTS, VARIATIONS, Fault  # type: ignore[import-not-found]  # noqa: E402
from fresh import SCOPES, SUITES, fresh  # type: ignore[import-not-found]  # noqa: E402
from material import prepared  # type: ignore[import-not-found]  # noqa: E402
from mend import BY_HAND, fixable, mend  # type: ignore[import-not-found]  # noqa: E402
from pairs import pairs  # type: ignore[import-not-found]  # noqa: E402
from run import examine, two  # type: ignore[import-not-found]  # noqa: E402

JOBS = 2
MATRIX = [sys.executable, str(ROOT / "tests" / "tools" / "docs_doctor.py"), "--check"]
Answer = tuple[str, bool, str]


def mendable(fault: Fault) -> bool:
    return fault.id in fixable() and fault.id not in NOT_MENDED and (fault.id, fault.name) not in BY_HAND


def cases() -> list[str]:
    return [
        "matrix",
        *(f"fault/{number}-{fault.id}" for number, fault in enumerate(FAULTS)),
        *(f"well/{number}" for number in range(len(VARIATIONS))),
        *(f"pair/{name}" for name in pairs()),
        *(f"mend/{number}-{fault.id}" for number, fault in enumerate(FAULTS) if mendable(fault)),
        *(f"fresh/{suite}-{scope}" for suite in SUITES for scope in SCOPES),
    ]


def answer(case: str, volumes: list[str], image: str) -> Answer:
    kind, _slash, name = case.partition("/")
    number = name.partition("-")[0]
    kinds: dict[str, Callable[[], Answer]] = {
        "matrix": matrix,
        "fault": lambda: examine(FAULTS[int(number)], volumes, image, full=True),
        "well": lambda: examine(VARIATIONS[int(number)], volumes, image, full=True),
        "pair": lambda: two(*pairs()[name], volumes, image),
        "mend": lambda: mend(FAULTS[int(number)], volumes, image),
        "fresh": lambda: fresh(*name.split("-")),
    }
    try:
        return kinds[kind]()
    except (OSError, RuntimeError, ValueError, subprocess.SubprocessError) as error:
        return case, False, f"{type(error).__name__}: {error}"


def matrix() -> Answer:
    done = subprocess.run(MATRIX, capture_output=True, text=True, check=False)
    return "matrix", done.returncode == 0, done.stdout


def run(wanted: list[str]) -> Iterator[tuple[str, Answer]]:
    with prepared() as (_material, volumes, image), ThreadPoolExecutor(JOBS) as pool:
        yield from zip(wanted, pool.map(lambda case: answer(case, volumes, image), wanted), strict=True)


def main(words: list[str]) -> int:
    if words[:1] == ["list"]:
        print("\n".join(cases()))
        return 0
    for case, (_label, good, says) in run(words[1:]):
        print(f"ok {case}" if good else f"fail {case} {' '.join(says.split())[:600]}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
