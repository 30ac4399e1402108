# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every file where a role may write, with mode, owner and content: a host compared with the image it was made from.

As a program, ``listing.py CONTAINER FILE``, it writes the list down, or says what has changed since FILE was written.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

PROJECT = os.environ["MOLECULE_PROJECT_DIRECTORY"]
# What containers, and the tests' own logins and programs, change.
_NEVER = (
    *("./home/*/try", "./home/*/lsp"),
    *("*/.ssh", "*/.ansible", "*/.sudo_as_admin_successful", "./etc/hosts", "./etc/hostname", "./etc/resolv.conf"),
    *("./etc/mtab", "./etc/ssl", "./etc/passwd*", "./etc/shadow*"),
    *("./var/lib/sudo", "./var/lib/apt", "./var/lib/dpkg"),
)
# What a developer keeps: caches with content, Go's own counters, an editor's preferences. And packages.
_STAYS = (
    *("*/.cache", "*/Library/Caches", "*/go/pkg", "*/go/telemetry", "*/Code", "*/.vscode-server"),
    *("./etc/alternatives", "./etc/ld.so.cache", "./etc/pam.d", "./var/lib/systemd"),
    *("./Library/Developer", "./usr/local/share/fonts", "./etc/fonts/conf.d"),
)
# The last three are a Mac's.
_PLACES = "./etc ./home ./opt ./srv ./usr/local ./var/lib ./Users ./Library ./Applications"
_FIND = r"""
cd / && find $(ls -d PLACES 2>/dev/null) -xdev \( PRUNED \) -prune \
    -o \( -type f -printf '%p %M %u:%g ' -exec sha256sum {} \; \
    -o -type d -printf '%p %M %u:%g\n' -o -type l -printf '%p -> %l\n' \) | sort
"""


def podman(*words: str, script: str = "") -> str:
    env = {**os.environ, "CONTAINERS_CONF": f"{PROJECT}/molecule/containers.conf"}
    done = subprocess.run(["podman", *words], env=env, input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _script(without: Sequence[str]) -> str:
    pruned = " -o ".join(f"-path '{pattern}'" for pattern in (*_NEVER, *without))
    return _FIND.replace("PLACES", _PLACES).replace("PRUNED", pruned)


def listing(container: str, without: Sequence[str] = ()) -> list[str]:
    """The lines of a container; ``without``: patterns of paths that do not count."""
    lines = podman("exec", "-i", "--user", "root", container, "sh", script=_script(without)).splitlines()
    assert len(lines) > 100
    return lines


def difference(container: str, image: str, without: Sequence[str] = ()) -> list[str]:
    """The lines in which a container and its image differ."""
    script = _script(without)
    fresh = podman("run", "--rm", "-i", f"localhost/gopherops/{image}:current", "sh", script=script).splitlines()
    return sorted(set(fresh) ^ set(listing(container, without)))


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


def _packaged(container: str) -> set[str]:
    """What the system's packages brought: it stays."""
    owned = podman("exec", "--user", "root", container, "sh", "-c", "cat /var/lib/dpkg/info/*.list").splitlines()
    return {f".{path}" for path in owned}


def _is_a_way(container: str, line: str) -> bool:
    """A directory that is not empty is there for what is in it, and that has lines of its own. Fish makes its own."""
    directory = re.fullmatch(r"(.*) d[rwxsStT-]{9} \S+", line)
    if directory is None:
        return False
    path = directory[1]
    return path.endswith("/fish") or bool(podman("exec", "--user", "root", container, "ls", "-A", f"/{path}"))


def main(container: str, file: str) -> int:
    """Writes what is there, or compares with what was; 1 where something came, went or changed."""
    there = listing(container, _STAYS)
    if not Path(file).exists():
        Path(file).write_text("\n".join(there), encoding="utf-8")
        return 0
    before = Path(file).read_text(encoding="utf-8").splitlines()
    lines = [f"- {line}" for line in sorted(set(before) - set(there))]
    packaged = _packaged(container)
    lines += [
        f"+ {line}"
        for line in sorted(set(there) - set(before))
        if re.split(r" (?:->|[-d][rwxsStT-]{9}) ", line)[0] not in packaged and not _is_a_way(container, line)
    ]
    print("\n".join(lines))
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
