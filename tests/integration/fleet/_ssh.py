"""Laptops that are containers with sshd and the real Go, gopls and settings: the whole stack over real ssh.

One container is provisioned and becomes the image of all, so that sixty hosts share one tree on the disk.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
# Seconds, and more for each host, after which a run that hangs fails instead: many times what one takes on two cores.
PATIENCE, PATIENCE_A_HOST = 900, 60
SSHD = ["sh", "-c", "mkdir -p /run/sshd && exec /usr/sbin/sshd -D -e"]
COMMON = {
    "go_sdk_version": "1.27.4",
    "go_sdk_delivery": "controller",
    "go_tools_delivery": "controller",
    "go_tools_list": [{"name": "gopls"}],
}


def podman(*words: str, stdin: bytes | None = None, check: bool = True) -> str:
    done = subprocess.run(["podman", *words], input=stdin, capture_output=True, check=False)
    if check and done.returncode:
        raise AssertionError(f"podman {words[0]}: {done.stderr.decode()}")
    return done.stdout.decode().strip()


def _until_it_greets(port: int) -> None:
    """A container that runs has not begun to listen yet."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=30) as line:
            if line.recv(4) == b"SSH-":
                return
        time.sleep(0.1)
    raise AssertionError(f"no sshd answers on port {port}")


@dataclass(frozen=True)
class Rollout:
    """What one run of the playbook left behind."""

    status: int
    text: str
    report: dict[str, Any]

    @property
    def outcomes(self) -> dict[str, str]:
        return {host["host"]: host["outcome"] for host in self.report["hosts"]}

    @property
    def reasons(self) -> dict[str, str]:
        return {host["host"]: host["reason"] for host in self.report["hosts"]}

    def counts(self, ring: str) -> dict[str, int]:
        found: dict[str, int] = next(entry["counts"] for entry in self.report["rings"] if entry["name"] == ring)
        return found


class Laptops:
    """Containers of one test; they go when it ends."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.mark = folder, f"fleet-{secrets.token_hex(3)}"
        self.key = folder / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.key], check=True)
        image = [sys.executable, "-I", str(ROOT / "tests" / "tools" / "images.py"), "bookworm"]
        self.base = subprocess.run(image, capture_output=True, text=True, check=True).stdout.strip()
        self.image = ""
        self.ports: dict[str, str] = {}
        self.variables: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, list[str]] = {}

    def name(self, host: str) -> str:
        return f"{self.mark}-{host}"

    def start(self, host: str, *options: str, image: str = "") -> None:
        mounts = ["-v", f"{BUNDLE}:{BUNDLE}:ro"] if os.path.exists(BUNDLE) else []
        command = ["run", "-d", "--name", self.name(host), "--stop-signal", "9", "-p", "127.0.0.1::22", *mounts]
        podman(*command, *options, image or self.image or self.base, *SSHD)
        keys = "umask 077; mkdir -p ~/.ssh; cat > ~/.ssh/authorized_keys"
        public = (self.folder / "key.pub").read_bytes()
        podman("exec", "-i", "--user", "dev", self.name(host), "sh", "-c", keys, stdin=public)
        self.ports[host] = podman("port", self.name(host), "22/tcp").splitlines()[-1].rpartition(":")[2]
        _until_it_greets(int(self.ports[host]))

    def shell(self, host: str, script: str, user: str = "dev") -> str:
        return podman("exec", "--user", user, self.name(host), "sh", "-c", script)

    def kill(self, host: str) -> None:
        podman("kill", self.name(host), check=False)

    def remove(self, *hosts: str) -> None:
        for host in hosts:
            podman("rm", "-f", self.name(host), check=False)
            self.ports.pop(host, None)

    def golden(self) -> None:
        """Provision one machine for good and make it the image of the others."""
        self.start("golden")
        status, text = self.playbook("golden_dev", {**COMMON, "golang_dev_hosts": "golden"}, "golang_dev")
        assert status == 0, text
        podman("commit", "-q", self.name("golden"), f"localhost/{self.mark}:golden")
        self.image = f"localhost/{self.mark}:golden"
        self.remove("golden")

    def start_playbook(self, variables: dict[str, Any], playbook: str) -> subprocess.Popen[str]:
        hosts = {
            host: {"ansible_host": "127.0.0.1", "ansible_port": int(port), **self.variables.get(host, {})}
            for host, port in self.ports.items()
        }
        common = {
            "ansible_user": "dev",
            "ansible_ssh_private_key_file": str(self.key),
            "ansible_ssh_common_args": "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR",
            "ansible_python_interpreter": "/usr/bin/python3",
        }
        inventory = self.folder / "inventory.json"
        groups = {name: {"hosts": dict.fromkeys(members)} for name, members in self.groups.items()}
        laptops = {"hosts": hosts, "vars": common, "children": groups}
        inventory.write_text(json.dumps({"all": {"children": {"laptops": laptops}}}))
        env = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
        env |= {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_FORKS": "12", "LC_ALL": "C.UTF-8"}
        env |= {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"), "ANSIBLE_TIMEOUT": "60"}
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(inventory)]
        path = playbook if playbook.endswith(".yml") else f"gopherops.workstation.{playbook}"
        command += [path, "-e", json.dumps(variables)]
        return subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )

    def playbook(
        self, name: str, variables: dict[str, Any], playbook: str, watch: Callable[[], None] | None = None
    ) -> tuple[int, str]:
        process = self.start_playbook(variables, playbook)
        if watch:
            threading.Thread(target=watch, daemon=True).start()
        patience = PATIENCE + PATIENCE_A_HOST * len(self.ports)
        try:
            text = process.communicate(timeout=patience)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            text = process.communicate()[0]
            raise AssertionError(f"{playbook} did not end in {patience} s:\n{text[-3000:]}") from None
        (self.folder / f"{name}.log").write_text(text)
        return process.returncode, text

    def wanted(self, **variables: Any) -> dict[str, Any]:
        return {**COMMON, "fleet_dir": str(self.folder / "state"), "fleet_probe_timeout": 20, **variables}

    def rollout(self, watch: Callable[[], None] | None = None, **variables: Any) -> Rollout:
        name = variables.get("fleet_name", "rollout")
        status, text = self.playbook(name, self.wanted(**variables), "fleet_rollout", watch)
        report = self.folder / "state" / name / "report.json"
        return Rollout(status, text, json.loads(report.read_text()) if report.exists() else {})

    def records(self, name: str = "rollout") -> list[dict[str, Any]]:
        state = self.folder / "state" / name / "state.jsonl"
        lines = state.read_text().splitlines(keepends=True) if state.exists() else []
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def begun(self, name: str = "rollout") -> list[str]:
        """Hosts whose turn began, in that order; one that began twice is there twice."""
        return [str(record["host"]) for record in self.records(name) if record["kind"] == "begin"]

    def kill_when_begun(self, *hosts: str) -> None:
        """Pull the plug of each of these hosts as soon as its rollout has begun."""
        waiting, deadline = set(hosts), time.monotonic() + 1800
        while waiting and time.monotonic() < deadline:
            for host in waiting & set(self.begun()):
                self.kill(host)
                waiting.discard(host)
            time.sleep(0.1)

    def kill_controller(self, hosts: set[str], **variables: Any) -> int:
        """``kill -9`` of the controller once one of these hosts has begun; its workers go with it."""
        process = self.start_playbook(self.wanted(**variables), "fleet_rollout")
        while process.poll() is None and not hosts & set(self.begun(variables["fleet_name"])):
            time.sleep(0.1)
        workers = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
        for pid in (process.pid, *map(int, workers.stdout.split())):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.communicate()
        return process.returncode

    def close(self) -> None:
        self.remove("golden", *self.ports)
        if self.image:
            podman("rmi", "-f", self.image, check=False)
