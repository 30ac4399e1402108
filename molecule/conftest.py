# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts of a scenario for its tests: by testinfra, not by Ansible, so that nothing of ours vouches for itself."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import testinfra

SCENARIO = Path(os.environ["MOLECULE_SCENARIO_DIRECTORY"])
RUN = Path(os.environ["MOLECULE_PROJECT_DIRECTORY"]) / ".cache" / "molecule" / SCENARIO.name


@dataclass(frozen=True)
class Machine:
    """One host, reached as its inventory says; ``developer`` is the account that was provisioned."""

    name: str
    variables: dict[str, Any]

    @property
    def developer(self) -> str:
        return str(self.variables["developer"])

    @property
    def home(self) -> str:
        return f"/home/{self.developer}"

    @property
    def host(self) -> Any:
        """As testinfra sees it."""
        user, address = self.variables["ansible_user"], self.variables["ansible_host"]
        if self.variables["ansible_connection"] != "ssh":
            return testinfra.get_host(f"podman://{user}@{address}")
        spec = f"ssh://{user}@{address}:{self.variables['ansible_port']}"
        extra = self.variables["ansible_ssh_common_args"]
        return testinfra.get_host(
            spec, ssh_identity_file=self.variables["ansible_ssh_private_key_file"], ssh_extra_args=extra
        )

    def session(self, command: str, shell: str = "bash") -> str:
        """A command line that runs a command as a fresh login of the developer would: nothing inherited."""
        variables = {"HOME": self.home, "USER": self.developer, "LOGNAME": self.developer, "TERM": "dumb"}
        clean = ["env", "-i", *(f"{name}={value}" for name, value in variables.items()), "PATH=/usr/bin:/bin"]
        other = ["sudo", "-n", "-u", self.developer] if self.developer != self.variables["ansible_user"] else []
        return shlex.join([*other, *clean, shell, "-lc", f"cd && {command}"])

    def login(self, command: str, shell: str = "bash") -> str:
        """Output of a command in the developer's login shell; it has to succeed."""
        done = self.host.run(self.session(command, shell))
        assert done.rc == 0, f"{command}: {done.rc}\n{done.stdout}{done.stderr}"
        return str(done.stdout).strip()

    def root(self, command: str) -> str:
        """Output of a command as root, past whatever account was used to provision."""
        if self.variables["ansible_connection"] == "ssh":
            done = self.host.run(f"sudo -n sh -c {shlex.quote(command)}")
            assert done.rc == 0, done.stderr
            return str(done.stdout).strip()
        words = ["podman", "exec", "--user", "root", self.variables["ansible_host"], "sh", "-c", command]
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()

    def stdio(self, command: str) -> list[str]:
        """A local command whose standard input and output are those of the command over there."""
        address, user = self.variables["ansible_host"], self.variables["ansible_user"]
        if self.variables["ansible_connection"] != "ssh":
            return ["podman", "exec", "--interactive", "--user", user, address, "sh", "-c", self.session(command)]
        options = shlex.split(self.variables["ansible_ssh_common_args"])
        options += ["-i", self.variables["ansible_ssh_private_key_file"], "-p", str(self.variables["ansible_port"])]
        return ["ssh", "-T", *options, f"{user}@{address}", self.session(command)]

    def report(self, number: int) -> dict[str, Any]:
        """What the verdict of the scenario's run with this number wrote down."""
        loaded: dict[str, Any] = json.loads((RUN / f"{self.name}-{number}.json").read_text())
        return loaded

    def examined(self) -> dict[str, Any]:
        """What the doctor's report says of this host, where the scenario asks for one."""
        report = json.loads((RUN / f"doctor-{self.name}.json").read_text())
        host: dict[str, Any] = report["hosts"][0]
        return host


def inventory() -> dict[str, dict[str, Any]]:
    """Variables by host, from the scenario's inventory and from the one that create wrote."""
    folders = [word for folder in (SCENARIO, RUN) for word in ("--inventory", str(folder / "inventory"))]
    command = [str(Path(sys.executable).with_name("ansible-inventory")), *folders, "--list"]
    listed = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return {name: listed["_meta"]["hostvars"][name] for name in listed["molecule"]["hosts"]}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "machine" in metafunc.fixturenames:
        machines = [Machine(name, variables) for name, variables in inventory().items()]
        metafunc.parametrize("machine", machines, ids=[machine.name for machine in machines], scope="session")
