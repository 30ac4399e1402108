"""The whole playbook over Ansible's own winrm connection, on a laptop that is played: tests/tools/windows/laptop.py."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[3]
TOOLS = ROOT / "tests" / "tools"
LAPTOP = TOOLS / "windows" / "laptop.py"
COLLECTIONS = ROOT / "collections"
sys.path[:0] = [str(TOOLS)]

pytest.importorskip("winrm", reason="pywinrm is not installed")

from windows.winrm_endpoint import Endpoint  # noqa: E402

PROBE = ROOT / "plugins" / "plugin_utils" / "_probe" / "source"
EXTENSION = {"name": "golang.go", "vsix": r"C:\stick\golang.go-0.56.0.vsix", "remote_src": True}
INVENTORY = """\
laptop ansible_connection=winrm ansible_host=127.0.0.1 ansible_port={port} ansible_winrm_scheme=http \
ansible_winrm_transport=basic ansible_user=ada ansible_password=hunter2 \
ansible_winrm_operation_timeout_sec=120 ansible_winrm_read_timeout_sec=150
"""


class Machine:
    """The played laptop, and the way to it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.state = folder, folder / "laptop.pickle"
        self.endpoint = Endpoint(self._start, "ada", "hunter2")

    def _start(self, words: Sequence[str]) -> list[str]:
        assert words[0].lower() in {"powershell", "powershell.exe"}, words
        return [sys.executable, str(LAPTOP), str(self.state), f"{COLLECTIONS}:{TOOLS}"]

    def play(self, *more: str, playbook: str = "golang_dev") -> str:
        """Run a playbook; its output."""
        inventory = self.folder / "inventory"
        (self.folder / "ansible.cfg").write_text("[defaults]\n")
        inventory.write_text(INVENTORY.format(port=self.endpoint.server_address[1]))
        environment = {name: value for name, value in os.environ.items() if name != "REQUESTS_CA_BUNDLE"}
        environment |= {
            "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "NO_COLOR": "1",
        }
        command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", str(inventory)]
        extra = [
            "-e",
            json.dumps({"go_tools_list": [], "vscode_extensions": [EXTENSION]}),
            "-e",
            "golang_dev_hosts=laptop",
            *more,
        ]
        done = subprocess.run(
            [*command, str(ROOT / "playbooks" / f"{playbook}.yml"), *extra],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def now(self) -> dict[str, Any]:
        """The laptop in short."""
        found: dict[str, Any] = json.loads(self.state.with_suffix(".json").read_text(encoding="utf-8"))
        return found


@pytest.fixture(name="machine")
def played(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path)
    with machine.endpoint:
        yield machine


def recap(output: str) -> str:
    return next(line for line in output.splitlines() if re.match(r"laptop\s+: ok=", line))


def test_predicted_done_and_then_nothing_by_eight_calls(machine: Machine) -> None:
    assert "failed=0" in recap(machine.play("--check"))
    assert (machine.now["paths"], machine.now["go"]) == ([], "")
    done = machine.play()
    assert "failed=0" in recap(done)
    assert "Windows Terminal and editors that run keep the old ones" in done
    assert machine.now["go"]
    assert machine.now["extensions"] == ["golang.go-0.56.0"]
    assert machine.now["path"].startswith(r"%USERPROFILE%\sdk\go\bin;%USERPROFILE%\go\bin;")
    # Ansible itself has found and sent every utility that a module names.
    assert set(machine.now["utilities"]["win_go_sdk"]) >= {"_Fetch", "_Files", "_GoLink", "_GoSdk", "_GoTree"}
    called = len(machine.now["calls"])
    again = machine.play()
    assert "changed=0" in recap(again)
    assert "Windows Terminal" not in again
    assert "This machine works for Go" in again
    assert len(machine.now["calls"]) - called <= 8, machine.now["calls"][called:]
    assert "failed=0" in recap(machine.play(playbook="doctor"))
    machine.play(playbook="uninstall")
    # What remains is the developer's: preferences of the editor, and its extensions.
    assert machine.now["extensions"] == ["golang.go-0.56.0"]
    assert [path for path in machine.now["paths"] if not path.endswith("settings.json")] == []
    assert (machine.now["go"], machine.now["path"]) == ("", r"%USERPROFILE%\bin")


def test_scope_machine_on_the_path_of_all_and_given_back(machine: Machine) -> None:
    more = ("-e", "golang_dev_scope=machine")
    predicted = machine.play("--check", *more)
    assert "failed=0" in recap(predicted)
    done = machine.play(*more)
    assert "This machine works for Go" in done
    assert r"C:\Program Files\Go" in machine.now["paths"]
    # Its kind stays, nothing of it is expanded, and no profile is named in it.
    path = {"kind": "ExpandString", "data": r"C:\Program Files\Go\bin;%SystemRoot%\system32;%SystemRoot%"}
    assert machine.now["machine_path"] == path
    assert machine.now["path"] == r"%USERPROFILE%\go\bin;%USERPROFILE%\bin"
    called = len(machine.now["calls"])
    assert "changed=0" in recap(machine.play(*more))
    assert len(machine.now["calls"]) - called <= 8, machine.now["calls"][called:]
    machine.play(*more, playbook="uninstall")
    assert machine.now["machine_path"]["data"] == r"%SystemRoot%\system32;%SystemRoot%"
    assert (machine.now["go"], machine.now["path"]) == ("", r"%USERPROFILE%\bin")
    assert [path for path in machine.now["paths"] if not path.endswith("settings.json")] == []


def test_guards_and_long_paths_are_touched_where_that_is_asked_for_and_taken_back(machine: Machine) -> None:
    switches = {"windows_defender_exclusion": True, "windows_folder_access": True, "windows_long_paths": True}
    machine.play("-e", json.dumps(switches))
    assert machine.now["guard"]["exclusions"] == [r"C:\Users\ada\AppData\Local\go-build"]
    assert [path.rpartition("\\")[2] for path in machine.now["guard"]["programs"]] == ["go.exe"]
    assert machine.now["long_paths"] == 1
    assert "changed=0" in recap(machine.play("-e", json.dumps(switches)))
    machine.play("-e", json.dumps({"windows_defender_exclusion": False}))
    assert machine.now["guard"]["exclusions"] == []
    # What was not named stays, until all is given back, whoever remembers what was asked for.
    assert machine.now["guard"]["programs"]
    machine.play(playbook="uninstall")
    assert machine.now["guard"] == {"exclusions": [], "programs": []}
    assert machine.now["long_paths"] == 0


def test_the_probe_on_a_schedule_is_laid_down_once_and_taken_back(machine: Machine) -> None:
    more = ("-e", json.dumps({"windows_drift": True, "windows_drift_hours": 6}))
    machine.play(*more)
    files, task = machine.now["drift"]["files"], ElementTree.fromstring(machine.now["drift"]["task"].encode("utf-16"))
    said = {one.tag.partition("}")[2]: one.text for one in task.iter()}
    assert (said["Interval"], said["UserId"], said["RunLevel"]) == ("PT6H", "S-1-5-21-1-2-3-1001", "LeastPrivilege")
    folder = r"C:\Users\ada\AppData\Local\gopherops\drift"
    assert said["Arguments"] == rf'/d /s /c ""{folder}\drift.cmd" "C:\Users\ada\sdk\go\bin\go.exe""'
    sources = {rf"probe\{one.name}": one.read_text() for one in PROBE.iterdir()}
    assert files == {**sources, "drift.cmd": files["drift.cmd"], "question.json": files["question.json"]}
    question = json.loads(files["question.json"])
    # No gopls on this laptop, so no conversation with it.
    assert (question["test"][0], question["gopls"], question["scratch"]) == (r"C:\Users\ada\sdk\go\bin\go.exe", "", "")
    assert "changed=0" in recap(machine.play(*more))
    machine.play(playbook="uninstall")
    assert machine.now["drift"] == {"files": {}, "task": ""}


def test_what_is_not_there_is_refused_before_anything_is_changed(machine: Machine) -> None:
    with pytest.raises(AssertionError, match="neither is written on Windows yet"):
        machine.play("-e", json.dumps({"go_network_credentials": [{"host": "example.com"}]}))
    assert set(machine.now["calls"]) <= {"setup"}
    with pytest.raises(AssertionError, match="Log on as the developer"):
        machine.play("-e", "golang_dev_user=grace")
    assert set(machine.now["calls"]) <= {"setup"}
