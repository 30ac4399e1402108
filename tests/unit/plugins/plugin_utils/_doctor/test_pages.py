"""The gate: registry, cases and pages name the same rules."""

# ruff: noqa: E402
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._registry import rules

ROOT = Path(__file__).resolve().parents[5]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import docs_doctor
from doctor_cases import CASES  # type: ignore[import-not-found]


def test_pages_are_what_the_registry_says() -> None:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "tools" / "docs_doctor.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    ids = {one.id for one in rules()}
    assert {one.stem for one in docs_doctor.DOCS.glob("GD*.md")} == ids
    assert set(docs_doctor.texts()) == ids == {case.id for case in CASES}


def test_every_rule_is_injected_or_says_why_not() -> None:
    ids = {one.id for one in rules()}
    faults = (ROOT / "tests" / "integration" / "go_doctor" / "faults.py").read_text(encoding="utf-8")
    written = {id_ for id_ in ids if f'"{id_}"' in faults}
    assert written | set(docs_doctor.NOT_INJECTED) == ids
    assert not written & set(docs_doctor.NOT_INJECTED)


def test_articles_lead_to_rules_that_exist() -> None:
    ids = {one.id for one in rules()}
    for _english, _chinese, listed in docs_doctor.ARTICLES.values():
        assert set(listed.split()) <= ids


def test_the_proofs_are_of_the_faults_as_they_are_written() -> None:
    """A fault that was changed and not made again is no proof any more."""
    stale = {one.id for one in rules()} - docs_doctor.recorded("injected") - set(docs_doctor.NOT_INJECTED)
    assert not stale, f"run tests/integration/go_doctor/run.py --record {' '.join(sorted(stale))}"
    assert len(docs_doctor.recorded("injected")) >= 45
    assert "none" not in {docs_doctor.how_proved(one.id)[0] for one in rules()}


def test_the_matrix_says_what_was_proved() -> None:
    text = docs_doctor.matrix()
    rows = [line for line in text.splitlines() if line.startswith("| [GD")]
    counts = [sum(f"| {how} |" in row for row in rows) for how in ("injected", "recorded", "none")]
    assert sum(counts) == len(rules()) == len(rows)
    assert "{} injected, {} recorded, {} without proof.".format(*counts) in text


def test_most_of_what_a_role_mends_is_shown_mended() -> None:
    fixable = docs_doctor.fixable()
    shown = docs_doctor.recorded("mended") & fixable
    assert len(shown) >= 0.8 * len(fixable), f"not shown: {sorted(fixable - shown)}"
    assert fixable - shown == set(docs_doctor.NOT_MENDED)
