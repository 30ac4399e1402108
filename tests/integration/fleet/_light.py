"""A fleet without containers: the real playbook, plays, gates and state, on hosts that are homes on this machine.

What is not real is the machine's provisioning: the copy of the collection that is used here has one task file replaced
(``roles/golang_dev/tasks/system.yml``), by one that changes a link and then tells what the host's fate says. So these
tests are about the rollout and nothing else; real Go on real ssh hosts is in ``test_story.py``.
"""

from __future__ import annotations

import getpass
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
COPIED = ("galaxy.yml", "meta", "plugins", "roles", "playbooks")

SYSTEM = """---
- name: Change something that can be rolled back
  ansible.builtin.file:
    src: "{{ home }}/sdk/go{{ go_sdk_version }}"
    dest: "{{ home }}/sdk/go"
    state: link
    force: true
  register: __link

- name: Say what go_sdk says
  ansible.builtin.set_fact:
    go_sdk_result: {changed: "{{ __link.changed }}", changes: [], sdk: {version: "{{ go_sdk_version }}"}}
    go_tools_result:
      changed: false
      changes: [{path: delivery, act: edit, what: "{{ go_tools_delivery }}"}]

- name: Meet the host's fate
  ansible.builtin.command: "{{ home }}/fate"
  changed_when: false
  check_mode: false
  register: __fate

- name: Say what the doctor says
  ansible.builtin.set_fact:
    go_doctor_result:
      findings: []
      functional: {passed: true, seconds: 0.1, steps: []}
"""

LOOK = f"""---
- name: Say what host_info says
  ansible.builtin.set_fact:
    golang_dev_host: {{host: {{system: linux, account: {{name: {getpass.getuser()}, developer: {getpass.getuser()}}}}}}}
"""


@dataclass
class Run:
    """What one ``ansible-playbook`` left behind."""

    status: int
    text: str
    report: dict[str, Any]
    records: list[dict[str, Any]]

    def outcomes(self) -> dict[str, str]:
        return {host["host"]: host["outcome"] for host in self.report["hosts"]}

    def reason(self, host: str) -> str:
        return next(str(entry["reason"]) for entry in self.report["hosts"] if entry["host"] == host)


class Fleet:
    """Hosts ``h01`` ...; ``fate`` is a shell script for each, run where the proof would be."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.count = folder, count
        self.tree = folder / "tree" / "ansible_collections" / "gopherops" / "workstation"
        for name in COPIED:
            source = ROOT / name
            copy = shutil.copytree if source.is_dir() else shutil.copy
            self.tree.mkdir(parents=True, exist_ok=True)
            copy(source, self.tree / name)
        (self.tree / "roles/golang_dev/tasks/system.yml").write_text(SYSTEM)
        (self.tree / "roles/golang_dev/tasks/look.yml").write_text(LOOK)
        self.names = [f"h{number:02d}" for number in range(1, count + 1)]
        for name in self.names:
            sdk = folder / name / "sdk"
            for version in ("1.26.6", "1.27.4"):
                (sdk / f"go{version}").mkdir(parents=True)
                (sdk / f"go{version}" / "VERSION").write_text(f"go{version}\ntime 2026\n")
            (sdk / "go").symlink_to(sdk / "go1.26.6")
            # Every host has a home of its own, as real ones have.
            python = folder / name / "python"
            python.write_text(f'#!/bin/sh\nHOME={folder / name} exec {sys.executable} "$@"\n')
            python.chmod(0o755)
            self.fate(name, "exit 0")
        self.away: set[str] = set()
        self.extra: dict[str, dict[str, Any]] = {}

    def fate(self, name: str, script: str) -> None:
        path = self.folder / name / "fate"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def version(self, name: str) -> str:
        return os.path.basename(os.readlink(self.folder / name / "sdk" / "go"))

    def _inventory(self) -> Path:
        hosts: dict[str, Any] = {}
        for name in self.names:
            home = str(self.folder / name)
            hosts[name] = {"home": home, "ansible_connection": "local", **self.extra.get(name, {})}
            hosts[name]["ansible_python_interpreter"] = f"{home}/python"
            if name in self.away:  # port 9 discards, and nobody listens
                hosts[name] |= {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 9}
        common = {
            "golang_dev_user": getpass.getuser(),
        }
        path = self.folder / "inventory.json"
        path.write_text(json.dumps({"all": {"children": {"laptops": {"hosts": hosts, "vars": common}}}}))
        return path

    def start(self, variables: Mapping[str, Any], *arguments: str, playbook: str = "fleet_rollout") -> Any:
        given = {"go_sdk_version": "1.27.4", "fleet_dir": str(self.folder / "state"), "fleet_probe_timeout": 3}
        extra = {**given, "fleet_rings": RINGS, **variables}
        env = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
        env |= {
            "ANSIBLE_COLLECTIONS_PATH": str(self.folder / "tree"),
            "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"),
            "ANSIBLE_HOME": str(self.folder / "ansible"),
            "ANSIBLE_FORKS": "6",
            "ANSIBLE_PIPELINING": "true",
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.folder / "controller"),
        }
        (self.folder / "controller").mkdir(exist_ok=True)
        (self.folder / "ansible.cfg").touch()
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(self._inventory())]
        command += [f"gopherops.workstation.{playbook}", "-e", json.dumps(extra), *arguments]
        return subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def run(self, *arguments: str, playbook: str = "fleet_rollout", **variables: Any) -> Run:
        process = self.start(variables, *arguments, playbook=playbook)
        text = process.communicate(timeout=300)[0]
        return self.result(process.returncode, text, variables.get("fleet_name", "rollout"))

    def result(self, status: int, text: str, name: str = "rollout") -> Run:
        folder = self.folder / "state" / name
        report = json.loads((folder / "report.json").read_text()) if (folder / "report.json").exists() else {}
        records = [json.loads(line) for line in self.state(name).read_text().splitlines()] if report else []
        return Run(status, text, report, records)

    def state(self, name: str = "rollout") -> Path:
        return self.folder / "state" / name / "state.jsonl"

    def kill_in(self, ring_hosts: set[str]) -> int:
        """Start a run and kill the controller, the process and its workers, once a host of the ring has begun."""
        process = self.start({})
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            text = self.state().read_text() if self.state().exists() else ""
            begun = {json.loads(line)["host"] for line in text.splitlines() if '"kind": "begin"' in line}
            if begun & ring_hosts:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return int(process.returncode)


RINGS = [{"name": "canary", "percent": 20}, {"name": "early", "percent": 30}, {"name": "broad"}]
