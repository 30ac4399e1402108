"""Records fold into one truth: every host in exactly one outcome, at every moment of any history."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._plan import (
    batches,
    replacements,
    sizes,
    tally_text,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._rings import Ring
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._rollout import Rollout, fold

RINGS = [Ring("canary"), Ring("early"), Ring("broad")]
HOSTS = {"c1": "canary", "c2": "canary", "e1": "early", "e2": "early", "b1": "broad", "b2": "broad", "b3": "broad"}


def opened(**more: Any) -> dict[str, Any]:
    names = [ring.name for ring in RINGS]
    return {"kind": "open", "at": "t0", "rollout": "r", "rings": names, "placed": HOSTS, **more}


def begin(host: str, **more: Any) -> dict[str, Any]:
    return {"kind": "begin", "at": "t1", "host": host, **more}


def end(host: str, outcome: str = "ok", **more: Any) -> dict[str, Any]:
    return {"kind": "end", "at": "t2", "host": host, "outcome": outcome, **more}


def away(host: str) -> dict[str, Any]:
    return {"kind": "away", "at": "t1", "host": host, "reason": "no route"}


def gate(ring: str, verdict: str = "go") -> dict[str, Any]:
    return {"kind": "gate", "at": "t3", "ring": ring, "verdict": verdict, "final": True}


names = st.sampled_from([*HOSTS, "stranger"])
events = st.one_of(
    st.builds(begin, names),
    st.builds(end, names, st.sampled_from(["ok", "failed", "rolled_back"])),
    st.builds(away, names),
    st.builds(gate, st.sampled_from(["canary", "early", "broad"]), st.sampled_from(["go", "stop", "pause"])),
    st.just({"kind": "from-the-future"}),
    st.builds(opened),
)


@given(st.lists(events, max_size=60))
def test_the_outcomes_always_add_up_to_the_inventory(history: list[dict[str, Any]]) -> None:
    rollout = fold([opened(), *history])
    assert sum(rollout.totals().values()) == len(HOSTS)
    assert sum(rollout.counts(rollout.members(ring.name)).total for ring in RINGS) == len(HOSTS)


@given(st.lists(events, max_size=40), st.sets(st.sampled_from(sorted(HOSTS))), st.integers(0, 4))
def test_a_plan_repeats_nothing_that_is_ok_and_forgets_nobody_who_answers(
    history: list[dict[str, Any]], answered: set[str], serial: int
) -> None:
    rollout = fold([opened(), *history])
    planned = batches(rollout, RINGS, answered, serial)
    hosts = [host for batch in planned for host in batch.hosts]
    assert len(hosts) == len(set(hosts))
    assert set(hosts) == {name for name in answered if rollout.hosts[name].outcome != "ok"}
    # Every ring that has not passed gets its gate, also when nobody of it answers.
    gated = [batch.ring for batch in planned if batch.final and batch.ring != "late"]
    assert gated == [ring.name for ring in RINGS if not rollout.passed(ring.name)]


def test_a_host_that_began_and_never_ended_is_unknown() -> None:
    rollout = fold([opened(), begin("c1"), begin("c2"), end("c2")])
    assert (rollout.hosts["c1"].outcome, rollout.hosts["c2"].outcome) == ("unknown", "ok")


def test_what_stood_before_the_first_attempt_is_what_counts() -> None:
    rollout = fold([opened(), begin("c1", before={"go": "1.26.6"}), opened(), begin("c1", before={"go": "1.27.4"})])
    assert rollout.hosts["c1"].before == {"go": "1.26.6"}


def test_a_host_that_is_done_is_not_away_because_it_sleeps_later() -> None:
    assert fold([opened(), begin("c1"), end("c1"), away("c1")]).hosts["c1"].outcome == "ok"


def test_a_resumed_rollout_asks_a_stopped_gate_again_and_keeps_an_open_one() -> None:
    rollout = fold([opened(), gate("canary"), gate("early", "stop"), opened()])
    assert rollout.passed("canary")
    assert "early" not in rollout.gates


def test_latecomers_of_finished_rings_come_last() -> None:
    rollout = fold([opened(), begin("c1"), end("c1"), away("c2"), gate("canary")])
    planned = batches(rollout, RINGS, HOSTS)
    assert [(batch.ring, batch.hosts) for batch in planned] == [
        ("early", ["e1", "e2"]),
        ("broad", ["b1", "b2", "b3"]),
        ("late", ["c2"]),
    ]


def test_sleeping_canaries_swap_places_with_awake_hosts() -> None:
    rollout = fold([opened()])
    swaps = replacements(rollout, RINGS, {"e1", "b1", "b2", "b3"}, "")
    resumed = fold([opened(), {"kind": "swap", "at": "t0", "stand_ins": swaps}])
    assert set(resumed.members("canary")) <= {"e1", "b1", "b2", "b3"}
    assert len(resumed.members("canary")) == 2
    assert sorted(len(resumed.members(ring.name)) for ring in RINGS) == [2, 2, 3]
    assert not {"c1", "c2"} & set(resumed.members("canary"))
    # The next run finds the canaries awake and swaps nobody again.
    assert replacements(resumed, RINGS, set(HOSTS), "") == {}


def test_batch_sizes_are_those_of_ansibles_serial() -> None:
    assert sizes(0, 7) == [7]
    assert sizes(3, 7) == [3, 3, 1]
    assert sizes([1, "50%"], 7) == [1, 3, 3]
    assert sizes("10%", 7) == [1] * 7
    assert sizes(5, 0) == [0]


def test_the_tally_can_be_checked_by_hand() -> None:
    totals = Rollout().totals() | {"ok": 41, "failed": 2}
    assert tally_text(totals) == "41 ok + 2 failed + 0 rolled back + 0 away + 0 unknown = 43 hosts"
