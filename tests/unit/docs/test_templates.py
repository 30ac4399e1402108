# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workflows, ours and the one to copy, and the dev container: they parse, name what exists, and are pinned."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from docsite import catalogue, claims
from template_runs import devcontainer, workflow

ROOT = catalogue.ROOT
WORKFLOWS = [*sorted((ROOT / ".github/workflows").glob("*.yml")), *sorted((ROOT / "examples/ci").glob("*.yml"))]
DEVCONTAINER = devcontainer.FOLDER


def steps(workflow: Path) -> list[dict[str, Any]]:
    jobs = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values()
    return [step for job in jobs for step in job.get("steps", [])]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_actions_are_pinned_by_commit_and_say_their_release(workflow: Path) -> None:
    used = re.findall(r"uses: (\S+)(.*)", workflow.read_text(encoding="utf-8"))
    loose = [name for name, rest in used if not re.search(r"@[0-9a-f]{40}$", name) or not re.match(r" # v\d", rest)]
    assert loose == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_asks_for_what_it_needs_and_no_more(workflow: Path) -> None:
    text = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    assert text["permissions"] in ({"contents": "read"}, {})
    assert all("timeout-minutes" in job for job in text["jobs"].values())


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_its_shell_parses_and_its_commands_exist(workflow: Path) -> None:
    default = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
    shells = {job.get("defaults", {}).get("run", {}).get("shell") for job in default.values()}
    for script in [step["run"] for step in steps(workflow) if "run" in step]:
        plain = re.sub(r"\$\{\{.*?\}\}", "x", script)
        if "pwsh" not in shells:
            done = subprocess.run(["bash", "-n"], input=plain, text=True, capture_output=True, check=False)
            assert done.returncode == 0, done.stderr
        found = claims.commands(f"```\n{plain}\n```\n")
        assert [word for words in found for word in claims.unknown_words(words)] == []


def test_no_expression_is_pasted_into_a_script() -> None:
    """A branch's name may hold shell code: values come in by the environment."""
    pasted = [step["run"] for file in WORKFLOWS for step in steps(file) if "${{" in step.get("run", "")]
    assert pasted == []


def test_the_dev_container_is_what_its_files_say() -> None:
    described = devcontainer.described()
    docker = (DEVCONTAINER / described["build"]["dockerfile"]).read_text(encoding="utf-8")
    variables = yaml.safe_load((DEVCONTAINER / "workstation.yml").read_text(encoding="utf-8"))
    account = variables["golang_dev_user"]
    assert described["remoteUser"] == account
    assert f" {account} \\" in docker and f"USER {account}" in docker
    folders = [re.search(r"target=([^,]+)", mount)[1] for mount in described["mounts"]]  # type: ignore[index]
    made = re.search(r"install -d -o (\w+) -g \w+ (.*)", docker)
    assert made is not None and made[1] == account
    assert set(folders) <= set(made[2].split())
    for name in re.findall(r"^COPY (\S+)", docker, re.MULTILINE):
        assert (DEVCONTAINER / name).is_file()
    commands = [*re.findall(r"ansible-playbook [^\n&]*", docker), described["postCreateCommand"]]
    for command in commands:
        [words] = claims.commands(f"```\n{command}\n```\n")
        assert list(claims.unknown_words(words)) == []


def test_the_workflow_is_one_that_can_be_played() -> None:
    """`./dev test --deep templates` knows every condition, shell and expression in it."""
    played = [step for step in workflow.job()["steps"] if "run" in step]
    assert [step["name"] for step in played if workflow.wanted(step, failed=True)] == ["What it found"]
    assert {step.get("shell") for step in played} <= set(workflow.SHELL)
    matrix = {name: str(values[0]) for name, values in workflow.job()["strategy"]["matrix"].items()}
    assert "${{" not in "".join(workflow.filled(str(value), matrix) for value in workflow.job()["env"].values())
    assert re.fullmatch(r"3\.\d+", workflow.python_wanted())


def test_the_scenarios_of_the_matrix_are_there() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))["jobs"]
    named = jobs["molecule"]["strategy"]["matrix"]["scenario"]
    assert [name for name in named if not (ROOT / "molecule" / name / "molecule.yml").is_file()] == []


def test_every_block_of_the_tutorial_is_followed() -> None:
    """`./dev test --deep tutorial` knows what each command that the reader types has to say."""
    where = importlib.util.spec_from_file_location("tutorial", ROOT / "tests/deep/tutorial.py")
    assert where is not None and where.loader is not None
    tutorial = importlib.util.module_from_spec(where)
    where.loader.exec_module(tutorial)
    found = [tutorial.expected(block) for block in tutorial.blocks()]
    assert len(found) == len(tutorial.EXPECTED) == len(set(found))
