"""Looking left nothing behind, and the report on the controller says what was found."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

REPORTS = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"])


@pytest.mark.parametrize("name", [f"account-{suite}" for suite in ("bullseye", "bookworm", "trixie", "sid")])
def test_report_names_the_one_cause(name: str) -> None:
    host = json.loads((REPORTS / f"doctor-{name}.json").read_text(encoding="utf-8"))["hosts"][0]
    failed = {one["id"]: one["suppressed_by"] for one in host["verdicts"] if one["verdict"] == "fail"}
    assert failed.pop("GD001") == ""
    assert set(failed.values()) <= {"GD001"}


def test_one_page_shows_all_hosts() -> None:
    page = (REPORTS / "doctor.html").read_text(encoding="utf-8")
    assert page.count("<details") == page.count("GD001 No usable go command</h2>") == 4


def test_home_is_as_it_was(machine) -> None:  # type: ignore[no-untyped-def]  # the fixture of molecule/conftest.py
    for place in (".cache/go-build", ".cache/gopls", ".config/go", "go", "sdk"):
        assert machine.root(f"test -e {machine.home}/{place} && echo there || echo gone") == "gone"
    assert machine.root("ls /tmp | grep -c gopherops || true") == "0"
