"""What the rules of macOS, WSL, Windows, containers and remote hosts say of the further cases that they know."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from doctor_facts import WS, failing, go, gopls, settings, step  # type: ignore[import-not-found]
from judged import verdict  # type: ignore[import-not-found]

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import FAIL, PASS, UNKNOWN

IN_DOCUMENTS = {"windows.protected_folders": [r"C:\Users\dev\Documents"], f"{WS}.path": r"C:\Users\dev\Documents\x"}


@pytest.mark.parametrize(
    ("id_", "system", "words", "changes"),
    [
        (
            "GD050",
            "linux",
            "glibc 2.17 is older than 2.28",
            {"editor.products": settings({}, kind="remote"), "os.libc": "glibc 2.17"},
        ),
        (
            "GD066",
            "linux",
            "uid 61234 is in no /etc/passwd",
            {"os.container": "docker", "user": {"uid": 61234, "home": "/", "in_passwd": False}},
        ),
        (
            "GD052",
            "wsl2",
            "is on /mnt/c (drvfs)",
            {"dirs.workspace 1.fstype": "drvfs", "dirs.workspace 1.mount": "/mnt/c"},
        ),
        ("GD053", "wsl2", "WSLENV=GOPATH/p", {"dirs.GOPATH.fstype": "drvfs", "env.login.WSLENV": "GOPATH/p"}),
        ("GD054", "wsl2", "this is WSL 1", {"os.wsl": 1}),
        (
            "GD054",
            "windows",
            r"Windows opens \\wsl$\Debian\home\dev, which is inside WSL",
            {f"{WS}.path": r"\\wsl$\Debian\home\dev"},
        ),
        (
            "GD056",
            "macos",
            "/x/go is for darwin/amd64",
            {"os.arm64": True, "gos": [go("/x/go", "go1.27.4", platform="darwin/amd64")]},
        ),
        ("GD056", "macos", "this very session is translated by Rosetta", {"os.arm64": True, "os.translated": True}),
        ("GD057", "macos", "is in quarantine", {"tools.gopls.found": [gopls(quarantine=True)]}),
        ("GD057", "macos", "/x/go: signal: Killed", {"gos": [go("/x/go", "", error="signal: Killed")]}),
        (
            "GD058",
            "macos",
            "/Users/dev/Desktop/x Operation not permitted",
            {f"{WS}.real": "/Users/dev/Desktop/x", f"{WS}.error": "Operation not permitted"},
        ),
        ("GD059", "windows", "user PATH holds an empty element", {"windows.path.user.value": r"C:\a;;C:\b"}),
        (
            "GD059",
            "windows",
            r"user PATH names c:\a more than once",
            {"windows.path.user.value": "C:\\a;C:\\b;c:\\A\\;"},
        ),
        ("GD059", "windows", "machine PATH holds quotes", {"windows.path.machine.value": '"C:\\a"'}),
        ("GD059", "windows", "machine PATH has more than 2047 characters", {"windows.path.machine.value": "x" * 2048}),
        (
            "GD059",
            "windows",
            "PATH has 8192 characters; cmd.exe reads 8191",
            {"windows.path.user.value": "y" * 8191, "windows.path.machine.value": "x"},
        ),
        (
            "GD060",
            "windows",
            "git core.longpaths is not set",
            {"windows.git_long_paths": False, "dirs.GOMODCACHE.path": "C:\\" + "x" * 60},
        ),
        (
            "GD062",
            "windows",
            r"event 1116: C:\Temp\go-build12\a.exe",
            {"windows.events": [{"id": 1116, "message": r"C:\Temp\go-build12\a.exe"}]},
        ),
        (
            "GD062",
            "windows",
            r"event 1117: C:\go\bin\x.test.exe",
            {"windows.events": [{"id": 1117, "message": r"C:\go\bin\x.test.exe"}]},
        ),
        (
            "GD063",
            "windows",
            "build: This program is blocked by group policy",
            failing(step("build", "This program is blocked by group policy")),
        ),
        ("GD061", "windows", "audit mode", {**IN_DOCUMENTS, "windows.controlled_folder_access": 2}),
        (
            "GD068",
            "windows",
            r"C:\tools\bin is missing and can be made by every signed-in user, in C:\tools",
            {"windows.machine_path": [{"path": r"C:\tools\bin", "stands": r"C:\tools", "sddl": "O:BAD:(A;;LC;;;AU)"}]},
        ),
        ("GD064", "windows", "is on a network drive", {"dirs.GOPATH.drive_type": 4}),
        ("GD064", "windows", "may be in the cloud only", {"dirs.GOPATH.placeholder": True}),
    ],
)
def test_what_is_found_elsewhere_is_said(id_: str, system: str, words: str, changes: dict[str, Any]) -> None:
    found = verdict(id_, changes, system)
    assert found.verdict == FAIL, found
    assert any(words in one for one in found.evidence), found.evidence


@pytest.mark.parametrize(
    ("id_", "changes", "word"),
    [
        ("GD061", {**IN_DOCUMENTS, "windows.controlled_folder_access": 0}, PASS),
        ("GD061", {"windows.controlled_folder_access": 2}, PASS),
        ("GD068", {"windows.machine_path": [{"path": r"C:\x", "stands": r"C:\x", "sddl": ""}]}, UNKNOWN),
        ("GD068", {"windows.machine_path": [{"path": r"C:\x", "stands": r"C:\x", "sddl": "O:BAD:"}]}, PASS),
    ],
)
def test_what_is_no_fault_of_a_windows_machine_or_not_known(id_: str, changes: dict[str, Any], word: str) -> None:
    assert verdict(id_, changes, "windows").verdict == word


def test_all_that_is_to_be_unset_is_named_once_and_only_where_it_is_set() -> None:
    both = verdict("GD013", {"env.login.GOPATH": "go:~/x", "env.login.GOBIN": "bin"})
    assert (both.command, both.unset) == ("unset GOPATH GOBIN", ["GOPATH", "GOBIN"])
    apart = verdict("GD013", {"files.goenv.text": "GOPATH=go\n", "env.login.GOBIN": "bin"})
    assert (apart.command, apart.unset) == ("go env -u GOPATH; unset GOBIN", ["GOPATH", "GOBIN"])
    in_the_editor = verdict("GD017", {"editor.products": settings({"go.toolsEnvVars": {"GOOS": "js"}})})
    assert (in_the_editor.verdict, in_the_editor.command, in_the_editor.unset) == (FAIL, "", [])
