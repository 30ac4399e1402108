# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages name exists, and their examples are taken by the very specs that a run is checked against."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from dev import bench
from docsite import catalogue, claims, examples

ROOT = catalogue.ROOT


def listed(*patterns: str) -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return sorted(name for name in done.stdout.split("\n") if name and (ROOT / name).is_file())


PAGES = [name for name in listed("*.md") if not re.match(r"docs/rules/(GD|symptoms)", name)]


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    lost = list(claims.unknown_names(text))
    lost += [word for words in claims.commands(text) for word in claims.unknown_words(words)]
    assert lost == []


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page_are_taken(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    wrong = []
    for language, body in claims.FENCE.findall(text):
        if language in ("yaml", "yml"):
            wrong += list(examples.errors(yaml.safe_load(body)))
    assert wrong == []


@pytest.mark.parametrize("module", sorted(catalogue.documents()))
def test_the_examples_of_a_module_are_taken(module: str) -> None:
    shown = catalogue.documents()[module]["EXAMPLES"]
    assert list(examples.errors(shown)) == []


@pytest.mark.parametrize(
    "command",
    [
        "./dev provison",
        "./dev test units",
        "./dev test --depp scenarios",
        "./dev bench go_sdks",
        "./dev provision --chek",
        "./dev provision -e go_sdk_verison=1.26",
        "./dev doctor -e '{\"go_doctor_fixx\": true}'",
        "ansible-playbook playbooks/golang.yml",
        "ansible-playbook gopherops.workstation.golang",
        "./dev shell ansible-playbook playbooks/uninstal.yml",
    ],
)
def test_a_command_that_does_not_exist_is_found(command: str) -> None:
    [words] = claims.commands(f"```\n{command}\n```\n")
    assert list(claims.unknown_words(words)) != []


@pytest.mark.parametrize("text", ["set `go_sdk_versions`", "role `gopherops.workstation.go_sdks`"])
def test_a_name_that_does_not_exist_is_found(text: str) -> None:
    assert list(claims.unknown_names(text)) != []


@pytest.mark.parametrize(
    "text",
    [
        "go_sdk_state: gone",
        "go_caches_min_free_mib: much",
        "- gopherops.workstation.go_sdk: {versions: ['1.26']}",
        "- gopherops.workstation.go_tools: {}",
        "- hosts: all\n  roles: [{role: gopherops.workstation.go_sdks}]",
        "- block:\n  - gopherops.workstation.go_sdkk: {}",
    ],
)
def test_an_example_that_would_not_be_taken_is_found(text: str) -> None:
    assert list(examples.errors(yaml.safe_load(text))) != []


def test_what_a_template_will_be_is_not_known() -> None:
    text = "- gopherops.workstation.go_sdk: {state: '{{ wanted }}', keep: '{{ some }}'}"
    assert list(examples.errors(yaml.safe_load(text))) == []


def test_examples_files_are_taken() -> None:
    wrong = []
    for name in listed("examples/*.yml", "examples/**/*.yml"):
        for document in yaml.safe_load_all(Path(ROOT, name).read_text(encoding="utf-8")):
            wrong += [f"{name}: {problem}" for problem in examples.errors(document)]
    assert wrong == []


def test_the_page_on_performance_names_every_bench() -> None:
    text = (ROOT / "docs/performance.md").read_text(encoding="utf-8")
    assert set(bench.discover()) - set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == set()
