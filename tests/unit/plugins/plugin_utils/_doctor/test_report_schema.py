"""The JSON report keeps what docs/doctor-report.schema.json promises, for every fault and whatever a target sends."""

from __future__ import annotations

import copy
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

sys.path.insert(0, str(Path(__file__).parent))

from doctor_cases import CASES  # type: ignore[import-not-found]
from doctor_facts import base, changed  # type: ignore[import-not-found]
from test_reports import EVIL, examined, poisoned, values  # type: ignore[import-not-found]

from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._examined import SCHEMA
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._write import rendered

# By name, for mypy: the library ships no type information.
Draft202012Validator: Any = importlib.import_module("jsonschema").Draft202012Validator
ROOT = Path(__file__).resolve().parents[5]
PROMISED = json.loads((ROOT / "docs" / "doctor-report.schema.json").read_text(encoding="utf-8"))


def closed(schema: Any) -> Any:
    """The same schema that also refuses what it does not describe: our own reports hold nothing else."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(one) for name, one in schema.items()}
    return {**inner, "additionalProperties": False} if "required" in schema and "properties" in schema else inner


READER = Draft202012Validator(PROMISED, format_checker=Draft202012Validator.FORMAT_CHECKER)
OWN = Draft202012Validator(closed(PROMISED), format_checker=Draft202012Validator.FORMAT_CHECKER)


def report(*facts: dict[str, Any]) -> Any:
    return json.loads(rendered("json", [examined(one, f"host{number}") for number, one in enumerate(facts)]))


def complaints(document: Any, validator: Any = OWN) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(document)]


def test_the_schema_is_one_and_names_the_version_that_is_written() -> None:
    Draft202012Validator.check_schema(PROMISED)
    assert PROMISED["properties"]["schema"]["const"] == SCHEMA
    assert PROMISED["$id"].endswith(":" + SCHEMA.rsplit("/", 1)[1])


@pytest.mark.parametrize("name", ["linux", "macos", "wsl2", "windows"])
def test_reports_of_well_machines(name: str) -> None:
    assert complaints(report(base(name), base(name))) == []


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.id)
def test_reports_of_every_fault(case: Any) -> None:
    assert complaints(report(changed(base(case.base), case.bad))) == []


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.id)
def test_reports_of_hostile_facts(case: Any) -> None:
    facts = poisoned(changed(base(case.base), case.bad))
    facts["os"]["system"] = facts["os"]["system"].removesuffix(EVIL)
    assert complaints(report(facts)) == []


@settings(max_examples=200, deadline=None)
@given(values, values)
def test_reports_of_nonsense_for_a_functional_check(functional: Any, step: Any) -> None:
    for answer in (functional, {"passed": step, "seconds": step, "steps": [step, {"ok": step, "seconds": 1e400}]}):
        assert complaints(report({**base("linux"), "functional": answer})) == []


def test_the_schema_misses_what_is_taken_away_or_of_another_type() -> None:
    """Every property of a real report matters: gone, or replaced, the report is refused."""
    document = report(changed(base("linux"), CASES[1].bad))
    tried = 0
    for place in ([], ["hosts", 0], ["hosts", 0, "functional"], ["hosts", 0, "functional", "steps", 0],
                  ["hosts", 0, "verdicts", 1]):  # fmt: skip
        node = document
        for step in place:
            node = node[step]
        for name in node:
            for value in (None, {"x": 1}):
                broken = copy.deepcopy(document)
                inner = broken
                for step in place:
                    inner = inner[step]
                if value is None:
                    del inner[name]
                else:
                    inner[name] = value
                assert complaints(broken, READER), (place, name, value)
                tried += 1
    assert tried >= 50


def test_readers_of_this_version_accept_properties_to_come() -> None:
    document = report(base("linux"))
    document["hosts"][0]["verdicts"][0]["later"] = 1
    assert complaints(document, READER) == []
    assert complaints(document) != []
