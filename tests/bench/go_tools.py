# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``go_tools`` costs: a no-op beside ping and golang_package, five hosts beside one build and five copies.

Prints ``name value limit`` lines, and a table of what each of the two modules notices.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "collections"))

from ansible.plugins.loader import init_plugin_loader  # noqa: E402

init_plugin_loader([str(ROOT / "collections")])

from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools import catalog  # noqa: E402
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.sdk import obtain_go  # noqa: E402

GO, OLDER = "1.27.4", "1.26.11"
CACHE = ROOT / ".cache" / "go"
TASKS, ROUNDS = 10, 3
HOSTS = [f"host{number}" for number in range(5)]
SMALL = ("bundle", "callgraph", "deadcode", "digraph", "eg", "fiximports", "goimports", "stringer")


def go(version: str = GO) -> Path:
    if not (CACHE / f"go{version}").exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        obtain_go(version, CACHE)
    return CACHE / f"go{version}" / "bin" / "go"


def environment(folder: Path, **more: str) -> dict[str, str]:
    caches = {"GOCACHE": str(CACHE / "build"), "GOMODCACHE": str(CACHE / "mod"), "GOTOOLCHAIN": "local"}
    ansible = {
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_PIPELINING": "1",
        "ANSIBLE_PYTHON_INTERPRETER": "/usr/bin/python3",
        "ANSIBLE_FORKS": "5",
        "ANSIBLE_HOME": str(folder / ".ansible"),
        "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.json",
        "ANSIBLE_LOCALHOST_WARNING": "0",
    }
    home = {"HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache"), "GOBIN": str(folder / "go" / "bin")}
    path = f"{go().parent}:{os.environ['PATH']}"
    return {**os.environ, **caches, **ansible, **home, "GOFLAGS": "", "PATH": path, **more}


def play(folder: Path, tasks: list[dict[str, Any]], hosts: list[str] | None = None, **more: Any) -> tuple[float, Any]:
    """Seconds, and the results of the first task by host."""
    head = {"hosts": "all", "gather_facts": False, "connection": "local", **more.pop("head", {})}
    book = folder / "play.json"
    book.write_text(json.dumps([{**head, "tasks": tasks}]))
    inventory = ",".join(hosts or ["localhost"]) + ","
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", inventory, str(book)]
    command += more.pop("words", [])
    started = time.perf_counter()
    done = subprocess.run(command, env=environment(folder, **more), capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode:
        sys.exit(done.stdout[-3000:] + done.stderr)
    return seconds, json.loads(done.stdout[done.stdout.index("{") :])["plays"][0]["tasks"][0]["hosts"]


def each(folder: Path, kinds: dict[str, dict[str, Any]], tasks: int = TASKS) -> dict[str, float]:
    """What one more task of each kind costs: the fastest of several, since all else is noise of the machine."""
    best: dict[tuple[str, int], float] = {}
    for _round in range(ROUNDS):
        for name, task in kinds.items():
            for count in (1, tasks + 1):
                seconds, _results = play(folder, [task] * count)
                best[name, count] = min(seconds, best.get((name, count), seconds))
    return {name: (best[name, tasks + 1] - best[name, 1]) / tasks for name in kinds}


def pins(*names: str) -> list[dict[str, str]]:
    tools = catalog.load()
    fits = {name: next(r["version"] for r in tools[name]["releases"]) for name in ("gopls", "dlv", "stringer")}
    return [
        {"name": name, "version": fits[name]}
        if name in fits
        else {"name": f"golang.org/x/tools/cmd/{name}", "version": fits["stringer"]}
        for name in names
    ]


def ours(tools: list[dict[str, str]], **more: Any) -> dict[str, Any]:
    return {"gopherops.workstation.go_tools": {"go": str(go()), "tools": tools, **more}}


def theirs(tools: list[dict[str, str]]) -> dict[str, Any]:
    known = catalog.load()
    packages = {one["name"]: known.get(one["name"], {"package": one["name"]})["package"] for one in tools}
    if all(one["version"] == "latest" for one in tools):
        words = {"name": list(packages.values()), "state": "latest"}
    else:
        words = {"name": [f"{packages[one['name']]}@{one['version']}" for one in tools]}
    return {"community.general.golang_package": {"executable": str(go()), **words}}


def noop(folder: Path) -> list[tuple[str, float, str]]:
    tools = pins("gopls", "dlv", *SMALL)
    newest = [{**one, "version": "latest"} for one in tools]
    play(folder, [ours(tools)])
    cost = each(folder, {"ping": {"ansible.builtin.ping": {}}, "ours": ours(tools), "theirs": theirs(tools)})
    play(folder, [ours(newest)])
    late = each(folder, {"ours_latest": ours(newest), "theirs_latest": theirs(newest)}, 2)
    beyond = (cost["ours"] - cost["ping"]) / (cost["theirs"] - cost["ping"])
    return [
        ("go_tools_noop_10_tools_vs_ping", cost["ours"] / cost["ping"], "1.5"),
        ("go_tools_noop_vs_golang_package", cost["ours"] / cost["theirs"], "0.2"),
        ("go_tools_noop_vs_golang_package_beyond_a_ping", beyond, "-"),
        ("go_tools_noop_latest_vs_golang_package", late["ours_latest"] / late["theirs_latest"], "-"),
        *((f"{name}_noop_seconds", seconds, "-") for name, seconds in {**cost, **late}.items()),
    ]


def fleet(folder: Path) -> list[tuple[str, float, str]]:
    """Five hosts that have nothing, from a controller that has nothing but Go and the modules' sources."""
    tools = pins("gopls", "dlv")
    cold = folder / "cold"
    head = {"environment": {"HOME": f"{folder}/{{{{ inventory_hostname }}}}", "GOBIN": ""}}
    for host in HOSTS:
        (folder / host).mkdir()
    whole, _results = play(
        folder, [ours(tools, delivery="controller")], HOSTS, head=head, GOCACHE=str(cold / "one"), GOBIN=""
    )
    stage = folder / "stage"
    built = environment(folder, GOCACHE=str(cold / "two"), GOBIN=str(stage), CGO_ENABLED="0")
    started = time.perf_counter()
    for name in theirs(tools)["community.general.golang_package"]["name"]:
        subprocess.run([str(go()), "install", "-trimpath", name], env=built, check=True, capture_output=True)
    build = time.perf_counter() - started
    place = f"{folder}/copied-{{{{ inventory_hostname }}}}-"
    copies = [
        {"ansible.builtin.copy": {"src": f"{stage}/{one['name']}", "dest": place + one["name"], "mode": "0755"}}
        for one in tools
    ]
    copy, _results = play(folder, copies, HOSTS)
    return [
        ("go_tools_5_hosts_vs_build_and_5_copies", whole / (build + copy), "1.3"),
        ("go_tools_5_hosts_seconds", whole, "-"),
        ("go_tools_build_once_seconds", build, "-"),
        ("go_tools_5_copies_seconds", copy, "-"),
    ]


def noticed(folder: Path) -> None:
    """Each fault is put in place of a right program; does a run in check mode want to mend it?"""
    tools = pins("stringer")
    path = folder / "go" / "bin" / "stringer"
    right = path.read_bytes()
    package = f"golang.org/x/tools/cmd/stringer@{tools[0]['version']}"

    def build(version: str, **more: str) -> bytes:
        scratch = Path(tempfile.mkdtemp(dir=folder))
        variables = environment(folder, GOPATH=str(scratch), CGO_ENABLED="0", **more)
        variables.pop("GOBIN")
        command = [str(go(version)), "install", "-trimpath", package]
        subprocess.run(command, env={**variables, "GOENV": "off"}, check=True, capture_output=True)
        (program,) = (file for file in (scratch / "bin").rglob("*") if file.is_file())
        return program.read_bytes()

    def flipped() -> bytes:
        data = bytearray(right)
        data[len(data) // 2] ^= 1
        return bytes(data)

    faults: dict[str, Callable[[], bytes]] = {
        "built with an older Go": lambda: build(OLDER),
        "for another architecture": lambda: build(GO, GOARCH="arm64"),
        "replaced by a script": lambda: b"#!/bin/sh\nexit 0\n",
        "one byte flipped": flipped,
        "cut short": lambda: right[:-4096],
    }
    print(f"{'fault':<28}{'go_tools':<12}golang_package")
    for fault, make in faults.items():
        path.write_bytes(make())
        answers = []
        for task in (ours(tools), theirs(tools)):
            _seconds, results = play(folder, [task], words=["--check"])
            answers.append("notices" if results["localhost"]["changed"] else "misses")
        print(f"{fault:<28}{answers[0]:<12}{answers[1]}", flush=True)
    path.write_bytes(right)


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="gopherops-bench-go-tools-"))
    over = False
    try:
        for part in (noop, fleet):
            for name, value, limit in part(folder):
                print(f"{name} {value:.2f} {limit}", flush=True)
                over |= limit != "-" and value > float(limit)
        noticed(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
