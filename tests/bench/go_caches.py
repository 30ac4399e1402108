# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Repairing 100,000 cache entries, against ``find``, ``chown -R`` and the ``file`` module, on one tree in one run.

Takes root. Start-up is excluded: the walk is called in process, with as many workers as the module takes; the ``file``
module's time is less that of ``ping``. Time as a developer waits, the best of several rounds on each side: what else
the machine does is no figure of ours. The walk looks at owner, group and mode, so the ``file`` module is asked for the
same; what it takes for owner and group alone is a figure besides.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "collections"))

from ansible_collections.gopherops.workstation.plugins.module_utils._caches._crew import workers  # noqa: E402
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._policy import Policy  # noqa: E402
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._repair import Walk  # noqa: E402

OURS, THEIRS = 61236, 0
FOLDERS, FILES, ROUNDS, FILE_ROUNDS = 1000, 99, 5, 2


def build(top: Path) -> list[Path]:
    """A module cache: a thousand directories of about a hundred files."""
    made = []
    for number in range(FOLDERS):
        folder = top / f"{number // 100:02x}" / f"m{number}"
        folder.mkdir(parents=True)
        for name in range(FILES):
            os.close(os.open(folder / f"f{name}", os.O_CREAT | os.O_WRONLY, 0o644))
            made.append(folder / f"f{name}")
    return made


def own(top: Path, uid: int) -> None:
    subprocess.run(["chown", "-R", f"{uid}:{uid}", str(top)], check=True)


def spoil(files: list[Path]) -> None:
    for path in files[::100]:
        os.chown(path, THEIRS, THEIRS)


def walk(top: Path) -> int:
    descriptor = os.open(top, os.O_RDONLY | os.O_DIRECTORY)
    try:
        policy = Policy(OURS, OURS)
        return Walk(policy, act=True, read_only_content=False, workers=workers()).run(descriptor, str(top)).repaired
    finally:
        os.close(descriptor)


def find(top: Path) -> None:
    wrong = ["(", "!", "-uid", str(OURS), "-o", "!", "-gid", str(OURS), ")"]
    subprocess.run(["find", str(top), "-xdev", *wrong, "-exec", "chown", "-h", f"{OURS}:{OURS}", "{}", "+"], check=True)


def ansible(*words: str) -> None:
    command = [str(Path(sys.executable).parent / "ansible"), "localhost", "-c", "local", *words]
    python = f"ansible_python_interpreter={sys.executable}"
    subprocess.run([*command, "-e", python], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def seconds(work: Callable[[], object]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


def main() -> int:
    if os.geteuid() != 0:
        print("Cannot measure repairs: changing owners takes root. Run it as root.", file=sys.stderr)
        return 1
    top = Path(tempfile.mkdtemp(prefix="gopherops-bench-"))
    try:
        measure(top)
    finally:
        shutil.rmtree(top)
    return 0


def measure(top: Path) -> None:
    files = build(top)
    own(top, OURS)
    times: dict[str, list[float]] = {"some": [], "find": [], "every": [], "chown": []}
    for _ in range(ROUNDS):
        for name, work in (("some", lambda: walk(top)), ("find", lambda: find(top))):
            spoil(files)
            times[name].append(seconds(work))
        for name, work in (("every", lambda: walk(top)), ("chown", lambda: own(top, OURS))):
            own(top, THEIRS)
            times[name].append(seconds(work))
    owner = f"path={top} recurse=true owner={OURS} group={OURS}"
    modules = {"ping": ("-m", "ansible.builtin.ping"), "file_owner": ("-m", "ansible.builtin.file", "-a", owner)}
    modules["file"] = (*modules["file_owner"][:-1], f"{owner} mode=u+r,o-w")
    for _ in range(FILE_ROUNDS):
        for name, words in modules.items():
            spoil(files)
            times.setdefault(name, []).append(seconds(lambda words=words: ansible(*words)))  # type: ignore[misc]
    best = {name: min(taken) for name, taken in times.items()}
    figures = {
        "one_percent_wrong_to_find": (best["some"] / best["find"], "2.0"),
        "all_wrong_to_chown": (best["every"] / best["chown"], "2.0"),
        "one_percent_wrong_to_file_module": (best["some"] / (best["file"] - best["ping"]), "0.1"),
        "one_percent_wrong_to_file_module_owner_only": (best["some"] / (best["file_owner"] - best["ping"]), "-"),
    }
    print(f"entries {len(files) + FOLDERS} -")
    print(f"workers {workers()} -")
    for name, taken in best.items():
        print(f"seconds_{name} {taken:.3f} -")
    for name, (value, limit) in figures.items():
        print(f"{name} {value:.3f} {limit}")


if __name__ == "__main__":
    sys.exit(main())
