# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``run:`` steps of ``examples/ci/go-workstation.yml``, one after the other, as a hosted runner runs them.

Each is a file that ``bash -e`` gets, in the repository's folder, with the variables of the job; after a failure only
steps with ``if: always()`` follow (https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax).
"""

from __future__ import annotations

import re
import secrets
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from dev.containers import Container
from dev.errors import DevError
from dev.paths import ROOT

from .transcript import Transcript

FILE = ROOT / "examples" / "ci" / "go-workstation.yml"
ACCOUNT = "runner"
WORK = f"/home/{ACCOUNT}/work"
PLACE = f"{WORK}/hello/hello"
TEMPORARY = f"{WORK}/_temp"
# What setup-python would give, and the order in which it stands on PATH.
PYTHON = f"/home/{ACCOUNT}/python"
SHELL = {None: ("bash", "-e"), "bash": ("bash", "--noprofile", "--norc", "-eo", "pipefail")}


def job(file: Path = FILE) -> dict[str, Any]:
    [found] = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"].values()
    return dict(found)


def python_wanted() -> str:
    """The Python that the workflow asks setup-python for."""
    [version] = [step["with"]["python-version"] for step in job()["steps"] if "setup-python" in step.get("uses", "")]
    return str(version)


@dataclass(frozen=True)
class Ran:
    """A job that came to its end."""

    status: Mapping[str, int]
    output: Mapping[str, str]
    summary: str

    @property
    def failed(self) -> list[str]:
        return [name for name, status in self.status.items() if status]


@dataclass(frozen=True)
class Runner:
    """A container as a hosted runner is to a job: an account with sudo, Python, Git, an older Go that comes with it."""

    container: Container
    log: Transcript

    def prepare(self) -> None:
        self.script(f"mkdir -p {WORK} {TEMPORARY} && python3 -m venv {PYTHON}")
        has = self.container.need(f"{PYTHON}/bin/python", "--version", user=ACCOUNT).split()[1]
        if not f"{has}.".startswith(f"{python_wanted()}."):
            raise DevError(f"Cannot stand in for setup-python: the container has Python {has}, not {python_wanted()}.")

    def script(self, text: str) -> str:
        return self.container.need("bash", "-euc", text, user=ACCOUNT)

    def checkout(self, source: str) -> None:
        """A repository that the container sees, as the account's own where the job expects it."""
        self.script(f"rm -rf {PLACE} && mkdir -p {WORK}/hello && cp -r {source} {PLACE}")

    def run(self, matrix: Mapping[str, str], given: Mapping[str, str]) -> Ran:
        """All steps of the job; ``given`` wins over the job's own variables."""
        summary = f"{TEMPORARY}/summary-{secrets.token_hex(4)}"
        self.script(f"rm -rf {TEMPORARY}/* && touch {summary}")
        own = {name: filled(str(value), matrix) for name, value in job()["env"].items()}
        runner = {"CI": "true", "GITHUB_ACTIONS": "true", "RUNNER_OS": "Linux", "RUNNER_TEMP": TEMPORARY}
        runner |= {"GITHUB_WORKSPACE": PLACE, "GITHUB_STEP_SUMMARY": summary}
        runner["PATH"] = f"{PYTHON}/bin:{self.script('echo $PATH').strip()}"
        status: dict[str, int] = {}
        output: dict[str, str] = {}
        for step in [step for step in job()["steps"] if "run" in step]:
            if wanted(step, bool(any(status.values()))):
                done = self.step(step, {**runner, **own, **given})
                status[step["name"]], output[step["name"]] = done.returncode, done.stdout
        return Ran(status, output, self.script(f"cat {summary}"))

    def step(self, step: Mapping[str, Any], variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        script = f"{TEMPORARY}/{secrets.token_hex(4)}.sh"
        self.container.need("sh", "-c", 'printf "%s" "$1" > "$2"', "sh", step["run"], script, user=ACCOUNT)
        words = [f"{name}={value}" for name, value in variables.items()]
        done = self.container.run("env", "-C", PLACE, *words, *SHELL[step.get("shell")], script, user=ACCOUNT)
        self.log.add(f"# {step['name']}\n{step['run']}", done)
        return done


def filled(text: str, matrix: Mapping[str, str]) -> str:
    """An expression is one value of the matrix, or nobody here knows it."""
    return re.sub(r"\$\{\{ matrix\.(\w+) \}\}", lambda found: matrix[found[1]], text)


def wanted(step: Mapping[str, Any], failed: bool) -> bool:
    condition = step.get("if", "success()")
    if condition not in ("success()", "always()"):
        raise DevError(f"Cannot run step '{step['name']}': nobody here knows when '{condition}' is true.")
    return condition == "always()" or not failed
