"""Containers that are hosts of one play: each an image as it is, or made a twin, reached as one of its accounts."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
ENV = {**os.environ, "CONTAINERS_CONF": str(ROOT / "molecule" / "containers.conf")}
WSL = {
    # The mark that podman leaves in the environment is none that WSL2 has.
    "container": "",
    "WSL_DISTRO_NAME": "Debian",
    "WSL_INTEROP": "/run/WSL/8_interop",
}
# Of Ansible and sudo, whoever asked for what.
NOISE = r"\( -name .ansible -o -name .sudo_as_admin_successful \) -prune -o"


def podman(*words: str, stdin: str | None = None) -> str:
    done = subprocess.run(["podman", *words], input=stdin, capture_output=True, text=True, check=False, env=ENV)
    assert done.returncode == 0, f"podman {words}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


@dataclass(frozen=True)
class Run:
    """What one playbook did: its status, its words, and the verdict of each host that got one."""

    status: int
    text: str
    reports: dict[str, dict[str, Any]]

    def planned(self, host: str) -> list[str]:
        return sorted(str(change["path"]) for change in self.reports[host]["planned"])


@dataclass
class Hosts:
    """The containers of one test module; they go when it ends."""

    folder: Path
    mark: str = field(default_factory=lambda: f"gopherops-hosts-{secrets.token_hex(3)}")
    variables: dict[str, dict[str, Any]] = field(default_factory=dict)
    runs: int = 0

    def start(
        self,
        name: str,
        image: str,
        *options: str,
        user: str = "dev",
        twin: str = "",
        bundle: bool = True,
        command: tuple[str, ...] = (),
        **variables: Any,
    ) -> None:
        """``bundle``: this machine's certificates stand in for the image's, read-only."""
        ensure = [sys.executable, "-I", str(ROOT / "tests" / "tools" / "images.py"), image]
        reference = subprocess.run(ensure, capture_output=True, text=True, check=True).stdout.strip()
        container = f"{self.mark}-{name}"
        mounts = ["-v", f"{BUNDLE}:{BUNDLE}:ro"] if bundle and os.path.exists(BUNDLE) else []
        podman("run", "-d", "--name", container, "--stop-signal", "9", *mounts, *options, reference, *command)
        home = f"/Users/{user}" if twin == "macos" else f"/home/{user}"
        self.variables[name] = {
            "ansible_connection": "containers.podman.podman",
            "ansible_host": container,
            "ansible_user": user,
            "ansible_podman_extra_env": {"HOME": home, "USER": user, **(WSL if twin == "wsl2" else {})},
            **({} if twin == "macos" else {"ansible_python_interpreter": "/usr/bin/python3"}),
            **variables,
        }
        if twin:
            podman("cp", str(ROOT / "tests" / "twins" / twin), f"{container}:/root/twin")
            podman("exec", "--privileged", container, "sh", "/root/twin/setup.sh", "/root/twin")

    def shell(self, name: str, script: str, user: str = "root") -> str:
        return podman("exec", "--user", user, f"{self.mark}-{name}", "sh", "-c", script)

    def tree(self, name: str, *places: str) -> set[str]:
        """Every path with its type, owner, mode and content's checksum; a folder's time says nothing."""
        listing = f"find {' '.join(places)} {NOISE} -printf '%y %u %m %p %l\\n'"
        sums = f"find {' '.join(places)} {NOISE} -type f -exec md5sum {{}} +"
        return set(self.shell(name, f"{listing}; {sums}").splitlines())

    def play(self, playbook: str | Path, *words: str, **extra: Any) -> Run:
        """Run a playbook of the collection (by name) or of a test (by path) on all hosts."""
        self.runs += 1
        reports = self.folder / f"reports-{self.runs}"
        reports.mkdir()
        hosts = {
            name: {**variables, "golang_dev_report_file": str(reports / f"{name}.json")}
            for name, variables in self.variables.items()
        }
        inventory = self.folder / "inventory.json"
        inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
        env = {key: value for key, value in ENV.items() if not key.startswith("ANSIBLE_")}
        env |= {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections")}
        env |= {"LC_ALL": "C.UTF-8", "ANSIBLE_FORKS": "4"}
        path = str(playbook) if isinstance(playbook, Path) else f"gopherops.workstation.{playbook}"
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(inventory), path, *words]
        done = subprocess.run(
            [*command, "-e", json.dumps(extra)],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        (self.folder / f"{self.runs}.log").write_text(done.stdout)
        written = {file.stem: json.loads(file.read_text()) for file in reports.glob("*.json")}
        return Run(done.returncode, done.stdout, written)

    def book(self, *tasks: dict[str, Any]) -> Path:
        """A playbook of these tasks, for every host at once."""
        path = self.folder / f"book-{self.runs}.yml"
        path.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": list(tasks)}]))
        return path

    def close(self) -> None:
        for name in self.variables:
            subprocess.run(["podman", "rm", "-f", "-t", "0", f"{self.mark}-{name}"], capture_output=True, check=False)


def role(name: str, part: str = "main", **variables: Any) -> dict[str, Any]:
    """A task that includes a role of the collection, whatever tags were named."""
    included = {"name": f"gopherops.workstation.{name}", "tasks_from": part, "public": True}
    return {"name": f"{name}: {part}", "ansible.builtin.include_role": included, "vars": variables, "tags": ["always"]}
