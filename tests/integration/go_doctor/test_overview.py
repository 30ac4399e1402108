"""One play over several hosts writes one page of all of them, and a host that cannot be reached is not green."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

Draft202012Validator: Any = importlib.import_module("jsonschema").Draft202012Validator
ROOT = Path(__file__).resolve().parents[3]
HOSTS_UNREACHABLE = 4


def test_one_report_of_all_hosts(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    here = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    gone = {"ansible_host": "127.0.0.1", "ansible_port": 1, "ansible_ssh_common_args": "-o ConnectTimeout=2"}
    inventory, given = tmp_path / "hosts.json", tmp_path / "given.json"
    inventory.write_text(json.dumps({"all": {"hosts": {"<b>ada</b>": here, "bob": here, "carol": gone}}}))
    overview = {kind: str(tmp_path / f"all.{kind}") for kind in ("json", "html", "markdown", "junit", "sarif")}
    asked = {"go_doctor_overview": overview, "go_doctor_functional": False, "go_doctor_fail_on": "never"}
    given.write_text(json.dumps(asked))
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")},
        "HOME": str(home),
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
        "ANSIBLE_HOME": str(tmp_path / "ansible"),
        "LC_ALL": "C.UTF-8",
    }
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    command = [program, "-i", str(inventory), str(ROOT / "playbooks" / "doctor.yml"), "-e", f"@{given}"]
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == HOSTS_UNREACHABLE, done.stdout + done.stderr
    report = json.loads((tmp_path / "all.json").read_text())
    schema = json.loads((ROOT / "docs" / "doctor-report.schema.json").read_text())
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(report)
    hosts = {one["host"]: one for one in report["hosts"]}
    assert set(hosts) == {"<b>ada</b>", "bob", "carol"}
    assert hosts["bob"]["verdicts"] and hosts["bob"]["proof"] == "unknown"
    assert (hosts["carol"]["proof"], hosts["carol"]["state"]) == ("unknown", "unknown")
    assert {one["verdict"] for one in hosts["carol"]["verdicts"]} == {"unknown"}
    page = (tmp_path / "all.html").read_text()
    assert page.count("<details") == len(hosts)
    assert "<b>ada" not in page and "&lt;b&gt;ada" in page
    carol = ElementTree.parse(tmp_path / "all.junit").find("testsuite[@name='carol']")
    assert carol is not None
    # Every rule, and the functional check.
    assert carol.attrib["skipped"] == carol.attrib["tests"] == str(len(hosts["carol"]["verdicts"]) + 1)
    assert all(Path(path).stat().st_size for path in overview.values())
