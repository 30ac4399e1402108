"""Two faults at once in recorded facts: each is found, folded into a cause that is named, or left open."""

from __future__ import annotations

import itertools
import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from doctor_cases import CASES  # type: ignore[import-not-found]
from doctor_facts import Case, base, changed  # type: ignore[import-not-found]

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._judge import Judge
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._policy import policy
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._registry import rules

NUMBER = 400
# Where one fault takes the ground from under the other, so that the other really is none any more.
GROUND = {
    ("GD004", "GD008"): "a GOROOT of another version is GD003",
    ("GD008", "GD021"): "for a Go without support any gopls of its time will do",
    ("GD018", "GD033"): "the env file's GOPROXY is another one",
    ("GD038", "GD040"): "with a go.work there is a module",
}


def apart(one: Case, other: Case) -> bool:
    """The same system, and neither overwrites what the other changed."""
    if one.base != other.base:
        return False
    return not any(
        f"{mine}.".startswith(f"{yours}.") or f"{yours}.".startswith(f"{mine}.")
        for mine in one.bad
        for yours in other.bad
    )


EVERY = [
    (one, other)
    for one, other in itertools.combinations(CASES, 2)
    if apart(one, other) and (one.id, other.id) not in GROUND
]


@pytest.mark.parametrize("part", range(8))
def test_each_fault_is_found_explained_or_left_open(part: int) -> None:
    for one, other in random.Random(part).sample(EVERY, NUMBER // 8):
        facts = changed(changed(base(one.base), one.bad), other.bad)
        said = Judge(rules(), policy({**one.policy, **other.policy}), {}, {}).verdicts(facts)
        verdicts = {verdict.id: verdict for verdict in said}
        found = {verdict.id for verdict in said if verdict.verdict == "fail" and not verdict.suppressed_by}
        for case in (one, other):
            verdict = verdicts[case.id]
            told = verdict.verdict in ("fail", "unknown")
            explained = not verdict.suppressed_by or verdict.suppressed_by in found
            assert told, f"{one.id} and {other.id}: {verdict}"
            assert explained, f"{one.id} and {other.id}: {verdict}"
        assert found, f"{one.id} and {other.id}"
