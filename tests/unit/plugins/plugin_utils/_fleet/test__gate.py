"""The gate opens only on evidence, stops only on evidence, and says why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._gate import (
    GO,
    PAUSE,
    STOP,
    Counts,
    Policy,
    judge,
)

NUMBERS = st.integers(min_value=0, max_value=40)
POLICIES = st.builds(Policy, healthy_percent=st.floats(1, 100), away_percent=st.floats(0, 100))
RING = st.builds(Counts, ok=NUMBERS, failed=NUMBERS, rolled_back=NUMBERS, away=NUMBERS, unknown=NUMBERS)


@pytest.mark.parametrize(
    ("counts", "verdict", "reason"),
    [
        (Counts(ok=10), GO, "10 of 10 hosts healthy"),
        (Counts(), GO, "no host is in this ring"),
        (Counts(away=3), PAUSE, "none of its 3 hosts answered"),
        # Just enough is enough.
        (Counts(ok=9, failed=1), GO, "9 of 10 hosts healthy"),
        (Counts(ok=9, unknown=1), GO, "9 of 10 hosts healthy"),
        (Counts(ok=5, away=5), GO, "5 of 5 hosts healthy"),
        (Counts(ok=8, rolled_back=2), STOP, "8 of 10 hosts healthy, fewer than 90 %"),
        (Counts(failed=1), STOP, "0 of 1 hosts healthy"),
        (Counts(ok=1, away=9), PAUSE, "9 of 10 hosts are away or silent, more than 50 %"),
        (Counts(ok=17, unknown=3), PAUSE, "3 went silent"),
        (Counts(ok=19, unknown=1), GO, "19 of 20 hosts healthy"),
        (Counts(ok=1, unknown=9), PAUSE, "9 of 10"),
    ],
)
def test_answers(counts: Counts, verdict: str, reason: str) -> None:
    answer = judge(counts, Policy())
    assert (answer.verdict, reason in answer.reason) == (verdict, True), answer


@given(RING, POLICIES)
def test_it_opens_only_when_the_silent_could_all_be_broken(counts: Counts, policy: Policy) -> None:
    if counts.total and judge(counts, policy).verdict == GO:
        began = counts.ok + counts.bad + counts.unknown
        assert counts.ok / began * 100 >= policy.healthy_percent
        assert (counts.away + counts.unknown) / counts.total * 100 <= policy.away_percent


@given(RING, POLICIES)
def test_silence_never_stops(counts: Counts, policy: Policy) -> None:
    """Whatever is away or silent, the answer is stop only when the answering hosts alone say so."""
    talking = Counts(ok=counts.ok, failed=counts.failed, rolled_back=counts.rolled_back)
    if judge(counts, policy).verdict == STOP:
        assert judge(talking, policy).verdict == STOP


@given(RING, POLICIES)
def test_one_more_healthy_host_never_closes_it(counts: Counts, policy: Policy) -> None:
    better = Counts(counts.ok + 1, counts.failed, counts.rolled_back, counts.away, counts.unknown)
    if counts.total and judge(counts, policy).verdict == GO:
        assert judge(better, policy).verdict == GO


def test_failures_stop_a_ring_before_its_end() -> None:
    assert judge(Counts(ok=8, rolled_back=2, waiting=90), Policy(max_fail_percentage=10)).verdict == STOP
    assert judge(Counts(ok=9, rolled_back=1, waiting=90), Policy(max_fail_percentage=10)).verdict == GO


def test_settings_are_read_and_nonsense_is_refused() -> None:
    assert Policy.of({"healthy_percent": "75", "away_percent": None}) == Policy(healthy_percent=75)
    with pytest.raises(WorkstationError, match="fleet_healthy_percent': 'most' is no percentage"):
        Policy.of({"healthy_percent": "most"})
    assert Policy.of({"healthy_percent": 0, "away_percent": 100}) == Policy(healthy_percent=0, away_percent=100)
    with pytest.raises(WorkstationError, match="'101' is no percentage"):
        Policy.of({"away_percent": 101})
