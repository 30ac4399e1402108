"""What a fleet costs its controller, in ratios to what Ansible costs anyway, on real ssh hosts in one run.

``FLEET_SIZES`` are the numbers of hosts (default ``2,4,8``). CPU is that of ansible-playbook, its workers and its ssh
clients; what the hosts themselves use is not in it. With ``PEER_ROLE`` (a path) and ``PEER_VARS`` (JSON) another role
is run on the same hosts: the second run of each, by the clock. ``FLEET_SCALE=write`` writes docs/scale.* as well.
"""

from __future__ import annotations

import contextlib
import ctypes
import datetime
import json
import os
import re
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [
    str(ROOT / "collections"),
    str(ROOT / "tests" / "integration" / "fleet"),
    str(ROOT / "tests" / "unit" / "plugins" / "plugin_utils" / "_fleet"),
]

import _fleets  # type: ignore[import-not-found]  # noqa: E402
import _scale  # type: ignore[import-not-found]  # noqa: E402
from _ssh import COMMON, Laptops  # type: ignore[import-not-found]  # noqa: E402

from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._reports import write_reports  # noqa: E402

SIZES = [int(word) for word in os.environ.get("FLEET_SIZES", "2,4,8").split(",")]
LIMIT_RATIO, LIMIT_RESIDUAL, LIMIT_BASE, LIMIT_HOST, LIMIT_REPORT, LIMIT_PEER = 12, 0.1, 300, 1, 5, 0.4
COMMAND = "- hosts: all\n  gather_facts: false\n  tasks:\n    - ansible.builtin.command: 'true'\n"


def fit(points: dict[int, float]) -> tuple[float, float, float]:
    """Slope, intercept, and the share of the variation that a straight line does not explain."""
    sizes, costs = list(points), list(points.values())
    slope, base = statistics.linear_regression(sizes, costs)
    mean = statistics.fmean(costs)
    rest = sum((cost - slope * size - base) ** 2 for size, cost in points.items())
    return slope, base, rest / sum((cost - mean) ** 2 for cost in costs)


def adopt() -> None:
    """What ansible-playbook leaves to init comes to this process: it ends without waiting for its last workers."""
    subreaper = 36  # PR_SET_CHILD_SUBREAPER, linux/prctl.h
    if ctypes.CDLL(None, use_errno=True).prctl(subreaper, 1, 0, 0, 0):
        raise SystemExit(f"Cannot measure: {os.strerror(ctypes.get_errno())}")


def children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def masters() -> dict[int, float]:
    """CPU so far of the ssh masters, which stay after the run that began them."""
    found, tick = {}, os.sysconf("SC_CLK_TCK")
    for pid in children(os.getpid()):
        with contextlib.suppress(OSError):
            name, _, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
            if name.endswith("(ssh"):
                found[pid] = sum(map(int, rest.split()[11:13])) / tick
    return found


def orphans() -> float:
    """CPU of workers that ended and were not waited for."""
    spent = 0.0
    with contextlib.suppress(ChildProcessError):
        while (ended := os.wait4(-1, os.WNOHANG))[0]:
            spent += ended[2].ru_utime + ended[2].ru_stime
    return spent


@dataclass(frozen=True)
class Cost:
    """What one ansible-playbook used: CPU of all its processes, memory of itself and of its largest worker."""

    cpu: float
    mib: float
    worker_mib: float


def worker_mib(pid: int) -> float:
    """The largest worker's own share of memory; what it shares with its parent counts by halves and less."""
    largest = 0.0
    with contextlib.suppress(OSError, ValueError, IndexError):
        for child in children(pid):
            rollup = Path(f"/proc/{child}/smaps_rollup").read_text()
            largest = max(largest, int(rollup.split("\nPss:")[1].split()[0]) / 1024)
    return largest


def run(laptops: Laptops, playbook: str, variables: dict[str, Any]) -> tuple[Cost, str]:
    """Wall clocks mean nothing on a machine that does other things too, so what counts is what the kernel charged."""
    orphans()
    before = masters()
    process = laptops.start_playbook(variables, playbook)
    text: list[str] = []
    reader = threading.Thread(target=lambda: text.append(process.stdout.read() if process.stdout else ""))
    reader.start()
    largest = 0.0
    while True:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        largest = max(largest, worker_mib(process.pid))
        time.sleep(0.2)
    process.returncode = os.waitstatus_to_exitcode(status)
    reader.join()
    if process.returncode:
        raise SystemExit(f"{playbook} ended with status {process.returncode}:\n{text[0][-3000:]}")
    cpu = used.ru_utime + used.ru_stime + sum(spent - before.get(pid, 0.0) for pid, spent in masters().items())
    return Cost(cpu + orphans(), used.ru_maxrss / 1024, largest), text[0]


def no_op(laptops: Laptops, size: int) -> Cost:
    cost, text = run(laptops, "golang_dev", COMMON)
    quiet = len(re.findall(r"changed=0 ", text))
    if quiet != size:
        raise SystemExit(
            f"{size - quiet} of {size} hosts were changed by a run that should change nothing:\n{text[-3000:]}"
        )
    return cost


def measure(laptops: Laptops) -> tuple[dict[int, float], dict[int, Cost]]:
    """CPU of one command, and what the full stack's no-op costs, for each number of hosts."""
    command, full = {}, {}
    for size in SIZES:
        for number in range(len(laptops.ports), size):
            laptops.start(f"h{number:02d}")
        path = str(laptops.folder / "command.yml")
        command[size] = statistics.median(run(laptops, path, {})[0].cpu for _ in range(3))
        full[size] = no_op(laptops, size)
        print(f"# {size} hosts: command {command[size]:.2f} s, full stack {full[size]}", file=sys.stderr, flush=True)
    return command, full


def peer(laptops: Laptops, role: str) -> float:
    """Seconds of our no-op over those of another role's, on all hosts at once."""
    variables = json.loads(os.environ.get("PEER_VARS", "{}"))
    play = [{"hosts": "all", "roles": [{"role": role, "vars": variables}]}]
    (laptops.folder / "peer.yml").write_text(json.dumps(play))
    theirs, ours = [], []
    for attempt in range(3):
        started = time.monotonic()
        run(laptops, str(laptops.folder / "peer.yml"), {})
        middle = time.monotonic()
        run(laptops, "golang_dev", COMMON)
        if attempt:  # each has to find its own work done, and not the other's
            theirs.append(middle - started)
            ours.append(time.monotonic() - middle)
    return min(ours) / min(theirs)


def report_seconds(folder: Path) -> float:
    fleet, started = _fleets.rollout(1000), time.process_time()
    write_reports(fleet, folder)
    return time.process_time() - started


def main() -> None:
    adopt()
    with tempfile.TemporaryDirectory() as folder:
        seconds = report_seconds(Path(folder))
        print(f"fleet_report_1000_seconds {seconds:.3f} {LIMIT_REPORT}", flush=True)
        laptops = Laptops(Path(folder))
        (Path(folder) / "command.yml").write_text(COMMAND)
        try:
            laptops.golden()
            command, full = measure(laptops)
            if role := os.environ.get("PEER_ROLE"):
                print(f"fleet_peer_noop_ratio {peer(laptops, role):.2f} {LIMIT_PEER}", flush=True)
        finally:
            laptops.close()
    one, _, _ = fit(command)
    slope, start, residual = fit({size: cost.cpu for size, cost in full.items()})
    mib, base, _ = fit({size: cost.mib for size, cost in full.items()})
    worker = max(cost.worker_mib for cost in full.values())
    print(f"fleet_cpu_a_host_ratio {slope / one:.2f} {LIMIT_RATIO}")
    print(f"fleet_cpu_a_host_seconds {slope:.3f} -")
    print(f"fleet_fit_residual {residual:.4f} {LIMIT_RESIDUAL}")
    print(f"fleet_memory_base_mib {base:.0f} {LIMIT_BASE}")
    print(f"fleet_memory_a_host_mib {max(mib, 0):.2f} {LIMIT_HOST}")
    print(f"fleet_memory_a_fork_mib {worker:.0f} -")
    cost = {
        "measured_on": datetime.datetime.now(tz=datetime.timezone.utc).date().isoformat(),
        "what": (
            f"Containers with sshd on the controller's own machine, {os.cpu_count()} cores, 12 forks, "
            f"load average {os.getloadavg()[1]:.0f}: the busier a machine, the dearer its seconds of CPU."
        ),
        "sizes": ", ".join(map(str, SIZES)),
        "cpu_seconds_a_host": slope,
        "cpu_seconds_command": one,
        "ratio": slope / one,
        "residual": residual,
        "seconds_base": max(start, 0.0),
        "mib_base": base,
        "mib_a_host": max(mib, 0.0),
        "mib_a_fork": worker,
        "report_seconds": seconds,
    }
    print(json.dumps(cost), file=sys.stderr)
    if os.environ.get("FLEET_SCALE") == "write":
        _scale.write(cost)


if __name__ == "__main__":
    main()
