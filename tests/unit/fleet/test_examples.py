"""What a fleet is run from elsewhere with: the survey, the inventory script and the execution environment."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples" / "fleet"
BIN = Path(sys.executable).parent
# What a question's kind may fill, by the type of the variable. Of a text Ansible makes a list at its commas.
FITS = {
    "text": {"str", "path", "raw", "list"},
    "integer": {"int", "float"},
    "float": {"float"},
    "multiplechoice": {"str", "bool"},
    "multiselect": {"list"},
}


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def options() -> dict[str, dict[str, Any]]:
    """Every variable that a rollout reads and documents."""
    known: dict[str, dict[str, Any]] = {"fleet_hosts": {"type": "str"}}
    for role in (ROOT / "roles").iterdir():
        known |= load(role / "meta" / "argument_specs.yml")["argument_specs"]["main"].get("options") or {}
    return known


def test_every_question_of_the_survey_fills_a_variable_that_there_is() -> None:
    template, known = load(EXAMPLES / "job_template.yml"), options()
    assert (ROOT / template["playbook"]).is_file()
    assert set(template["extra_vars"]) <= set(known)
    questions = template["survey_spec"]["spec"]
    assert len({question["variable"] for question in questions}) == len(questions) > 3
    for question in questions:
        option = known[question["variable"]]
        assert option["type"] in FITS[question["type"]], question
        if question["variable"] in ("fleet_name", "fleet_healthy_percent"):
            assert question["default"] == str(option["default"]), question
        if "min" in question:
            assert question["min"] <= int(question["default"]) <= question["max"]


def test_the_survey_approves_rings_that_the_defaults_have() -> None:
    template, rings = load(EXAMPLES / "job_template.yml"), options()["fleet_rings"]["default"]
    approve = next(one for one in template["survey_spec"]["spec"] if one["variable"] == "fleet_approve")
    assert approve["choices"] == [ring["name"] for ring in rings[1:]]
    assert template["extra_vars"]["fleet_approval"] in options()["fleet_approval"]["choices"]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_asset_export_is_an_inventory(form: str, tmp_path: Path) -> None:
    export = EXAMPLES / "assets.csv"
    if form == "json":
        export = tmp_path / "assets.json"
        ann = {"host": "ann.example.org", "team": "payments", "groups": ["volunteers"]}
        export.write_text(json.dumps([ann, {"host": "bob.example.org", "team": "search"}]))
    done = subprocess.run(
        [str(BIN / "ansible-inventory"), "-i", str(EXAMPLES / "assets.py"), "--list"],
        env={**os.environ, "ASSETS": str(export), "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["laptops"]["hosts"] == ["ann.example.org", "bob.example.org"]
    assert found["volunteers"]["hosts"] == ["ann.example.org"]
    assert found["_meta"]["hostvars"]["ann.example.org"]["fleet_team"] == "payments"


def test_the_execution_environment_has_the_ansible_that_the_project_is_tested_with() -> None:
    wanted = load(ROOT / "execution-environment.yml")["dependencies"]["ansible_core"]["package_pip"]
    tested = (ROOT / "requirements" / "provision.in").read_text(encoding="utf-8").splitlines()
    assert f'{wanted} ; python_version >= "3.12"' in tested


def test_the_execution_environment_becomes_a_build_context(tmp_path: Path) -> None:
    builder = shutil.which("ansible-builder", path=os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)]))
    if not builder:
        pytest.skip("ansible-builder is not installed; requirements/test.in names it")
    shutil.copy(ROOT / "execution-environment.yml", tmp_path)
    (tmp_path / ".cache" / "ee").mkdir(parents=True)
    (tmp_path / ".cache" / "ee" / "collection.tar.gz").write_bytes(b"collection")
    subprocess.run([builder, "create", "--context", "context"], cwd=tmp_path, check=True, capture_output=True)
    lines = (tmp_path / "context" / "Containerfile").read_text(encoding="utf-8")
    assert (tmp_path / "context/_build/collections/collection.tar.gz").read_bytes() == b"collection"
    assert re.search(r'^ARG PYCMD="/usr/local/bin/python3"$', lines, re.MULTILINE)
    assert "COPY _build/collections/collection.tar.gz" in lines
    assert "git [platform:dpkg]" in (tmp_path / "context/_build/bindep.txt").read_text(encoding="utf-8")
    assert "pywinrm" in (tmp_path / "context/_build/requirements.txt").read_text(encoding="utf-8")
