"""Makes every fault, looks, and compares what the doctor says; then the well variations, which have to be silent.

python tests/integration/go_doctor/run.py [--record] [ID ...]
"""

# ruff: noqa: E402
from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE), str(ROOT / "collections")]

from faults import FAULTS, VARIATIONS, Fault, digest  # type: ignore[import-not-found]
from machine import ContainerError, Machine, machine, podman  # type: ignore[import-not-found]
from material import prepared  # type: ignore[import-not-found]
from pairs import both, judged  # type: ignore[import-not-found]

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._judge import Judge, findings
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._policy import policy
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._registry import rules

RECORD = ROOT / "docs" / "rules" / "injected.json"


def judge(facts: dict[str, Any], changes: dict[str, Any]) -> tuple[set[str], dict[str, str], list[Any]]:
    verdicts = Judge(rules(), policy(changes), {}, {}).verdicts(facts)
    found = findings(verdicts)
    return {one.id for one in found}, {one.id: one.suppressed_by for one in verdicts if one.suppressed_by}, found


# The rules that the functional check decides; the other faults are proved with it too by --full.
FUNCTIONAL = {"GD007", "GD022", "GD023", "GD065"}


def inject(one: Machine, fault: Fault, full: bool) -> dict[str, Any]:
    if fault.root:
        one.root(fault.root)
    if fault.dev:
        one.dev(fault.dev)
    if fault.background:
        podman("exec", "-d", "-u", "root", one.name, "python3", "-c", fault.background)
        time.sleep(0.5)
    options = {key: value for key, value in fault.options.items() if key != "policy"}
    options["functional"] = full or fault.id in FUNCTIONAL or not fault.id.startswith("GD")
    facts: dict[str, Any] = one.look(options, fault.user, fault.home, fault.before)
    return facts


def examine(fault: Fault, volumes: list[str], image: str, full: bool) -> tuple[str, bool, str]:
    label = f"{fault.id} {fault.name}".strip()
    try:
        with machine(image, *volumes, *fault.run) as one:
            facts = inject(one, fault, full)
    except (ContainerError, subprocess.TimeoutExpired) as error:
        return label, False, str(error)[-600:]
    ids, folded, found = judge(facts, fault.options.get("policy", {}))
    says = "; ".join(f"{one.id}: {' / '.join(one.evidence)[:200]}" for one in found)
    if facts["errors"]:
        return label, False, f"collection errors {facts['errors']}"
    if not fault.id.startswith("GD"):
        serious = {one.id for one in found if one.severity != "info"}
        passed = facts["functional"]["passed"] is True
        return label, not serious and passed, says or ("" if passed else json.dumps(facts["functional"])[-600:])
    good = fault.id in ids and ids <= {fault.id} | fault.also
    return label, good, f"{says} | folded: {folded}" + ("" if good else f" | {json.dumps(facts['functional'])[-500:]}")


def two(one: Fault, other: Fault, volumes: list[str], image: str) -> tuple[str, bool, str]:
    """Both faults on one machine."""
    fault = both(one, other)
    try:
        with machine(image, *volumes, *fault.run) as here:
            facts = inject(here, fault, not FUNCTIONAL.isdisjoint({one.id, other.id}))
    except (ContainerError, subprocess.TimeoutExpired) as error:
        return fault.id, False, str(error)[-600:]
    verdicts = Judge(rules(), policy(fault.options["policy"]), {}, {}).verdicts(facts)
    wrong = judged(one, other, {said.id: said for said in verdicts})
    return fault.id, not wrong and not facts["errors"], wrong or json.dumps(facts["errors"])


def record(results: dict[str, bool]) -> None:
    """Adds what was proved and takes out what was not; after every fault, so that a run may be cut short."""
    proved = dict(json.loads(RECORD.read_text())["injected"]) if RECORD.is_file() else {}
    for id_, passed in results.items():
        proved.pop(id_, None)
        if passed:
            proved[id_] = digest(id_)
    RECORD.write_text(json.dumps({"injected": dict(sorted(proved.items()))}, indent=1) + "\n")


def _said(result: tuple[str, bool, str]) -> tuple[str, bool, str]:
    print(".", result[0], "ok" if result[1] else f"FAIL {result[2]}", file=sys.stderr, flush=True)
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="run the functional check for every fault")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--record", action="store_true", help="write which rules were proved to docs/rules/injected.json"
    )
    parser.add_argument("ids", nargs="*")
    asked = parser.parse_args()
    wanted = [one for one in [*FAULTS, *VARIATIONS] if not asked.ids or any(one.id == id_ for id_ in asked.ids)]
    results, by_rule = [], dict[str, bool]()
    with prepared() as (_material, volumes, image), ThreadPoolExecutor(asked.jobs) as pool:
        for fault, result in zip(
            wanted, pool.map(lambda one: _said(examine(one, volumes, image, asked.full)), wanted), strict=True
        ):
            results.append(result)
            if fault.id.startswith("GD"):
                by_rule[fault.id] = by_rule.get(fault.id, True) and result[1]
            if asked.record:
                record(by_rule)
    for label, good, says in results:
        print(f"{'ok  ' if good else 'FAIL'} {label}: {says}")
    bad = [label for label, good, _says in results if not good]
    print(f"{len(results) - len(bad)} passed, {len(bad)} failed, 0 skipped; {sum(by_rule.values())} rules proved")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
