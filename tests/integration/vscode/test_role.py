# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role adds and takes back, on a real home in a temporary folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
MINE = '{\n  // the team laughs about it\n  "workbench.colorTheme": "Red", // keep\n\n  "editor.fontSize": 13\n}\n'


def role(home: Path, **variables: Any) -> int:
    """Run the role for an account with this home; how many tasks changed something."""
    task = {"name": "It", "ansible.builtin.include_role": {"name": "gopherops.workstation.vscode"}}
    done = play(home, {"vars": variables, "tasks": [task]})
    assert done.returncode == 0, done.stdout + done.stderr
    stats: dict[str, int] = json.loads(done.stdout[done.stdout.index("{") :])["stats"]["localhost"]
    return stats["changed"]


def play(home: Path, what: dict[str, Any], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a play as an account with this home."""
    book = home.parent / "play.json"
    book.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, **what}]), "utf-8")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
        "ANSIBLE_LOCAL_TEMP": str(home.parent / "tmp"),
        "ANSIBLE_REMOTE_TEMP": str(home.parent / "tmp"),
    }
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", "-c", "local", *arguments]
    return subprocess.run([*command, str(book)], env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "home" / ".config" / "Code" / "User" / "settings.json"
    path.parent.mkdir(parents=True)
    path.write_text(MINE, "utf-8")
    return path


def home_of(settings: Path) -> Path:
    return settings.parents[3]


def test_preset_none_adds_nothing(settings: Path) -> None:
    assert role(home_of(settings), vscode_settings_preset="none", vscode_gopls_path="/home/ada/go/bin/gopls") == 0
    assert settings.read_text("utf-8") == MINE


def test_as_many_copies_stay_as_asked(settings: Path) -> None:
    for size in (14, 15, 16):
        keep = {"vscode_backup": True, "vscode_backup_keep": 2}
        assert role(home_of(settings), vscode_settings={"editor.fontSize": size}, **keep) == 1
    copies = sorted(settings.parent.glob("*.bak"))
    assert ['"editor.fontSize": 14' in copy.read_text("utf-8") for copy in copies] == [True, False]
    assert len(copies) == 2


def test_absent_takes_back_all_that_was_added(settings: Path) -> None:
    home = home_of(settings)
    project = home / "src"
    wanted: dict[str, Any] = {
        "vscode_settings_preset": "strict",
        "vscode_gopls_path": "/home/ada/go/bin/gopls",
        "vscode_trace": "on",
        "vscode_settings": {"gopls": {"ui.semanticTokens": True}},
        "vscode_workspaces": [str(project)],
    }
    assert role(home, **wanted) > 0
    assert "ui.semanticTokens" in settings.read_text("utf-8")
    assert role(home, **wanted) == 0
    assert role(home, **wanted, vscode_state="absent") > 0
    left = settings.read_text("utf-8").replace(',\n  "go.languageServerFlags": []', "")
    assert left == MINE
    launch = json.loads((project / ".vscode" / "launch.json").read_text("utf-8"))
    assert launch["configurations"] == []
    assert role(home, **wanted, vscode_state="absent") == 0


def test_absent_leaves_what_somebody_changed_since(settings: Path) -> None:
    home = home_of(settings)
    wanted = {"vscode_settings_preset": "recommended", "vscode_gopls_path": "/home/ada/go/bin/gopls"}
    role(home, **wanted)
    text = settings.read_text("utf-8")
    for ours, theirs in (
        ('"-fullpath"', '"-v"'),
        ('"editor.formatOnSave": true', '"editor.formatOnSave": false'),
        ('"gopls": "/home/ada/go/bin/gopls"', '"dlv": "/mine",\n    "gopls": "/old"'),
    ):
        assert ours in text
        text = text.replace(ours, theirs)
    settings.write_text(text, "utf-8")
    role(home, vscode_state="absent")
    after = settings.read_text("utf-8")
    assert '"editor.formatOnSave": false' in after and '"dlv": "/mine"' in after and '"-v"' in after
    assert "/old" not in after and "checkForUpdates" not in after and "organizeImports" not in after


def test_absent_on_a_machine_that_has_nothing_makes_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    assert role(home, vscode_state="absent", vscode_workspaces=[str(home / "src")]) == 0
    assert list(home.rglob("*.json")) == []


@pytest.mark.parametrize(
    ("manager", "family", "said"),
    [
        ("dnf5", "RedHat", "Would install VS Code from /etc/yum.repos.d/vscode.repo"),
        ("zypper", "Suse", "Would install VS Code from /etc/zypp/repos.d/vscode.repo"),
        ("homebrew", "Darwin", "Would install VS Code by Homebrew"),
        ("pacman", "Archlinux", "Cannot install 'VS Code': Arch's own sources have only Code - OSS;"),
        ("apk", "Alpine", "Cannot install 'VS Code': VS Code does not run on musl;"),
        ("unknown", "Darwin", "on a Mac install Homebrew first, or VS Code by hand."),
        ("portage", "Gentoo", "this role knows no package source for portage; install it by hand."),
    ],
)
def test_each_system_is_told_what_would_be_done(tmp_path: Path, manager: str, family: str, said: str) -> None:
    facts = {"name": "It", "ansible.builtin.set_fact": {"pkg_mgr": manager, "os_family": family, "cacheable": True}}
    install = {"name": "gopherops.workstation.vscode", "tasks_from": "install"}
    tasks = [facts, {"name": "It", "ansible.builtin.include_role": install}]
    # A PATH on which no machine has the editor.
    done = play(tmp_path / "home", {"environment": {"PATH": "/nowhere"}, "tasks": tasks}, "--check")
    stats = json.loads(done.stdout[done.stdout.index("{") :])["stats"]["localhost"]
    assert said in done.stdout, done.stdout
    assert (stats["failures"], stats["changed"]) == ((1, 0) if "Would" not in said else (0, 1))
