# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Campaigns too long for the gate: every file ``tests/deep/NAME.py`` is one, and a stopped one goes on where it was.

A campaign is a program that is called as ``NAME.py list`` (prints one case per line) and ``NAME.py run CASE...``
(prints ``ok CASE``, ``skip CASE WHY`` or ``fail CASE WHY`` as each ends). State lies in ``.cache/deep/NAME.json``; it
counts only for the same commit and the same campaign file.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from .outcome import Outcome
from .paths import CACHE, ROOT
from .venvs import Venv

FOLDER = ROOT / "tests" / "deep"
BATCH = 20


def discover(folder: Path = FOLDER) -> dict[str, Path]:
    return {file.stem: file for file in sorted(folder.glob("*.py")) if not file.stem.startswith("_")}


def key(file: Path) -> str:
    """What results are valid for: the code under test as committed, and the campaign's own text."""
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return hashlib.sha256(head.encode() + file.read_bytes()).hexdigest()


def load(state: Path, valid: str) -> dict[str, str]:
    """Results so far: case -> ``ok``, ``skip WHY`` or ``fail WHY``."""
    try:
        stored = json.loads(state.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return dict(stored["results"]) if stored.get("key") == valid else {}


def save(state: Path, valid: str, results: Mapping[str, str]) -> None:
    state.parent.mkdir(parents=True, exist_ok=True)
    part = state.with_suffix(".part")
    part.write_text(json.dumps({"key": valid, "results": results}), encoding="utf-8")
    part.replace(state)


def run(name: str, file: Path, venv: Venv, env: Mapping[str, str], state_folder: Path = CACHE / "deep") -> Outcome:
    started = time.monotonic()
    state, valid = state_folder / f"{name}.json", key(file)
    # -P: a campaign called coverage.py hides no package of that name.
    command = [str(venv.python), "-P", str(file)]
    listed = subprocess.run([*command, "list"], env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        sys.stdout.write(listed.stderr)
        return Outcome(failures=[f"{name}: it does not list its cases"])
    cases = listed.stdout.split()
    results = {case: result for case, result in load(state, valid).items() if not result.startswith("fail")}
    left = [case for case in cases if case not in results]
    print(f"{name}: {len(cases)} cases, {len(cases) - len(left)} done before", flush=True)
    for start in range(0, len(left), BATCH):
        batch = left[start : start + BATCH]
        results.update(_batch([*command, "run", *batch], env, batch))
        save(state, valid, results)
        print(f"{name}: {len(results)} of {len(cases)}, {time.monotonic() - started:.0f} s", flush=True)
    results = {case: results[case] for case in cases}
    print("\n".join([*table(results), *figures(results)]), flush=True)
    return counted(name, results, time.monotonic() - started)


def _batch(command: list[str], env: Mapping[str, str], cases: list[str]) -> dict[str, str]:
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    results: dict[str, str] = {}
    for line in done.stdout.splitlines():
        word, _space, rest = line.partition(" ")
        case, _space, why = rest.partition(" ")
        if word in ("ok", "skip", "fail") and case in cases:
            results[case] = f"{word} {why}".strip()
    if len(results) < len(cases):
        sys.stdout.write(done.stdout + done.stderr)
    return {case: results.get(case, f"fail no answer (status {done.returncode})") for case in cases}


def table(results: Mapping[str, str]) -> list[str]:
    """How each group of cases ended; a group is what stands before a case's last slash."""
    groups: dict[str, list[str]] = {}
    for case, result in results.items():
        groups.setdefault(case.rpartition("/")[0] or case, []).append(result.partition(" ")[0])
    width = max(map(len, groups), default=0)
    return [f"{group:<{width}}  {words.count('ok')} of {len(words)} ok" for group, words in groups.items()]


def figures(results: Mapping[str, str]) -> list[str]:
    """What a case that went well has to say, where that is more than a word."""
    told = {case: result.removeprefix("ok ") for case, result in results.items() if result.startswith("ok ")}
    return [f"{case}: {text}" for case, text in told.items() if " " in text]


def counted(name: str, results: Mapping[str, str], seconds: float) -> Outcome:
    outcome = Outcome(seconds=seconds)
    for case, result in results.items():
        word, _space, why = result.partition(" ")
        if word == "ok":
            outcome.passed += 1
        elif word == "skip":
            outcome.skips.append(f"{name}: {case}: {why or 'no reason given'}")
        else:
            outcome.failures.append(f"{name}: {case}: {why}")
    return outcome
