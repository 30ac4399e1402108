"""The same host is in the same ring in every run, whatever happens to the rest of the inventory."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._rings import (
    Ring,
    parse_rings,
    place,
    position,
)

RINGS = [Ring("canary", 5), Ring("early", 25, ("volunteers",)), Ring("broad")]
NAMES = st.sets(st.text(min_size=1, max_size=12), min_size=1, max_size=60)


def test_the_hash_is_frozen() -> None:
    """A release that computed other places would deal every fleet anew: these values never change."""
    assert [round(position(name), 6) for name in ("laptop-1", "laptop-2", "ü")] == [88.874758, 73.515206, 98.805655]


@given(NAMES, st.text(min_size=1, max_size=12))
def test_a_host_that_joins_moves_at_most_one_other_over_each_cut(names: set[str], new: str) -> None:
    before = place(dict.fromkeys(names, ()), RINGS)
    after = place(dict.fromkeys(names | {new}, ()), RINGS)
    moved = [(before[name], after[name]) for name in names if before[name] != after[name]]
    assert len(moved) <= 2
    order = [ring.name for ring in RINGS]
    assert all(abs(order.index(old) - order.index(now)) == 1 for old, now in moved)


@given(NAMES)
def test_every_host_is_in_a_known_ring_and_rings_are_as_large_as_asked(names: set[str]) -> None:
    placed = place(dict.fromkeys(names, ()), RINGS)
    assert placed.keys() == names
    sizes = [list(placed.values()).count(ring.name) for ring in RINGS]
    assert sizes[0] == max(1, math.ceil(len(names) * 5 / 100))
    assert sum(sizes[:2]) == min(len(names), max(2, math.ceil(len(names) * 30 / 100)))


@given(NAMES, st.randoms())
def test_the_order_of_the_inventory_does_not_matter(names: set[str], random: Any) -> None:
    shuffled = sorted(names)
    random.shuffle(shuffled)
    assert place(dict.fromkeys(shuffled, ()), RINGS) == place(dict.fromkeys(sorted(names), ()), RINGS)


def test_a_small_fleet_never_has_many_canaries() -> None:
    """By the hash alone five of these six stand below 20 %, which is why the rings are cut off a queue."""
    names = [f"h{number}" for number in range(1, 7)]
    assert sum(position(name) < 20 for name in names) == 5
    assert list(place(dict.fromkeys(names, ()), [Ring("canary", 20), Ring("broad")]).values()).count("canary") == 2


def test_a_group_wins_over_the_hash() -> None:
    placed = place({f"laptop-{number}": ("volunteers",) for number in range(50)}, RINGS)
    assert set(placed.values()) == {"early"}


def test_a_salt_deals_anew() -> None:
    hosts = {f"laptop-{number}": () for number in range(200)}
    assert place(hosts, RINGS) != place(hosts, RINGS, "autumn")


def test_plain_names_are_groups_and_the_last_takes_the_rest() -> None:
    assert parse_rings(["canary", "everyone"], {"canary"}) == [Ring("canary", 0, ("canary",)), Ring("everyone")]


@pytest.mark.parametrize(
    ("rings", "cause"),
    [
        ([], "the list is empty"),
        (["canary", "broad"], "nothing says which hosts are in it"),
        ([{"name": "a", "percent": 60}, {"name": "b", "percent": 60}], "add up to 120"),
        ([{"name": "a", "percent": "lots"}], "percent 'lots'"),
        ([{"name": "a", "percent": float("nan")}], "percent 'nan'"),
        ([{"name": "a", "percent": 1}, {"name": "a"}], "used twice"),
        ([{"name": "a", "groups": ["ghosts"]}], "no group 'ghosts'"),
        ([{"name": "a", "percentage": 5}], "'percentage' is not one of"),
        ([7], "it has no name"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(rings: list[Any], cause: str) -> None:
    with pytest.raises(WorkstationError) as refusal:
        parse_rings(rings, {"canarys"})
    assert cause in refusal.value.message
    assert "fleet_rings:" in refusal.value.message
