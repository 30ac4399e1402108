# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``vscode_settings`` costs: the engine beside ``json.loads``, a no-op task beside ``ansible.builtin.ping``.

Prints ``name value limit`` lines and ends with status 1 when a value is above its limit.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "collections"))

from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._edit import Editor  # noqa: E402
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._policy import Wish, apply  # noqa: E402

TASKS = 10
ROUNDS = 5


def settings_file() -> str:
    """400 keys as in real settings: most of them scalars, some lists and objects."""
    content: dict[str, Any] = {}
    for i in range(400):
        kinds = (i, f"a text of usual length {i}", i % 2 == 0, ["one", f"two {i}"], {"a": i, "b": {"c": [True]}})
        content[f"{('editor', 'go', 'workbench', 'files', 'terminal')[i % 5]}.group{i % 7}.key{i}"] = kinds[
            (i // 5) % 5
        ]
    return json.dumps(content, indent=4) + "\n"


def thirty_edits() -> list[Wish]:
    """Ten values replaced, ten keys new, five removed, five objects merged."""
    keys = list(json.loads(settings_file()))
    wishes = [Wish(key, "set", "another text") for key in keys[5:205:20]]
    wishes += [Wish(f"go.new.key{i}", "set", i) for i in range(10)]
    wishes += [Wish(key, "absent") for key in keys[210:310:20]]
    return wishes + [Wish("gopls", "merge", {f"build.key{i}": True}) for i in range(5)]


def fastest(act: Callable[[], object], rounds: int = 60) -> float:
    """The best of many: everything else is noise of the machine."""
    times = []
    for _ in range(rounds):
        started = time.process_time()
        act()
        times.append(time.process_time() - started)
    return min(times)


def play(folder: Path, task: dict[str, Any], count: int) -> float:
    """Seconds for a play with so many of this task."""
    tasks = [{"name": f"Task {i}", **task} for i in range(count)]
    book = folder / "play.json"
    book.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "connection": "local", "tasks": tasks}]))
    environment = {
        **os.environ,
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_PIPELINING": "1",
        "ANSIBLE_LOCALHOST_WARNING": "0",
        "ANSIBLE_PYTHON_INTERPRETER": "/usr/bin/python3",
        "HOME": str(folder),
    }
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", str(book)]
    started = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return seconds


def each(folder: Path, task: dict[str, Any]) -> float:
    """What one more task of this kind costs."""
    return (play(folder, task, TASKS + 1) - play(folder, task, 1)) / TASKS


def noop_beside_ping() -> float:
    settings = {f"go.key{i}": i for i in range(30)}
    task: dict[str, Any] = {
        "gopherops.workstation.vscode_settings": {"settings": settings, "products": ["code", "vscodium"]}
    }
    with tempfile.TemporaryDirectory(prefix="gopherops-bench-") as name:
        folder = Path(name)
        play(folder, task, 1)  # the files are as wanted from here on
        ping: dict[str, Any] = {"ansible.builtin.ping": {}}
        ratios = [each(folder, task) / each(folder, ping) for _ in range(ROUNDS)]
    return statistics.median(ratios)


def main() -> int:
    text, wishes = settings_file(), thirty_edits()
    assert len(apply(Editor(text), wishes).edits) == len(wishes)
    engine = fastest(lambda: apply(Editor(text), wishes).text) / fastest(lambda: json.loads(text))
    big = "{\n" + ",\n".join(f'  // {i}\n  "key{i}": ["v{i}", {{ "deep": {i} }}]' for i in range(92_000)) + "\n}\n"
    figures = [
        ("vscode_edits_vs_json_loads", engine, 30.0),
        ("vscode_5mb_seconds", fastest(lambda: apply(Editor(big), wishes).text, rounds=2), 2.0),
        ("vscode_noop_vs_ping", noop_beside_ping(), 1.5),
    ]
    for name, value, limit in figures:
        print(f"{name} {value:.2f} {limit:g}", flush=True)
    return int(any(value > limit for _, value, limit in figures))


if __name__ == "__main__":
    sys.exit(main())
