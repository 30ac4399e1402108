# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""100,000 generated JSONC files, each with a set, an insertion, a removal and a run of edits, against VS Code's parser.

A case is a block of a thousand seeds; the gate runs the first five thousand seeds (tests/integration/vscode).
"""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
FILES, BLOCK = 100_000, 1000


def run(cases: list[str]) -> None:
    sys.path[:0] = [str(TESTS / "tools"), str(TESTS.parent / "collections")]
    from vscode.checks import check_seed  # noqa: PLC0415  # needs the path above
    from vscode.node import Oracle, UnavailableError  # noqa: PLC0415

    try:
        with Oracle() as oracle:
            for case in cases:
                seed = first = int(case)
                try:
                    for seed in range(first, first + BLOCK):
                        check_seed(seed, oracle)
                    print(f"ok {case}", flush=True)
                except AssertionError as error:
                    print(f"fail {case} seed {seed}: {str(error).splitlines()[0]}", flush=True)
    except UnavailableError as missing:
        for case in cases:
            print(f"skip {case} {missing}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["list"]:
        print("\n".join(str(first) for first in range(0, FILES, BLOCK)))
    else:
        run(sys.argv[2:])
