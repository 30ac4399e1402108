# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same job, started in each of the ways that the README promises, on one machine, one after the other.

The first one does the work; each later one has to find everything as it wants it, and prove it again.
"""

from __future__ import annotations

import configparser
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from dev.containers import Container, running
from dev.paths import ROOT

BIN = "/home/dev/workstation/.venv/bin"


def changed(output: str) -> dict[str, int]:
    """Changes by host, from the recap; every host has to have come through."""
    recap = re.findall(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", output, re.MULTILINE)
    assert recap, output
    assert all((unreachable, failed) == ("0", "0") for _host, _changed, unreachable, failed in recap), output
    return {host: int(count) for host, count, _unreachable, _failed in recap}


def start(laptop: Container, folder: str, command: str, **variables: str) -> str:
    """Start Ansible in a folder, with nothing in the environment but what is given."""
    given = " ".join(f"{name}={value}" for name, value in variables.items())
    done = laptop.run("sh", "-c", f"cd {folder} && env {given} {BIN}/{command}")
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_1_from_inside_playbooks(laptop: Container) -> None:
    output = start(laptop, "~/workstation/playbooks", "ansible-playbook golang_dev.yml")
    assert changed(output)["localhost"] > 0
    assert "This machine works for Go." in output


def test_2_from_the_root(laptop: Container) -> None:
    output = start(laptop, "~/workstation", "ansible-playbook playbooks/golang_dev.yml")
    assert changed(output) == {"localhost": 0}
    assert "This machine works for Go." in output


def test_3_by_its_name_from_the_built_collection(laptop: Container) -> None:
    start(laptop, "~", "ansible-galaxy collection build --output-path ~/built ~/workstation")
    files = laptop.need("sh", "-c", "tar -tzf ~/built/gopherops-workstation-*.tar.gz").splitlines()
    assert "plugins/modules/go_sdk.py" in files
    outside = ("tests/", "molecule/", "collections/", "requirements/", ".", "dev", "playbooks/ansible.cfg")
    assert [name for name in files if name.startswith(outside)] == []
    install = (
        "ansible-galaxy collection install --offline --no-deps -p ~/installed ~/built/gopherops-workstation-*.tar.gz"
    )
    start(laptop, "~", install)
    # The clone's own roles are out of the way, so that only the installed ones can have run.
    laptop.need("mv", "workstation/roles", "workstation/roles.away")
    try:
        command = "ansible-playbook gopherops.workstation.golang_dev"
        output = start(laptop, "/tmp", command, ANSIBLE_COLLECTIONS_PATH="/home/dev/installed")
    finally:
        laptop.need("mv", "workstation/roles.away", "workstation/roles")
    assert changed(output) == {"localhost": 0}
    assert "This machine works for Go." in output


def test_4_by_ansible_pull(laptop: Container) -> None:
    source = "-U file:///home/dev/workstation -C main -d ~/pulled"
    output = start(
        laptop, "~", f"ansible-pull {source} -i localhost, -c local playbooks/golang_dev.yml", PATH=f"{BIN}:$PATH"
    )
    assert changed(output)["localhost"] == 0
    assert "This machine works for Go." in output


def test_5_on_an_inventory_of_several_hosts(laptop: Container, tmp_path: Path) -> None:
    """One host is done, the other is new: a check from this machine tells them apart."""
    with running("bookworm", os.environ) as other:
        hosts = {
            name: {
                "ansible_connection": "containers.podman.podman",
                "ansible_host": container.name,
                "ansible_user": "dev",
                "ansible_podman_extra_env": {"HOME": "/home/dev", "USER": "dev"},
                "ansible_python_interpreter": "/usr/bin/python3",
            }
            for name, container in (("done", laptop), ("new", other))
        }
        inventory = tmp_path / "hosts.json"
        inventory.write_text(json.dumps({"laptops": {"hosts": hosts}}))
        playbook = str(Path(sys.executable).with_name("ansible-playbook"))
        command = [playbook, "-i", str(inventory), "playbooks/golang_dev.yml", "--check"]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    recap = changed(run.stdout)
    assert recap["done"] == 0
    assert recap["new"] > 0


def test_playbooks_own_configuration_is_that_of_the_root(config: configparser.ConfigParser) -> None:
    here = configparser.ConfigParser()
    here.read(ROOT / "playbooks" / "ansible.cfg")
    config["defaults"]["collections_path"] = "../" + config["defaults"]["collections_path"]
    assert {name: dict(here[name]) for name in here.sections()} == {
        name: dict(config[name]) for name in config.sections()
    }
