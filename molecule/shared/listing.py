# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every file where a role may write, with mode, owner and content: a host compared with the image it was made from."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence

PROJECT = os.environ["MOLECULE_PROJECT_DIRECTORY"]
# What containers and the tests' own logins change.
_NEVER = (
    *("*/.ssh", "*/.ansible", "*/.sudo_as_admin_successful", "./etc/hosts", "./etc/hostname", "./etc/resolv.conf"),
    *("./etc/mtab", "./etc/ssl", "./etc/passwd*", "./etc/shadow*"),
    *("./var/lib/sudo", "./var/lib/apt", "./var/lib/dpkg"),
)
_FIND = r"""
cd / && find ./etc ./home ./opt ./srv ./usr/local ./var/lib -xdev \( PRUNED \) -prune \
    -o \( -type f -printf '%p %M %u:%g ' -exec sha256sum {} \; \
    -o -type d -printf '%p %M %u:%g\n' -o -type l -printf '%p -> %l\n' \) | sort
"""


def podman(*words: str, script: str = "") -> str:
    env = {**os.environ, "CONTAINERS_CONF": f"{PROJECT}/molecule/containers.conf"}
    done = subprocess.run(["podman", *words], env=env, input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def difference(container: str, image: str, without: Sequence[str] = ()) -> list[str]:
    """The lines in which a container and its image differ; ``without``: patterns of paths that do not count."""
    script = _FIND.replace("PRUNED", " -o ".join(f"-path '{pattern}'" for pattern in (*_NEVER, *without)))
    fresh = podman("run", "--rm", "-i", f"localhost/gopherops/{image}:current", "sh", script=script).splitlines()
    after = podman("exec", "-i", "--user", "root", container, "sh", script=script).splitlines()
    assert len(fresh) > 100
    return sorted(set(fresh) ^ set(after))


def play(scenario: str, role: str, **variables: object) -> None:
    """The role once more on all hosts of a scenario."""
    tasks = [{"ansible.builtin.include_role": {"name": f"gopherops.workstation.{role}"}}]
    book = [{"hosts": "molecule", "gather_facts": False, "tasks": tasks, "vars": variables}]
    folders = [f"{PROJECT}/molecule/{scenario}/inventory/", f"{PROJECT}/.cache/molecule/{scenario}/inventory/"]
    env = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": f"{PROJECT}/collections", "ANSIBLE_PIPELINING": "true"}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(book, file)
        file.flush()
        command = ["ansible-playbook", file.name, *(word for folder in folders for word in ("-i", folder))]
        done = subprocess.run(command, env=env, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
