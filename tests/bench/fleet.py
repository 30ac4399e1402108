"""What a fleet costs its controller, in ratios to what Ansible costs anyway, on real ssh hosts in one run.

``FLEET_SIZES`` are the numbers of hosts (default ``2,4,8``; the deep campaign uses up to 60). CPU is that of
ansible-playbook, its workers and its ssh clients, which do not run on a real laptop's cores.
"""

from __future__ import annotations

import datetime
import json
import os
import resource
import statistics
import sys
import tempfile
import time
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
LIMIT_RATIO, LIMIT_BASE, LIMIT_HOST, LIMIT_REPORT = 12, 300, 1, 5
COMMAND = "- hosts: all\n  gather_facts: false\n  tasks:\n    - ansible.builtin.command: 'true'\n"


def cpu() -> float:
    """CPU of every child so far; wall clocks mean nothing on a machine that does other things too."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def fit(points: list[tuple[int, float]]) -> tuple[float, float, float]:
    """Slope, intercept, and the share of the variation that a straight line does not explain."""
    sizes, costs = [size for size, _ in points], [cost for _, cost in points]
    slope, base = statistics.linear_regression(sizes, costs)
    mean = statistics.fmean(costs)
    rest = sum((cost - slope * size - base) ** 2 for size, cost in points)
    return slope, base, rest / sum((cost - mean) ** 2 for cost in costs)


def timed(laptops: Laptops, name: str, playbook: str, variables: dict[str, Any]) -> float:
    before = cpu()
    status, text = laptops.playbook(name, variables, playbook)
    if status:
        raise SystemExit(f"{name} ended with status {status}:\n{text[-3000:]}")
    return cpu() - before


def measure(laptops: Laptops) -> tuple[list[tuple[int, float]], list[tuple[int, float]], list[tuple[int, float]]]:
    """CPU of one command and of the full stack's no-op, and memory, for each number of hosts."""
    command, full, memory = [], [], []
    for size in SIZES:
        for number in range(len(laptops.ports), size):
            laptops.start(f"h{number:02d}")
        command.append((size, timed(laptops, f"command{size}", str(laptops.folder / "command.yml"), {})))
        timed(laptops, f"warm{size}", "golang_dev", COMMON)
        full.append((size, timed(laptops, f"full{size}", "golang_dev", COMMON)))
        memory.append((size, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024))
    return command, full, memory


def report_seconds(folder: Path) -> float:
    fleet, started = _fleets.rollout(1000), time.process_time()
    write_reports(fleet, folder)
    return time.process_time() - started


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        seconds = report_seconds(Path(folder))
        print(f"fleet_report_1000_seconds {seconds:.3f} {LIMIT_REPORT}", flush=True)
        laptops = Laptops(Path(folder))
        (Path(folder) / "command.yml").write_text(COMMAND)
        try:
            laptops.golden()
            command, full, memory = measure(laptops)
        finally:
            laptops.close()
    one, _, _ = fit(command)
    slope, _, residual = fit(full)
    mib, base, _ = fit(memory)
    print(f"fleet_cpu_a_host_ratio {slope / one:.2f} {LIMIT_RATIO}")
    print(f"fleet_cpu_a_host_seconds {slope:.3f} -")
    print(f"fleet_fit_residual {residual:.4f} 0.1")
    print(f"fleet_memory_base_mib {base:.0f} {LIMIT_BASE}")
    print(f"fleet_memory_a_host_mib {max(mib, 0):.2f} {LIMIT_HOST}")
    cost = {
        "measured_on": datetime.datetime.now(tz=datetime.timezone.utc).date().isoformat(),
        "what": f"Containers with sshd on the controller's own machine, {os.cpu_count()} cores, 12 forks.",
        "sizes": ", ".join(map(str, SIZES)),
        "cpu_seconds_a_host": slope,
        "cpu_seconds_command": one,
        "ratio": slope / one,
        "residual": residual,
        "seconds_base": 10.0,
        "mib_base": base,
        "mib_a_host": max(mib, 0.0),
        "mib_a_fork": 60.0,
        "report_seconds": seconds,
    }
    print(json.dumps(cost), file=sys.stderr)
    if os.environ.get("FLEET_SCALE") == "write":
        _scale.write(cost)


if __name__ == "__main__":
    main()
