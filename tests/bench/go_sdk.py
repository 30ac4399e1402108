# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What go_sdk costs on one container over ssh, as ratios measured in turns in one run.

``first_install_ratio``: against ``curl | tee >(sha256sum) | tar -xz``, a SHA-256 of every file and ``sync -f``, from
the same loopback server. ``noop_ratio``: a task with nothing to do against ``ansible.builtin.ping``.
``verify_full_ratio``: a full look against ``find | xargs sha256sum``. Of every play the time of an empty one is taken
off. ``peak_mib`` is the most memory that the target's Python held. With ``PEER_ROLE`` (a path) and ``PEER_VARS``
(JSON) that role runs on the same host, too. The archive is synthetic: packed from the toolchain module, since
api, doc, misc and test are only in Go's own. Medians of GOPHEROPS_BENCH_RUNS (5) runs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from dev.errors import DevError

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.provision import SERVER, Bench, medians, newest, reached, served

LIMITS = {
    "first_install_ratio": 1.25,
    "peak_mib": 64,
    "noop_ratio": 1.5,
    "verify_full_ratio": 1.5,
    "peer_noop_ratio": 0.5,
    "peer_install_ratio": 0.6,
}
MANY = 10
WRAPPER = """#!/usr/bin/python3
import resource, subprocess, sys
status = subprocess.call(["/usr/bin/python3", *sys.argv[1:]])
with open("/home/dev/peak", "a") as stream:
    stream.write(f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}\\n")
sys.exit(status)
"""


def shell(line: str) -> dict[str, Any]:
    return {"ansible.builtin.shell": {"cmd": f"set -o pipefail; {line}", "executable": "/bin/bash"}}


def timed(bench: Bench, plays: dict[str, Path], *, fresh: bool = False) -> dict[str, float]:
    """Medians, the empty play taken off."""

    def before() -> None:
        if fresh:
            bench.container.need("sh", "-c", "rm -rf ~/sdk && sync")

    every = {"empty": bench.tasks("empty"), **plays}
    runs: dict[str, Callable[[], object]] = {name: partial(bench.play, play) for name, play in every.items()}
    taken = medians(runs, before=before)
    for name, value in taken.items():
        print(f"{name}_seconds {value:.3f} -", flush=True)
    return {name: value - taken["empty"] for name, value in taken.items()}


def figure(name: str, value: float) -> None:
    print(f"{name} {value:.3f} {LIMITS[name]}", flush=True)


def first_install(bench: Bench, version: str, platform: str, sha256: str) -> dict[str, Any]:
    url = f"{SERVER}/dl/go{version}.{platform}.tar.gz"
    by_hand = (
        f"mkdir -p ~/sdk && curl -sf {url} | tee >(sha256sum >&2) | tar -xz -C ~/sdk"
        " && find ~/sdk -type f -print0 | xargs -0 sha256sum > ~/sums && sync -f ~/sdk"
    )
    options = {"version": version, "sources": [f"{SERVER}/dl"], "checksum": f"sha256:{sha256}"}
    ours = {"gopherops.workstation.go_sdk": options}
    plays = {"by_hand": bench.tasks("by_hand", shell(by_hand)), "install": bench.tasks("install", ours)}
    taken = timed(bench, plays, fresh=True)
    figure("first_install_ratio", taken["install"] / taken["by_hand"])
    return ours


def peak(bench: Bench, ours: dict[str, Any]) -> None:
    wrapper = bench.folder / "measured"
    wrapper.write_text(WRAPPER)
    wrapper.chmod(0o755)
    bench.container.need("rm", "-rf", "/home/dev/sdk")
    subprocess.run(["podman", "cp", str(wrapper), f"{bench.container.name}:/home/dev/measured"], check=True)
    bench.play(bench.tasks("peak", ours), ansible_python_interpreter="/home/dev/measured")
    most = max(int(line) for line in bench.container.need("cat", "/home/dev/peak").split())
    figure("peak_mib", most / 1024)


def standing(bench: Bench, ours: dict[str, Any]) -> None:
    """With Go installed: nothing to do, and a full look."""
    bench.play(bench.tasks("install", ours))
    full = {"gopherops.workstation.go_sdk": {**ours["gopherops.workstation.go_sdk"], "verify": "full"}}
    find = shell('find "$(readlink -f ~/sdk/go)" -type f -print0 | xargs -0 sha256sum > ~/sums')
    plays = {
        "ping": bench.tasks("ping", *[{"ansible.builtin.ping": {}}] * MANY),
        "noop": bench.tasks("noop", *[ours] * MANY),
        "find": bench.tasks("find", find),
        "full": bench.tasks("full", full),
    }
    taken = timed(bench, plays)
    figure("noop_ratio", taken["noop"] / taken["ping"])
    figure("verify_full_ratio", taken["full"] / taken["find"])


def peer(bench: Bench, ours: dict[str, Any]) -> None:
    """Another role beside ours, where one is given."""
    role = {
        "ansible.builtin.include_role": {"name": os.environ["PEER_ROLE"]},
        "vars": json.loads(os.environ.get("PEER_VARS", "{}")),
    }
    plays = {"peer_install": bench.tasks("peer", role), "our_install": bench.tasks("install", ours)}
    taken = timed(bench, plays, fresh=True)
    figure("peer_install_ratio", taken["our_install"] / taken["peer_install"])
    bench.play(plays["our_install"])
    taken = timed(bench, {"peer_noop": plays["peer_install"], "our_noop": plays["our_install"]})
    figure("peer_noop_ratio", taken["our_noop"] / taken["peer_noop"])


def main() -> int:
    with reached() as bench:
        machine = bench.container.need("dpkg", "--print-architecture").strip()
        version, platform = newest(), f"linux-{machine}"
        with served(bench, version, platform) as sha256:
            ours = first_install(bench, version, platform, sha256)
            peak(bench, ours)
            standing(bench, ours)
            if os.environ.get("PEER_ROLE"):
                peer(bench, ours)
            else:
                print("No PEER_ROLE is given: no other role is measured")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (DevError, urllib.error.URLError, subprocess.CalledProcessError) as error:
        sys.exit(f"{error}")
