# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the twin of a WSL2 distribution must hold."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

WINDOWS = "/mnt/c/Program Files/Go/bin"


def test_no_windows_program_was_asked_what_the_role_does_not_ask(machine: Any) -> None:
    assert machine.root("cat /run/twin/unknown") == ""
    calls = machine.root("cat /run/twin/calls").splitlines()
    assert calls and all(call.startswith("powershell.exe -NoProfile -NonInteractive -Command") for call in calls)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_linux_go_comes_before_the_one_of_windows(machine: Any, shell: str) -> None:
    user = machine.variables["ansible_user"]
    found = machine.host.run(
        f"env -i HOME=/home/{user} USER={user} PATH='/usr/bin:/bin:{WINDOWS}' {shell} -lc 'go version'"
    )
    assert re.fullmatch(r"go version go1\.\d+\.\d+ linux/\w+", found.stdout.strip()), found.stdout + found.stderr


def test_nothing_of_go_lies_on_the_windows_drive(machine: Any) -> None:
    assert machine.root("find /mnt/c -newer /etc/hostname \\( -name 'go-build*' -o -name gopls -o -name mod \\)") == ""
    go = "/usr/local/go" if machine.name == "machine" else "/home/dev/sdk/go"
    places = machine.host.run(f"{go}/bin/go env GOCACHE GOMODCACHE GOPATH").stdout.split()
    assert len(places) == 3 and not any(place.startswith("/mnt/") for place in places)


def test_wsl_conf_is_the_machines_business(machine: Any) -> None:
    text = machine.root("cat /etc/wsl.conf")
    original = "# made by the distribution\n[network]\nhostname = laptop"
    if machine.name == "account":
        assert text == original
    else:
        assert text.startswith(original)
        assert "options=metadata" in text and "systemd=true" in text and "appendWindowsPath=true" in text


def test_settings_are_for_this_side_only(machine: Any) -> None:
    user = machine.variables["ansible_user"]
    assert machine.root(f"ls -d /home/{user}/.config/Code 2>/dev/null || true") == ""
    told = json.loads(machine.root(f"cat /home/{user}/.vscode-server/data/Machine/settings.json"))
    assert told["go.alternateTools"]["gopls"] == f"/home/{user}/go/bin/gopls"
