# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks as a playbook runs them, on a real home in a temporary folder."""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from vscode.pack import vsix

ROOT = Path(__file__).resolve().parents[3]


class Machine:
    """A home, and Ansible's own way of running tasks in it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder / "home"
        self.settings = self.home / ".config" / "Code" / "User" / "settings.json"
        self.settings.parent.mkdir(parents=True)

    def run(self, module: str, *arguments: str, **options: Any) -> dict[str, Any]:
        """The result of one task."""
        book = self.folder / "play.json"
        task = {"name": "It", f"gopherops.workstation.{module}": options}
        book.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]), "utf-8")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            "ANSIBLE_LOCAL_TEMP": str(self.folder / "tmp"),
            "ANSIBLE_REMOTE_TEMP": str(self.folder / "tmp"),
        }
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", "-c", "local"]
        done = subprocess.run(
            [*command, *arguments, str(book)], env=environment, capture_output=True, text=True, check=False, cwd=ROOT
        )
        play = json.loads(done.stdout[done.stdout.index("{") :])
        result: dict[str, Any] = play["plays"][0]["tasks"][0]["hosts"]["localhost"]
        return result


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_check_mode_diff_real_run_and_second_run(machine: Machine) -> None:
    machine.settings.write_bytes(b'{\n  // mine\n  "a": 1, // one\n}\n')
    wish = {"settings": {"a": 2, "go.toolsManagement.autoUpdate": False}, "backup": True}
    planned = machine.run("vscode_settings", "--check", "--diff", **wish)
    assert machine.settings.read_bytes() == b'{\n  // mine\n  "a": 1, // one\n}\n'
    done = machine.run("vscode_settings", "--diff", **wish)
    assert planned["changed"] and planned["changes"] == done["changes"] and planned["diff"] == done["diff"]
    after = '{\n  // mine\n  "a": 2, // one\n  "go.toolsManagement.autoUpdate": false,\n}\n'
    assert machine.settings.read_text("utf-8") == done["diff"][0]["after"] == after
    assert Path(done["files"][0]["backup_file"]).read_bytes() == b'{\n  // mine\n  "a": 1, // one\n}\n'
    again = machine.run("vscode_settings", **wish)
    assert not again["changed"] and again["changes"] == [] and "diff" not in again


def test_a_malformed_file_is_shown_and_untouched(machine: Machine) -> None:
    machine.settings.write_bytes(b'{\n  "a": 1\n  "b": 2\n}\n')
    result = machine.run("vscode_settings", settings={"a": 2})
    assert result["failed"]
    assert f"Cannot edit settings file '{machine.settings}': line 3, column 3" in result["msg"]
    assert '\n  "b": 2\n  ^\n' in result["msg"]
    assert (result["line"], result["column"]) == (3, 3)
    assert machine.settings.read_bytes() == b'{\n  "a": 1\n  "b": 2\n}\n'


def test_a_fresh_home_and_absent_again(machine: Machine) -> None:
    machine.settings.parent.rmdir()
    done = machine.run("vscode_settings", settings={"a": {"b": [1]}}, products=["vscodium"])
    created = [change["path"] for change in done["changes"]]
    assert created == [f"{machine.home}/.config/VSCodium", f"{machine.home}/.config/VSCodium/User/settings.json"]
    machine.run("vscode_settings", settings={"a": None}, products=["vscodium"], state="absent")
    assert (machine.home / ".config/VSCodium/User/settings.json").read_text("utf-8") == "{}\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Serves the folder's packages on this machine only."""
    (tmp_path / "served").mkdir()
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path / "served"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_a_package_from_a_url_is_installed_when_its_hash_is_right(machine: Machine, server: str) -> None:
    path = vsix(machine.folder / "served")
    wanted = {"name": "golang.go", "vsix": f"{server}/{path.name}", "sha256": "0" * 64}
    wrong = machine.run("vscode_extension", extensions=[wanted])
    assert wrong["failed"] and "its SHA-256 is" in wrong["msg"]
    assert not (machine.home / ".vscode").exists()
    wanted["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    done = machine.run("vscode_extension", extensions=[wanted])
    assert done["changed"] and done["extensions"][0]["version"] == "0.56.0"
    path.unlink()  # a second run needs no network
    assert not machine.run("vscode_extension", extensions=[wanted])["changed"]
