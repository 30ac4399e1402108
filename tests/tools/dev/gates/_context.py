# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every gate is given: the venv, the environment, the user's choices, and a way to run a tool."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import DevError
from ..outcome import Outcome, from_junit
from ..paths import CACHE, ROOT
from ..venvs import Venv

SHOWN = 100  # lines of a failed tool's output; the whole is in its log


@dataclass(frozen=True)
class Context:
    """One run of ``./dev test``."""

    venv: Venv
    env: Mapping[str, str]
    keyword: str | None = None
    choice: Sequence[str] = ()
    """Names behind a gate's own: ``./dev test molecule default``."""
    deep: bool = False
    logs: Path = field(default=CACHE / "logs")

    def chosen(self, kind: str, there: Sequence[str]) -> Sequence[str]:
        """The names that the user gave, each of which has to be there."""
        for name in self.choice:
            if name not in there:
                raise DevError(
                    f"Cannot run {kind} '{name}': there is none of that name. There are: {', '.join(there)}.", 2
                )
        return self.choice

    def tool(self, name: str, *arguments: str) -> list[str]:
        return [str(self.venv.bin / name), *arguments]

    def run(
        self,
        label: str,
        command: Sequence[str],
        *,
        cwd: Path = ROOT,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a tool with its output in ``.cache/logs/LABEL.log``; shown only when it failed."""
        self.logs.mkdir(parents=True, exist_ok=True)
        log = self.logs / f"{label.replace('/', '-')}.log"
        with log.open("w", encoding="utf-8") as out:
            done = subprocess.run(
                command,
                cwd=cwd,
                env={**self.env, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                check=False,
            )
        text = log.read_text(encoding="utf-8", errors="replace")
        if done.returncode:
            lines = text.splitlines()
            cut = [f"... {len(lines) - SHOWN} lines more"] if len(lines) > SHOWN else []
            shown = "\n".join([f"--- {label}: {' '.join(command)}", *cut, *lines[-SHOWN:]])
            sys.stdout.write(f"\n{shown}\n--- end of {label} ({log.relative_to(ROOT)})\n")
            sys.stdout.flush()
        return subprocess.CompletedProcess(command, done.returncode, text, "")

    def pytest(self, label: str, *arguments: str, env: Mapping[str, str] | None = None) -> Outcome:
        """Run pytest; the counts are those of its own report."""
        report = self.logs / f"{label.replace('/', '-')}.xml"
        report.unlink(missing_ok=True)
        keyword = ["-k", self.keyword] if self.keyword else []
        command = [str(self.venv.python), "-m", "pytest", f"--junitxml={report}", *keyword, *arguments]
        done = self.run(label, command, env=env)
        if done.returncode == 5:  # pytest's own status for "no test was selected"
            return Outcome(
                skips=[f"{label}: no test matches"] if self.keyword else [],
                failures=[] if self.keyword else [f"{label}: no tests"],
            )
        outcome = from_junit(report, label)
        if done.returncode and not outcome.failures:
            outcome.failures.append(f"{label}: pytest ended with status {done.returncode}")
        return outcome


@dataclass(frozen=True)
class Gate:
    """A named gate; ``needs`` are the system programs that it cannot do without."""

    name: str
    what: str
    run: Callable[[Context], Outcome]
    needs: tuple[str, ...] = ()


def cores() -> int:
    """Processes at once: no more than the cores, nor than two, which is what the time budget is measured on."""
    return min(2, os.cpu_count() or 1)
