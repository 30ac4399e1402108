# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One machine with account ada on it, and one run of ansible-playbook with every example that Linux can run."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _arranged import BEFORE, LAST, NOT_RUN, ORDER, REPLACED, SHOWN, VARIABLES  # type: ignore[import-not-found]
from _examples import Example, gathered  # type: ignore[import-not-found]
from dev.containers import BUNDLE, Container
from docsite import named
from docsite.catalogue import COLLECTION, ROOT

CACHE = ROOT / ".cache" / "examples"
# What a run has compiled and fetched as a module, for the next one: gopls takes minutes from nothing.
BUILT = ("home/ada/.cache/go-build", "data/ada/mod/cache/download")
MOVED = "s,^data/ada/mod,home/ada/go/pkg/mod,"
PINS = ("go_releases.json", "go_tools.json")
SETTINGS = '{\n  // tabs, as gofmt writes them\n  "editor.insertSpaces": false,\n}\n'
TSCONFIG = '{\n  // what the browsers of our customers know\n  "compilerOptions": {"target": "es2022"},\n}\n'


@dataclass(frozen=True)
class Ran:
    """What became of the examples: by id, the results of its tasks."""

    results: dict[str, list[dict[str, Any]]]
    container: Container
    folder: Path
    text: str


def runnable() -> list[Example]:
    """In the order in which they run."""
    known = [*ORDER, *LAST]
    places = {name: (1 if name in LAST else -1, known.index(name)) for name in known}
    return sorted(
        (one for one in gathered() if not matching(one, NOT_RUN)),
        key=lambda one: (one.is_play, *places.get(one.source, (0, 0))),
    )


def matching(example: Example, table: dict[str, str]) -> str:
    """The reason that stands in a table for an example, its name a pattern."""
    return next((reason for name, reason in table.items() if re.fullmatch(name, example.id)), "")


def furnish_controller(folder: Path) -> str:
    """The files beside the playbook that examples name; returns the public half of the signing key."""
    signer = named.make(folder)
    (folder / "files" / "settings.json").write_text(SETTINGS)
    (folder / "tsconfig.json").write_text(TSCONFIG)
    return signer


def furnish_host(container: Container) -> None:
    """Account ada, who may use sudo; a group; an editor's command line; what was built before, to be fast."""
    script = f"""
    set -eu
    groupadd gophers
    useradd --create-home --shell /bin/bash --groups gophers ada
    echo 'ada ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/ada
    mkdir -p ~ada/.config/Code
    chown -R ada ~ada
    # A bind mount could not be replaced when the trust store is made anew.
    if mountpoint -q {BUNDLE}; then cp {BUNDLE} /root/trust; umount {BUNDLE}; cp /root/trust {BUNDLE}; fi
    """
    _podman(container, "exec", "--privileged", container.name, "sh", "-c", script)
    _podman(container, "cp", str(Path(__file__).with_name("editor.py")), f"{container.name}:/usr/local/bin/code")
    _podman(container, "exec", container.name, "chmod", "755", "/usr/local/bin/code")


def built() -> Path:
    """The archive of ``BUILT``; other pins make other programs."""
    data = ROOT / "plugins" / "plugin_utils" / "_data"
    known = b"".join((data / name).read_bytes() for name in PINS)
    return CACHE / f"built-{hashlib.sha256(known).hexdigest()[:12]}.tar"


def bring_back(container: Container) -> None:
    if built().exists():
        with built().open("rb") as archive:
            command = ["podman", "exec", "--interactive", "--user", "ada", container.name, "tar", "-C", "/", "-xf", "-"]
            subprocess.run(command, env=dict(container.env), stdin=archive, check=True)


def keep(container: Container) -> None:
    if not built().exists():
        part = built().with_suffix(".part")
        with part.open("wb") as archive:
            command = ["podman", "exec", container.name, "tar", "-C", "/", "--transform", MOVED, "-cf", "-", *BUILT]
            done = subprocess.run(command, env=dict(container.env), stdout=archive, check=False)
        if done.returncode == 0:
            part.replace(built())


def play(container: Container, folder: Path, signer: str, examples: list[Example]) -> Ran:
    """All of them by one ansible-playbook; a failed one does not keep the next from running."""
    (folder / "play.json").write_text(json.dumps(_plays(examples, folder, signer)))
    variables = {
        "ansible_connection": "containers.podman.podman",
        "ansible_host": container.name,
        "ansible_user": "ada",
        "ansible_python_interpreter": "/usr/bin/python3",
        "ansible_podman_extra_env": {"HOME": "/home/ada", "USER": "ada"},
    }
    inventory = {"laptops": {"hosts": {"laptop": variables}}}
    (folder / "inventory.json").write_text(json.dumps(inventory))
    env = dict(container.env) | {
        "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.json",
        "XDG_CACHE_HOME": str(ROOT / ".cache" / "controller"),
    }
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "inventory.json", "play.json"]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE / "play.log").write_text(done.stdout + done.stderr)
    return Ran(_results(done.stdout), container, folder, done.stdout + done.stderr)


def _plays(examples: list[Example], folder: Path, signer: str) -> list[dict[str, Any]]:
    tasks: list[dict[str, Any]] = []
    plays = []
    for example in examples:
        body = json.loads(_replaced(json.dumps(example.body), folder, signer))
        if example.id in BEFORE:
            script = {"ansible.builtin.shell": BEFORE[example.id], "become": True}
            tasks.append({"name": f"Before {example.id}", **script})
        if example.source == "fleet":
            tasks.append(_plan(body))
        if example.is_play:
            plays.append({**body, "name": example.id, "ignore_errors": True})
        else:
            tasks.append(_task(example, body))
    common = {"hosts": "laptops", "gather_facts": False, "vars": VARIABLES}
    return [{**common, "name": "Examples", "tasks": tasks}, *plays]


def _task(example: Example, body: dict[str, Any]) -> dict[str, Any]:
    """As written; a result has the name that our roles give it, unless the example gives another."""
    if example.id in SHOWN:
        [module] = [name for name in body if "." in name]
        body = {**body, "ansible.builtin.debug": {"msg": body[module]}}
        del body[module]
    return {"register": f"{example.source}_result", **body, "name": example.id, "ignore_errors": True}


def _plan(gate: dict[str, Any]) -> dict[str, Any]:
    """A rollout under way, as `fleet_rollout` begins it, by the example's own settings."""
    options = {name: gate[f"{COLLECTION}.fleet"][name] for name in ("name", "dir", "settings")}
    return {"name": "Before fleet", f"{COLLECTION}.fleet": {**options, "step": "plan"}, "register": "fleet_plan"}


def _replaced(text: str, folder: Path, signer: str) -> str:
    for written, here in REPLACED.items():
        text = text.replace(written, here.format(folder=folder, signer=signer))
    return text


def _results(text: str) -> dict[str, list[dict[str, Any]]]:
    """The callback's own document, behind what modules say to the screen."""
    start = text.rfind("\n{\n")
    if start < 0 and not text.startswith("{\n"):
        return {}
    found: dict[str, list[dict[str, Any]]] = {}
    for one in json.loads(text[max(start, 0) :])["plays"]:
        for task in one["tasks"]:
            name = task["task"]["name"] if one["play"]["name"] == "Examples" else one["play"]["name"]
            found.setdefault(name, []).extend(task["hosts"].values())
    return found


def _podman(container: Container, *words: str) -> None:
    _need("podman", *words, env=dict(container.env))


def _need(*command: str, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, env=env or dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
