# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""go_sdk disturbed at every system call that changes the filesystem, in every operation; no sampling.

Cases: ``kill/OPERATION/N`` (SIGKILL at the N-th such call), ``ENOSPC/OPERATION/N`` and ``EIO/OPERATION/N`` (that call
fails), ``powercut/OPERATION`` (unsynced writes are lost, at every point) and ``control/all`` (each line that syncs or
renames is taken out in turn, and must be missed). The releases are synthetic: a real tree has 50,000 such calls, of
a dozen kinds.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "tools"))

from ansible.plugins.loader import init_plugin_loader  # noqa: E402

init_plugin_loader([str(TESTS.parent / "collections")])

from sdk.faults import Campaign  # noqa: E402
from sdk.mirror import Mirror  # noqa: E402
from sdk.operations import OPERATIONS  # noqa: E402
from sdk.powercut import PowerCut, missed  # noqa: E402


def folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="go_sdk-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None)


def cases() -> list[str]:
    found = []
    for name, operation in OPERATIONS.items():
        with Mirror() as mirror, folder() as home:
            campaign = Campaign(operation, Path(home), mirror)
            points = {"kill": campaign.kills(), "ENOSPC": campaign.errors("ENOSPC"), "EIO": campaign.errors("EIO")}
            found += [f"{kind}/{name}/{at}" for kind, some in points.items() for at in range(len(some))]
        found.append(f"powercut/{name}")
    return [*found, "control/all"]


def run(case: str) -> str:
    kind, name, *at = case.split("/")
    with Mirror() as mirror, folder() as home:
        if kind == "control":
            return ", ".join(missed(OPERATIONS.values(), Path(home), mirror))
        operation = OPERATIONS[name]
        if kind == "powercut":
            cut = PowerCut(operation, Path(home), mirror)
            return cut.first_problem(cut.acts)
        campaign = Campaign(operation, Path(home), mirror)
        points = campaign.kills() if kind == "kill" else campaign.errors(kind)
        point = points[int(at[0])]
        return campaign.killed_at(point) if kind == "kill" else campaign.failed_at(point, kind)


def main(words: list[str]) -> int:
    if words[:1] == ["list"]:
        print("\n".join(cases()))
        return 0
    for case in words[1:]:
        try:
            why = run(case)
        except (AssertionError, OSError, ValueError) as error:
            why = f"{type(error).__name__} {error}"
        print(f"fail {case} {' '.join(why.split())}" if why else f"ok {case}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
