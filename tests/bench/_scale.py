"""A simulation, no measurement: what the measured costs of a few hosts mean for many, as docs/scale.md.

It is arithmetic on the numbers in ``docs/scale.json``, which ``./dev bench fleet`` measured; what it assumes besides
stands in ``ASSUMED`` and on the page.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FLEETS = (500, 5_000, 50_000)
# Assumed, not measured: a controller of this size, laptops as they are, and how often pull mode looks.
ASSUMED = {"cores": 8, "forks": 100, "host_seconds": 60.0, "away": 0.3, "pull_hours": 24, "fetch_mib": 2.0}
MISSED = "The aim, 12 times, is missed: a host has dozens of tasks, and Ansible starts a worker for each."
MODES = (("one controller", 1), ("ten controllers", 10), ("pull", 0))


def hours(fleet: int, controllers: int, cost: dict[str, float]) -> tuple[float, float]:
    """Hours for one no-op run over a fleet, and GiB of memory each controller needs; pull costs a look a day each."""
    if not controllers:
        return ASSUMED["pull_hours"], 0.0
    mine = math.ceil(fleet / controllers)
    awake = mine * (1 - ASSUMED["away"])
    cpu = awake * cost["cpu_seconds_a_host"] / ASSUMED["cores"]
    wait = awake * ASSUMED["host_seconds"] / ASSUMED["forks"] + mine * ASSUMED["away"] * 10 / ASSUMED["forks"]
    memory = (cost["mib_base"] + mine * cost["mib_a_host"] + ASSUMED["forks"] * cost["mib_a_fork"]) / 1024
    return (cost["seconds_base"] + max(cpu, wait)) / 3600, memory


def told(spent: float) -> str:
    return f"{spent:.1f} h" if spent >= 1 else f"{max(spent * 60, 1):.0f} min"


def table(cost: dict[str, float]) -> list[str]:
    lines = [
        "| hosts | how | time of a no-op rollout | memory of a controller | what limits |",
        "|---|---|---|---|---|",
    ]
    for fleet in FLEETS:
        for name, controllers in MODES:
            spent, memory = hours(fleet, controllers, cost)
            if controllers:
                cpu = cost["cpu_seconds_a_host"] / ASSUMED["cores"]
                limit = (
                    "the controller's CPU" if cpu > ASSUMED["host_seconds"] / ASSUMED["forks"] else "waiting for hosts"
                )
                lines.append(f"| {fleet:,} | {name} | {told(spent)} | {memory:.1f} GiB | {limit} |")
            else:
                rate = fleet / ASSUMED["pull_hours"] / 3600
                traffic = fleet * ASSUMED["fetch_mib"] / 1024
                load = f"{rate:.2f} fetches a second, {traffic:.0f} GiB a day"
                lines.append(f"| {fleet:,} | {name} | {told(spent)} (a look a day) | none | {load} |")
    return lines


def plot(cost: dict[str, float]) -> str:
    """Hours over hosts, both logarithmic, as SVG that reads in light and dark."""
    left, top, wide, high = 60, 20, 520, 260
    sizes = [500 * 10 ** (step / 10) for step in range(21)]

    def at(size: float, value: float) -> tuple[float, float]:
        x = left + wide * (math.log10(size) - math.log10(500)) / 2
        y = top + high * (1 - (math.log10(max(value, 0.001)) + 3) / 6)
        return x, y

    box = f"0 0 {left + wide + 150} {top + high + 50}"
    style = "text{fill:#555}path{fill:none;stroke-width:2.5}line{stroke:#999;stroke-opacity:.4}"
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" font-family="sans-serif" font-size="13">']
    parts.append(f"<style>{style}</style>")
    for power in range(-3, 4):
        y = at(500, 10**power)[1]
        parts.append(f'<line x1="{left}" x2="{left + wide}" y1="{y:.0f}" y2="{y:.0f}"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4:.0f}" text-anchor="end">{10**power:g} h</text>')
    for size in FLEETS:
        x = at(size, 1)[0]
        parts.append(f'<text x="{x:.0f}" y="{top + high + 20}" text-anchor="middle">{size:,}</text>')
    for (name, controllers), colour in zip(MODES, ("#b3261e", "#00698c", "#1d7a3e"), strict=True):
        points = [at(size, hours(round(size), controllers, cost)[0]) for size in sizes]
        path = " ".join(f"{'L' if index else 'M'}{x:.1f} {y:.1f}" for index, (x, y) in enumerate(points))
        end = points[-1]
        parts.append(f'<path d="{path}" stroke="{colour}"/>')
        parts.append(f'<text x="{end[0] + 6:.0f}" y="{end[1] + 4:.0f}" fill="{colour}">{name}</text>')
    parts.append(
        f'<text x="{left + wide / 2}" y="{top + high + 42}" text-anchor="middle">hosts (simulation)</text></svg>'
    )
    return "\n".join(parts) + "\n"


def write(cost: dict[str, Any], folder: Path = ROOT / "docs") -> None:
    """The page, its plot and the numbers behind both."""
    (folder / "scale.json").write_text(json.dumps(cost, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    (folder / "scale.svg").write_text(plot(cost), encoding="utf-8")
    (folder / "scale.md").write_text("\n".join(page(cost)) + "\n", encoding="utf-8")


def page(cost: dict[str, Any]) -> list[str]:
    assumed = "; ".join(
        (
            f"{ASSUMED['cores']} cores and {ASSUMED['forks']} forks a controller",
            f"{ASSUMED['host_seconds']:.0f} s for a laptop's own share of a run",
            f"{ASSUMED['away']:.0%} of the hosts away, each costing a connect timeout of 10 s",
            f"in pull mode one look a day, {ASSUMED['fetch_mib']:.0f} MiB each",
        )
    )
    return [
        "# How far one controller goes",
        "",
        "Generated by `./dev bench fleet` with `FLEET_SCALE=write`; edit `tests/bench/_scale.py` instead.",
        "",
        f"## Measured on {cost['measured_on']}",
        "",
        f"- {cost['what']}",
        f"- Controller CPU a host: **{cost['cpu_seconds_a_host']:.2f} s** for the full stack when nothing changes, "
        f"{cost['ratio']:.1f} times that of one `command` task ({cost['cpu_seconds_command']:.3f} s). "
        + ("The aim, 12 times, is met." if cost["ratio"] <= 12 else MISSED),
        f"- It grows in a straight line: the fit over {cost['sizes']} hosts leaves {cost['residual']:.1%} unexplained.",
        f"- Memory: {cost['mib_base']:.0f} MiB and {cost['mib_a_host']:.2f} MiB for each host.",
        f"- The report of 1,000 hosts: {cost['report_seconds']:.2f} s.",
        "",
        "## Simulated",
        "",
        "**A simulation: arithmetic on the numbers above, not a run on so many hosts.** Assumed besides: "
        + assumed
        + ".",
        "",
        *table(cost),
        "",
        "![hours over hosts, simulated](scale.svg)",
        "",
        "## What follows",
        "",
        "- Up to some hundred laptops one controller with `fleet_serial` is the simplest thing that works.",
        "- Some thousand: Automation Controller or AWX, instance groups. Each slice of the inventory is a rollout of",
        "  its own (`fleet_name`, `fleet_hosts`), with the canary slice first and approval by survey.",
        "- Tens of thousands, or laptops that no controller can reach: pull mode (`go_drift`). It gives up the gate",
        "  between rings; in its place each ring follows a signed tag of its own, moved on when the results are good.",
    ]
