# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: E402, E501
"""What the doctor costs, as ``name value limit`` lines; exit status 1 when one is over.

    tests/bench/doctor.py [--go FILE] [--gopls FILE]

Ratios are taken in one run on one machine, medians of several rounds. Without Go and gopls only the controller's side
is measured, and that is said.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "collections"))

from ansible_collections.gopherops.workstation.plugins.module_utils._functional._prove import Proof
from ansible_collections.gopherops.workstation.plugins.module_utils._info._collect import Collection, visit
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._judge import Judge
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._policy import policy
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._registry import rules
from ansible_collections.gopherops.workstation.plugins.plugin_utils._probe._pack import packed
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._examined import Examined
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._html import as_html

FACTS = ROOT / "tests" / "unit" / "plugins" / "plugin_utils" / "_doctor" / "facts" / "linux.json"
PROBE = ROOT / "plugins" / "plugin_utils" / "_probe" / "source"
ROUNDS, COLD_ROUNDS = 9, 3
LSP_CLIENT = """
import json, subprocess, sys
root, file = sys.argv[2], sys.argv[2] + "/main.go"
server = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=root)
def send(**m):
    body = json.dumps({"jsonrpc": "2.0", **m}).encode()
    server.stdin.write(b"Content-Length: %d\\r\\n\\r\\n%s" % (len(body), body)); server.stdin.flush()
def read():
    length = 0
    while (line := server.stdout.readline().strip()):
        if line.lower().startswith(b"content-length"): length = int(line.split(b":")[1])
    return json.loads(server.stdout.read(length))
def wait(done):
    while True:
        m = read()
        if "method" in m and "id" in m:
            items = m["params"].get("items", []) if isinstance(m.get("params"), dict) else []
            send(id=m["id"], result=[{} for _ in items] if m["method"] == "workspace/configuration" else None)
        elif done(m): return m
def ask(n, method, **params):
    send(id=n, method=method, params=params); return wait(lambda m: m.get("id") == n and "method" not in m)
uri = "file://" + file
doc = {"textDocument": {"uri": uri}, "position": {"line": 7, "character": 6}}
ask(1, "initialize", processId=None, rootUri="file://" + root, capabilities={"workspace": {"configuration": True}})
send(method="initialized", params={})
for name in ("main.go", "wrong/wrong.go"):
    send(method="textDocument/didOpen", params={"textDocument": {"uri": "file://%s/%s" % (root, name), "languageId": "go",
         "version": 1, "text": open(root + "/" + name).read()}})
wait(lambda m: m.get("method") == "textDocument/publishDiagnostics" and m["params"]["diagnostics"])
for n, method in enumerate(("definition", "hover", "completion"), 2): ask(n, "textDocument/" + method, **doc)
ask(5, "textDocument/references", context={"includeDeclaration": True}, **{**doc, "position": {"line": 4, "character": 6}})
ask(6, "textDocument/formatting", textDocument=doc["textDocument"], options={"tabSize": 8, "insertSpaces": False})
ask(7, "textDocument/rename", newName="salute", **{**doc, "position": {"line": 4, "character": 6}})
ask(8, "shutdown"); send(method="exit"); server.wait(10)
"""
SCRIPT = """
{go} version; GOENV=off {go} version; {go} env -json; {go} env GOROOT
for d in {dirs}; do
  [ -d "$d" ] && find "$d" -maxdepth 3 ! -user "$(id -u)" -print -quit; stat "$d"; df -Pk "$d"; df -Pi "$d"
  [ -w "$d" ] && f=$(mktemp -p "$d") && echo x > "$f" && rm "$f"
done
cat /proc/self/mountinfo /etc/os-release /proc/sys/kernel/osrelease /proc/sys/fs/inotify/max_user_watches
ls "$HOME/.config/Code/User" "$HOME/.vscode/extensions" "$HOME/.vscode-server"; cat "$HOME/.config/go/env"
{go} version -m {gopls}; git --version; uname -srm; ulimit -n; id
ps -u "$(id -u)" -o comm=
"""


def medians(*actions: Callable[[], Any]) -> list[float]:
    """They take turns, so that whatever else the machine does hits them alike."""
    times: list[list[float]] = [[] for _action in actions]
    for _round in range(ROUNDS):
        for seconds, action in zip(times, actions, strict=True):
            begin = time.perf_counter()
            action()
            seconds.append(time.perf_counter() - begin)
    return [statistics.median(one) for one in times]


def controller() -> list[tuple[str, float, float]]:
    text = FACTS.read_text(encoding="utf-8")
    judge = Judge(rules(), policy({}), {}, {})
    facts = json.loads(text)
    (one,) = medians(lambda: judge.verdicts(facts))
    begin = time.perf_counter()
    page = as_html([host(judge, text, number) for number in range(1000)])
    seconds = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert page.count("<details") == 1000
    assert page.count("GD001") > 333
    return [
        ("rules_one_host_ms", one * 1000, 10),
        ("html_1000_hosts_s", seconds, 5),
        ("html_1000_hosts_mib", memory, 300),
    ]


def host(judge: Judge, text: str, number: int) -> Examined:
    """From facts as they arrive; every third host has no Go, every third another trouble of its own."""
    facts = json.loads(text)
    if number % 3 == 0:
        facts["gos"] = []
    elif number % 3 == 1:
        facts["env"]["login"] = {**facts["env"].get("login", {}), "GOROOT": f"/opt/go{number}", "GO111MODULE": "off"}
    return Examined(f"host{number:04}", "2026-11-21", judge.verdicts(facts), facts["functional"], facts)


def target(go: str, gopls: str) -> list[tuple[str, float, float]]:
    options = {"go": go, "gopls": gopls}
    with visit(os.environ) as place:
        look = Collection(place, options)
        info = look.gather()
        shell = info["env"]["login_shell"]["seconds"]
        dirs = " ".join(one["path"] for one in info["dirs"].values())
        script = SCRIPT.format(go=go, gopls=gopls, dirs=dirs)
        collecting, probing = medians(
            lambda: Collection(place, options).gather(),
            lambda: subprocess.run(["sh", "-c", script], capture_output=True, check=False),
        )
        Proof(place, info, look.login, look.settings).run(packed(), False)  # warms every cache
        env = {**os.environ, "PATH": f"{os.path.dirname(go)}:{os.environ['PATH']}", "GOTOOLCHAIN": "local"}
        with scratch() as folder:
            client = [sys.executable, "-c", LSP_CLIENT, gopls, folder]
            proving, asking = medians(
                lambda: Proof(place, info, look.login, look.settings).run(packed(), False),
                lambda: subprocess.run(client, env=env, check=True, timeout=300),
            )
            cold = cold_ratio(place, look, info, client, env)
    return [
        ("collection_to_shell_script", (collecting - shell) / probing, 1.5),
        ("functional_warm_to_lsp_client", proving / asking, 1.3),
        ("functional_cold_to_warm_limit_and_go_build", cold, 1.0),
    ]


@contextlib.contextmanager
def scratch() -> Iterator[str]:
    """The probe's own scratch module, for a client that is not the probe."""
    source = (PROBE / "scratch.go").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "wrong").mkdir()
        Path(folder, "go.mod").write_text("module gopherops.example/scratch\n\ngo 1.26\n")
        Path(folder, "main.go").write_text(source.split("const mainGo = `")[1].split("`")[0])
        Path(folder, "wrong", "wrong.go").write_text(source.split("const wrongGo = `")[1].split("`")[0])
        yield folder


def cold_ratio(place: Place, look: Collection, info: dict[str, Any], client: list[str], env: dict[str, str]) -> float:
    """With empty caches: the check to 1.3 times a client's questions and a build of a program of the same imports.

    Each side has caches of its own, in every round; the rounds alternate, and medians are compared.
    """
    proving, building, asking = [], [], []
    for _round in range(COLD_ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            ours, theirs = (
                {"GOCACHE": f"{folder}/{side}/build", "GOPLSCACHE": f"{folder}/{side}/gopls", "GOFLAGS": "-trimpath"}
                for side in ("ours", "theirs")
            )
            check = Proof(place, info, {**look.login, **ours}, look.settings)
            begin = time.perf_counter()
            proved = check.run(packed(), False)
            proving.append(time.perf_counter() - begin)
            assert proved["passed"], proved
            program = Path(folder, "program")
            program.mkdir()
            (program / "go.mod").write_text("module gopherops.example/program\n\ngo 1.26\n")
            imports = "".join(f'import _ "{name}"\n' for name in sorted(probe_imports(info["go"]["path"], env)))
            (program / "main.go").write_text(f"package main\n\n{imports}\nfunc main() {{}}\n")
            build = [info["go"]["path"], "build", "-o", f"{folder}/built", "."]
            begin = time.perf_counter()
            subprocess.run(build, cwd=program, env={**env, **theirs}, check=True)
            building.append(time.perf_counter() - begin)
            begin = time.perf_counter()
            subprocess.run(client, env={**env, **theirs}, check=True, timeout=600)
            asking.append(time.perf_counter() - begin)
    check_s, build_s, client_s = (statistics.median(times) for times in (proving, building, asking))
    print(f"cold: check {check_s:.1f} s, build {build_s:.1f} s, client {client_s:.1f} s")
    return check_s / (1.3 * client_s + build_s)


def probe_imports(go: str, env: dict[str, str]) -> set[str]:
    """What the probe and its tests import."""
    words = [go, "list", "-f", '{{join .Imports " "}} {{join .TestImports " "}}', "."]
    return set(subprocess.run(words, cwd=PROBE, env=env, check=True, capture_output=True, text=True).stdout.split())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--go", default=shutil.which("go") or "")
    parser.add_argument("--gopls", default=shutil.which("gopls") or "")
    asked = parser.parse_args()
    lines = controller()
    if asked.go and asked.gopls:
        lines += target(asked.go, asked.gopls)
    else:
        print("skipped: collection and functional check (no go or gopls here; name them with --go and --gopls)")
    for name, value, limit in lines:
        print(f"{name} {value:.2f} {limit}")
    return 1 if any(value > limit for _name, value, limit in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
