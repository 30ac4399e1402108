"""Makes a fault, lets `playbooks/doctor.yml -e go_doctor_fix=true` mend it, and looks again by other means.

python tests/integration/go_doctor/mend.py [--record] [ID ...]
"""

# ruff: noqa: E402
from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE), str(ROOT / "collections")]

from faults import FAULTS, Fault, digest  # type: ignore[import-not-found]
from machine import ContainerError, machine  # type: ignore[import-not-found]
from material import prepared  # type: ignore[import-not-found]
from run import FUNCTIONAL, inject, judge  # type: ignore[import-not-found]

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._registry import rules

RECORD = ROOT / "docs" / "rules" / "mended.json"
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
# A laptop's owner may use sudo; where a role needs it, it takes it.
SUDO = "echo 'dev ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/dev"


# A folder of an image's lower layer cannot be renamed where overlayfs has no redirect_dir; an ordinary disk has none.
OWN_LAYER = "cd ~/sdk && cp -a go1.27.4 copy && rm -rf go1.27.4 && mv copy go1.27.4"
SHOWN = 3000
# What is left to a person although a role mends the rule otherwise.
BY_HAND = {("GD045", "malformed"): "what was meant by half a settings file only its owner knows"}
# What a user has set beforehand, as documented for the role.
GIVEN = {"GD035": {"go_network_certificates": ["{tree}/cert"]}}


def fixable() -> set[str]:
    """The rules whose findings a role mends and that a Linux container can show."""
    return {one.id for one in rules() if one.mended_by} & {one.id for one in FAULTS}


def mend(fault: Fault, volumes: list[str], image: str) -> tuple[str, bool, str]:
    label = f"{fault.id} {fault.name}".strip()
    more = ("-v", f"{BUNDLE}:{BUNDLE}:ro") if Path(BUNDLE).is_file() else ()
    try:
        with machine(image, *volumes, *more, *fault.run) as one:
            one.root(SUDO)
            if fault.id in ("GD001", "GD007"):
                one.dev(OWN_LAYER)
            ids, folded, _found = judge(inject(one, fault, False), fault.options.get("policy", {}))
            if fault.id not in ids:
                return label, False, f"the fault is not there: {sorted(ids)}"
            said = play(one.name, fault, tree_of(volumes))
            options = {key: value for key, value in fault.options.items() if key != "policy"}
            options["functional"] = fault.id in FUNCTIONAL
            facts = one.look(options, fault.user, fault.home, fault.before)
            proved = one.look({}, fault.user, fault.home, fault.before)["functional"]
    except (ContainerError, subprocess.TimeoutExpired) as error:
        return label, False, str(error)[-600:]
    after, folded_after, found = judge(facts, fault.options.get("policy", {}))
    # What was there before beside the fault, explained by it, may be left; nothing may be new.
    left = sorted(one.id for one in found if one.severity != "info" and one.id not in {*ids, *folded} - {fault.id})
    gone = fault.id not in {*after, *folded_after}
    good = gone and not left and "would do:" in said and proved["passed"] is True
    failed = [step for step in proved["steps"] if not step["ok"]]
    return label, good, "" if good else f"left: {left}; {failed[:1]}; {said[-SHOWN:]}"


def tree_of(volumes: list[str]) -> str:
    """The folder on this machine that the containers see as /opt/tree."""
    return next(word.split(":")[0] for word in volumes if word.endswith(":/opt/tree:ro"))


def play(name: str, fault: Fault, tree: str) -> str:
    """What the playbook printed."""
    with tempfile.TemporaryDirectory(prefix="gopherops-mend-") as folder:
        host = {
            "ansible_connection": "containers.podman.podman",
            "ansible_host": name,
            "ansible_user": "dev",
            "ansible_podman_extra_env": {"HOME": "/home/dev", "USER": "dev"},
            "ansible_python_interpreter": "/usr/bin/python3",
        }
        extra = {
            "go_doctor_fix": True,
            "go_doctor_fail_on": "never",
            "go_doctor_functional": fault.id in FUNCTIONAL,
            "go_doctor_workspaces": fault.options.get("workspaces", []),
            "go_doctor_network": fault.options.get("network", False),
            "go_doctor_policy": fault.options.get("policy", {}),
            "go_sdk_delivery": "controller",
            "go_tools_delivery": "controller",
            **json.loads(json.dumps(GIVEN.get(fault.id, {})).replace("{tree}", tree)),
        }
        inventory, given = Path(folder, "hosts.json"), Path(folder, "extra.json")
        inventory.write_text(json.dumps({"all": {"hosts": {name: host}}}))
        given.write_text(json.dumps(extra))
        env = {
            **{key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")},
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
            "ANSIBLE_HOME": folder,
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
        }
        program = str(Path(sys.executable).with_name("ansible-playbook"))
        done = subprocess.run(
            [program, "-i", str(inventory), str(ROOT / "playbooks" / "doctor.yml"), "-e", f"@{given}"],
            env=env, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        return done.stdout + done.stderr


def record(results: dict[str, bool]) -> None:
    """After every fault, so that a run may be cut short."""
    proved: dict[str, str] = json.loads(RECORD.read_text())["mended"] if RECORD.is_file() else {}
    for id_, passed in results.items():
        proved.pop(id_, None)
        if passed:
            proved[id_] = digest(id_)
    RECORD.write_text(json.dumps({"mended": dict(sorted(proved.items()))}, indent=1) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--record", action="store_true", help="write which rules were mended to docs/rules/mended.json")
    parser.add_argument("ids", nargs="*")
    asked = parser.parse_args()
    ids = asked.ids or sorted(fixable())
    wanted = [one for one in FAULTS if one.id in ids and (one.id, one.name) not in BY_HAND]
    by_rule = dict[str, bool]()
    with prepared() as (_material, volumes, image), ThreadPoolExecutor(asked.jobs) as pool:

        def one(fault: Fault) -> tuple[Fault, tuple[str, bool, str], float]:
            begin = time.monotonic()
            return fault, mend(fault, volumes, image), time.monotonic() - begin

        for fault, (label, good, says), seconds in pool.map(one, wanted):
            print(f"{'ok  ' if good else 'FAIL'} {label} ({seconds:.0f} s) {says}", flush=True)
            by_rule[fault.id] = by_rule.get(fault.id, True) and good
            if asked.record:
                record(by_rule)
    print(f"{sum(by_rule.values())} of {len(by_rule)} rules mended")
    return 0 if all(by_rule.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
