# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What go_tools left on the hosts, asked of Go itself and of gopls over the wire."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "default" / "tests"))

from test_default import round_trip  # type: ignore[import-not-found]  # the one client library

TOOLS = {"gopls": "golang.org/x/tools/gopls", "dlv": "github.com/go-delve/delve/cmd/dlv"}
GO = "~/sdk/go/bin/go"
seen: dict[str, set[str]] = {}


@pytest.mark.parametrize("tool", TOOLS)
def test_it_is_what_go_says_it_should_be(machine: Any, tool: str) -> None:
    said = machine.login(f"{GO} version -m ~/go/bin/{tool}")
    assert f"path\t{TOOLS[tool]}\n" in said and "build\t-trimpath=true" in said and "build\tCGO_ENABLED=0" in said
    assert said.splitlines()[0].split(": ")[1] == machine.login(f"{GO} env GOVERSION")


@pytest.mark.parametrize("tool", TOOLS)
def test_every_host_has_the_same_bytes(machine: Any, tool: str) -> None:
    seen.setdefault(tool, set()).add(machine.login(f"sha256sum ~/go/bin/{tool}").split()[0])
    assert len(seen[tool]) == 1


def test_nothing_was_built_or_downloaded_there(machine: Any) -> None:
    assert machine.login("ls -d ~/.cache/go-build ~/go/pkg 2>/dev/null || true") == ""


def test_they_belong_to_the_developer_and_nobody_else_may_write(machine: Any) -> None:
    assert machine.login(f"find {machine.home}/go ! -user {machine.developer}") == ""
    assert machine.login(f"find {machine.home}/go -perm /0022 ! -type l") == ""
    assert machine.login(f"find {machine.home}/go/bin -name 'stage-*'") == ""


def test_the_debugger_starts(machine: Any) -> None:
    assert "Delve Debugger" in machine.login("~/go/bin/dlv version")


def test_gopls_answers_an_editor(machine: Any) -> None:
    machine.login("mkdir -p ~/lsp && cd ~/lsp && printf 'module example.com/lsp\n\ngo 1.21\n' > go.mod")
    command = machine.stdio(f"env PATH={machine.home}/sdk/go/bin:/usr/bin:/bin {machine.home}/go/bin/gopls")
    asyncio.run(asyncio.wait_for(round_trip(command, machine), 180))
