# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""20,000 damaged programs through the build info parser: no crash, no hang, at most 64 MiB of memory more.

A case is one genuine program and a block of a hundred seeds; the gate runs 70 seeds of three programs (tests/unit).
"""

from __future__ import annotations

import lzma
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
BLOCK, BLOCKS = 100, 20
PROGRAMS = (
    "go1.21.13-linux-amd64",
    "go1.27.4-linux-amd64-stripped",
    "go1.27.4-linux-s390x",
    "go1.27.4-linux-386",
    "go1.21.13-darwin-amd64",
    "go1.27.4-darwin-arm64",
    "go1.21.13-windows-amd64",
    "go1.27.4-windows-arm64",
    "go1.27.4-windows-386",
    "go1.24.13-linux-amd64-pie",
)
LONGEST, MEMORY = 2.0, 64 << 10  # seconds of the processor, which others may be using too; KiB


def run(cases: list[str]) -> None:
    sys.path[:0] = [str(TESTS.parent / "collections"), str(TESTS / "unit" / "plugins" / "module_utils")]
    from test__buildinfo import FIXTURES, mutated  # type: ignore[import-not-found]  # noqa: PLC0415

    from ansible_collections.gopherops.workstation.plugins.module_utils._buildinfo import (  # noqa: PLC0415
        BuildInfoError,
        read_buildinfo,
    )

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "damaged")
        for case in cases:
            name, _colon, block = case.rpartition(":")
            data = lzma.decompress((FIXTURES / f"{name}.xz").read_bytes())
            before, fault = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, ""
            for seed in range(int(block) * BLOCK, (int(block) + 1) * BLOCK):
                path.write_bytes(mutated(data, random.Random(f"{name} {seed}")))
                began = time.process_time()
                try:
                    read_buildinfo(str(path))
                except BuildInfoError:
                    pass
                except Exception as error:
                    fault = f"seed {seed}: {type(error).__name__}: {error}"
                if time.process_time() - began > LONGEST:
                    fault = f"seed {seed}: took {time.process_time() - began:.1f} s"
            if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before > MEMORY:
                fault = "more than 64 MiB"
            print(f"fail {case} {fault}" if fault else f"ok {case}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["list"]:
        print("\n".join(f"{name}:{block}" for name in PROGRAMS for block in range(BLOCKS)))
    else:
        run(sys.argv[2:])
