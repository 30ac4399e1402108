# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the controller decides about settings and extensions before a host is asked, and what it sends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.template import Templar

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tools"))

from vscode.pack import vsix

from ansible_collections.gopherops.workstation.plugins.action import vscode_extension, vscode_settings


class Host:
    """Runs an action against a target half that answers what it is told to."""

    def __init__(self, kind: Any, *answers: dict[str, Any], windows: bool = False) -> None:
        self.kind, self.answers, self.windows = kind, list(answers), windows
        self.sent: list[dict[str, Any]] = []
        self.files: list[str] = []

    def run(self, **options: Any) -> dict[str, Any]:
        task = Task.load({"name": "x", f"gopherops.workstation.{self.kind.ActionModule.capability}": options})
        connection = MagicMock()
        connection._shell._IS_WINDOWS = self.windows
        connection._shell.tmpdir = "/remote"
        connection._shell.join_path = lambda *parts: "/".join(parts)
        loader = DataLoader()
        action = self.kind.ActionModule(task, connection, PlayContext(), loader, Templar(loader), None)
        action._execute_module = self._execute
        action._transfer_file = self._transfer
        action._fixup_perms2 = lambda paths: None
        result: dict[str, Any] = action.run(task_vars={})
        return result

    def _execute(self, module_name: str, module_args: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        self.sent.append(module_args)
        return self.answers.pop(0) if self.answers else {"changed": False}

    def _transfer(self, local: str, remote: str) -> str:
        self.files.append(local)
        return remote


def test_settings_go_out_in_one_call_with_the_tables() -> None:
    host = Host(vscode_settings)
    result = host.run(settings={"go.useLanguageServer": True})
    assert not result.get("failed")
    (sent,) = host.sent
    assert "code" in sent["_plan"]["products"]
    assert "go.goplsArgs" in sent["_plan"]["obsolete"]
    assert sent["_plan"]["remove_obsolete"] is False


def test_obsolete_keys_can_be_ignored_or_removed() -> None:
    host = Host(vscode_settings)
    host.run(obsolete="ignore")
    host.run(obsolete="remove")
    assert [(bool(sent["_plan"]["obsolete"]), sent["_plan"]["remove_obsolete"]) for sent in host.sent] == [
        (False, False),
        (True, True),
    ]


def test_strict_refuses_before_any_host_is_asked() -> None:
    host = Host(vscode_settings)
    result = host.run(settings={"go.goplsArgs": [], "go.useLanguageServer": "yes"}, strict=True)
    assert result["failed"]
    assert "use go.languageServerFlags; go.useLanguageServer is string, but must be boolean" in result["msg"]
    assert host.sent == []


def test_without_strict_the_same_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(vscode_settings.display, "warning", said.append)
    host = Host(vscode_settings)
    assert not host.run(settings={"go.goplsArgs": []}).get("failed")
    assert len(said) == 1 and "never existed" in said[0]


@pytest.mark.parametrize(
    "options",
    [
        {"state": "absent"},
        {"policies": {"go.goplsArgs": "absent"}},
        {"targets": [{"kind": "workspace", "path": "/w", "document": "tasks"}]},
    ],
)
def test_what_is_removed_or_no_setting_is_not_judged(options: dict[str, Any]) -> None:
    assert not Host(vscode_settings).run(settings={"go.goplsArgs": []}, strict=True, **options).get("failed")


def test_an_unknown_policy_is_refused() -> None:
    result = Host(vscode_settings).run(settings={"a": 1}, policies={"a": "replace"})
    assert result["msg"].startswith("Cannot use policy 'replace': it is given for a, and the policies are set,")


@pytest.mark.parametrize("windows", [False, True])
@pytest.mark.parametrize(
    ("kind", "document", "read"),
    [
        ("machine", "tasks", "settings"),
        ("machine", "launch", "settings"),
        ("machine", "extensions", "settings"),
        ("user", "launch", "settings and tasks"),
        ("profile", "extensions", "settings and tasks"),
    ],
)
def test_a_file_that_no_editor_reads_is_refused_before_any_host_is_asked(
    kind: str, document: str, read: str, windows: bool
) -> None:
    host = Host(vscode_settings, windows=windows)
    result = host.run(settings={"a": 1}, targets=[{"kind": "user"}, {"kind": kind, "document": document}])
    assert result["msg"] == (
        f"Cannot edit document '{document}': of the kind {kind} an editor reads only {read}. "
        "Use the kind workspace, or leave the document out."
    )
    assert host.sent == []


@pytest.mark.parametrize(
    ("kind", "document"), [("user", "tasks"), ("profile", "tasks"), ("machine", "settings"), ("workspace", "launch")]
)
def test_a_file_that_an_editor_reads_is_edited(kind: str, document: str) -> None:
    host = Host(vscode_settings)
    assert not host.run(settings={"a": 1}, targets=[{"kind": kind, "document": document, "path": "/w"}]).get("failed")
    assert len(host.sent) == 1


def test_a_package_is_sent_only_to_a_host_that_needs_it(tmp_path: Path) -> None:
    path = str(vsix(tmp_path))
    wanted = {"extensions": [{"name": "golang.go", "vsix": path}]}
    host = Host(vscode_extension, {"changed": False})
    host.run(**wanted)
    assert (len(host.sent), host.files) == (1, [])
    assert host.sent[0]["extensions"][0]["version"] == "0.56.0"
    host = Host(vscode_extension, {"needs": ["golang.go"]}, {"changed": True})
    assert host.run(**wanted)["changed"] is True
    assert host.files == [path]
    assert host.sent[1]["_plan"]["files"] == {"golang.go": "/remote/golang.go.vsix"}


def test_packages_of_one_file_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    for name in ("golang.go", "golang.other"):
        (tmp_path / name).mkdir()
        vsix(tmp_path / name, name).rename(tmp_path / name / "package.vsix")
    names = ["golang.go", "golang.other"]
    host = Host(vscode_extension, {"needs": names}, {"changed": True})
    host.run(extensions=[{"name": name, "vsix": str(tmp_path / name / "package.vsix")} for name in names])
    assert len(set(host.sent[1]["_plan"]["files"].values())) == 2


@pytest.mark.parametrize(
    ("extension", "said"),
    [
        ({"name": "golang.go", "vsix": "https://example.com/x.vsix"}, "a URL without its SHA-256 proves nothing"),
        ({"name": "golang.go", "vsix": "/nowhere/x.vsix"}, "the controller has no such file"),
        ({"name": "other.go", "vsix": "@"}, "asked for name 'other.go', not 'golang.go'"),
        ({"name": "golang.go", "vsix": "@", "version": "1.0.0"}, "asked for version '1.0.0', not '0.56.0'"),
        ({"name": "golang.go", "vsix": "@", "sha256": "00"}, "asked for sha256 '00', not"),
    ],
)
def test_wrong_packages_are_refused_before_any_host_is_asked(
    tmp_path: Path, extension: dict[str, str], said: str
) -> None:
    path = str(vsix(tmp_path))
    host = Host(vscode_extension)
    result = host.run(extensions=[{**extension, "vsix": extension["vsix"].replace("@", path)}])
    assert result["failed"] and said in result["msg"]
    assert host.sent == []
