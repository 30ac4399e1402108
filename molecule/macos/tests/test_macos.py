# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the twin of a Mac must hold; what was laid down is looked at, since this kernel cannot run it."""

from __future__ import annotations

import json
import shlex
import subprocess
from typing import Any

import pytest

HOMES = {"account": "/Users/dev", "machine": "/Users/admin"}
ROOTS = {"account": "/Users/dev/sdk/go", "machine": "/usr/local/go"}
MACHO_ARM64 = "cffaedfe0c000001"


def log(machine: Any, name: str) -> list[str]:
    return str(machine.root(f"cat /private/var/db/twin/{name}")).splitlines()


def test_no_dialog_was_opened_and_no_argument_guessed(machine: Any) -> None:
    assert log(machine, "dialogs") == []
    assert log(machine, "unknown") == []
    assert len(log(machine, "calls")) > 10


def test_go_and_gopls_are_for_the_processor_of_the_mac(machine: Any) -> None:
    home = HOMES[machine.name]
    for path in (f"{ROOTS[machine.name]}/bin/go", f"{home}/go/bin/gopls"):
        assert machine.root(f"head -c 8 {path} | od -An -tx1 | tr -d ' '") == MACHO_ARM64, path


@pytest.mark.parametrize("how", ["-lc", "-ic", "-c"])
def test_zsh_finds_the_managed_go_before_homebrews(machine: Any, how: str) -> None:
    home, user = HOMES[machine.name], machine.variables["ansible_user"]
    inner = shlex.join(["env", "-i", f"HOME={home}", f"USER={user}", "PATH=/usr/bin:/bin", "zsh", how, "command -v go"])
    words = ["podman", "exec", "--user", user, machine.variables["ansible_host"], "sh", "-c", inner]
    found = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    assert found == f"{ROOTS[machine.name]}/bin/go"


def test_places_are_those_of_macos(machine: Any) -> None:
    home = HOMES[machine.name]
    for folder in ("Library/Caches/go-build", "Library/Caches/gopls", "go/pkg/mod"):
        assert machine.root(f"stat -c %U {home}/{folder}") == machine.variables["ansible_user"]
    settings = json.loads(machine.root(f"cat '{home}/Library/Application Support/Code/User/settings.json'"))
    assert settings["go.alternateTools"]["gopls"] == f"{home}/go/bin/gopls"
    assert machine.root(f"ls -d {home}/.cache 2>/dev/null || true") == ""


def test_machine_got_the_tools_of_apple_without_a_dialog(machine: Any) -> None:
    if machine.name != "machine":
        pytest.skip("the account's Mac had them")
    calls = [json.loads(line) for line in log(machine, "calls")]
    assert ["softwareupdate", "--install", "Command Line Tools for Xcode 26.1-26.1"] in calls
    assert machine.root("ls /tmp/.com.apple.dt.* 2>/dev/null || true") == ""


def test_limit_of_open_files_holds_now_and_later(machine: Any) -> None:
    if machine.name != "machine":
        pytest.skip("asked for in scope machine only")
    plist = machine.root("cat /Library/LaunchDaemons/gopherops.maxfiles.plist")
    assert "<string>65536</string>" in plist
    assert json.loads(machine.root("cat /private/var/db/twin/state.json"))["maxfiles"] == ["65536", "unlimited"]
    assert machine.root("cat /etc/paths.d/gopherops").splitlines()[0] == "/usr/local/go/bin"


def test_homebrew_keeps_its_go(machine: Any) -> None:
    if machine.name != "account":
        pytest.skip("no Homebrew on this one")
    assert machine.root("readlink /opt/homebrew/bin/go") == "../Cellar/go/1.26.9/libexec/bin/go"
