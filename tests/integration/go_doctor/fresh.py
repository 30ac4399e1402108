"""A machine that was just provisioned gets no warning: one host, from nothing, by the main playbook."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

SUITES = ("bullseye", "bookworm", "trixie", "sid")
SCOPES = ("user", "machine")
ACCOUNTS = {"user": ("dev", "dev"), "machine": ("admin", "gopher")}  # who connects, and for whom


def fresh(suite: str, scope: str) -> tuple[str, bool, str]:
    from dev import containers  # noqa: PLC0415

    label = f"fresh {suite} {scope}"
    env = {**os.environ, "CONTAINERS_CONF": str(ROOT / "molecule" / "containers.conf"), "LC_ALL": "C.UTF-8"}
    with containers.running(suite, env) as one, tempfile.TemporaryDirectory(prefix="gopherops-fresh-") as folder:
        report = Path(folder, "report.json")
        done = _provision(one.name, scope, report, env)
        if not report.is_file():
            return label, False, (done.stdout + done.stderr)[-900:]
        host = json.loads(report.read_text(encoding="utf-8"))["hosts"][0]
    told = [
        f"{one['id']} {one['severity']}: {' / '.join(one['evidence'])}"
        for one in host["verdicts"]
        if one["verdict"] == "fail" and one["severity"] != "info" and not one["ignored"]
    ]
    good = not told and host["proof"] == "passed" and done.returncode == 0
    return label, good, "" if good else f"{told}; {host['functional']}; {done.stdout[-500:]}"


def _provision(name: str, scope: str, report: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    user, developer = ACCOUNTS[scope]
    host = {
        "ansible_connection": "containers.podman.podman",
        "ansible_host": name,
        "ansible_user": user,
        "ansible_podman_extra_env": {"HOME": f"/home/{user}", "USER": user},
        "golang_dev_scope": scope,
        "go_sdk_delivery": "controller",
        "go_tools_delivery": "controller",
        "go_doctor_report": {"json": str(report)},
        **({"golang_dev_user": developer} if scope == "machine" else {}),
    }
    inventory = report.with_name("hosts.json")
    inventory.write_text(json.dumps({"all": {"hosts": {name: host}}}))
    own = {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections")}
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    command = [program, "-i", str(inventory), str(ROOT / "playbooks" / "golang_dev.yml")]
    return subprocess.run(
        command, env={**env, **own, "ANSIBLE_HOME": str(report.parent), "NO_COLOR": "1"}, cwd=ROOT,
        capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
