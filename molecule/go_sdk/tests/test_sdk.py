# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What go_sdk left on the hosts: asked of Go itself, and hashed by a shell pipeline that shares no code with it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

PINS = json.loads((Path(__file__).resolve().parents[3] / "plugins/plugin_utils/_data/go_releases.json").read_text())[
    "releases"
]
VERSIONS = ("1.27.3", "1.26.6")


@pytest.mark.parametrize("version", VERSIONS)
def test_the_tree_hash_is_the_published_one(machine: Any, version: str) -> None:
    prefix = f"golang.org/toolchain@v0.0.1-go{version}.linux-amd64/"
    summed = machine.login(
        f"cd ~/sdk/go{version} && find . -type f -print0 | xargs -0 sha256sum"
        f" | sed -E 's#  \\./#  {prefix}#; s#/go\\.mod$#/_go.mod#' | LC_ALL=C sort -k2 | sha256sum"
    )
    h1 = "h1:" + base64.b64encode(bytes.fromhex(summed.split()[0])).decode()
    assert h1 == PINS[version]["platforms"]["linux-amd64"]["h1"]


def test_the_link_leads_to_the_active_one(machine: Any) -> None:
    assert machine.login("readlink ~/sdk/go") == "go1.27.3"
    assert machine.login("~/sdk/go/bin/go version") == "go version go1.27.3 linux/amd64"
    assert machine.login("~/sdk/go1.26.6/bin/go version") == "go version go1.26.6 linux/amd64"


def test_it_builds_and_tests_a_program(machine: Any) -> None:
    machine.login("mkdir -p ~/hello && cd ~/hello && printf 'module example.com/hello\n\ngo 1.21\n' > go.mod")
    machine.login("cd ~/hello && printf 'package main\n\nfunc main() { println(6 * 7) }\n' > main.go")
    machine.login("cd ~/hello && GOFLAGS= ~/sdk/go/bin/go build -o hello .")
    assert machine.login("~/hello/hello 2>&1") == "42"


def test_nothing_is_left_lying(machine: Any) -> None:
    names = set(machine.login("ls -A ~/sdk").split())
    trees = {f"go{version}" for version in VERSIONS} | {f".go{version}.manifest" for version in VERSIONS}
    assert names == trees | {"go", ".go.history", "go1.27.3.set-aside"}
    assert machine.login("cat ~/sdk/go1.27.3.set-aside/src/mine.go") == "mine"


def test_everything_is_the_developers(machine: Any) -> None:
    assert machine.login(f"find ~/sdk ! -user {machine.developer}") == ""
    assert machine.login("find ~/sdk -perm /0022 ! -type l") == ""
