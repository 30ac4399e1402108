"""The steps of a rollout on a real file, with a clock of the test's."""

from __future__ import annotations

import itertools
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._facts import inventory
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._outcome import describe
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._process import alive, started
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._redact import redactor
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._steps import Inventory, Steps

SETTINGS: dict[str, Any] = {"name": "r", "rings": [{"name": "canary", "percent": 20}, {"name": "broad"}]}
OK = {"outcome": "ok", "reason": ""}


def steps(folder: Path) -> Steps:
    ticks = (f"2026-01-01T00:{n // 60:02d}:{n % 60:02d}+00:00" for n in itertools.count())
    return Steps(folder / "state.jsonl", now=lambda: next(ticks))


def found(count: int = 10, **overrides: Any) -> Inventory:
    names = [f"h{number}" for number in range(count)]
    given: dict[str, Any] = {
        "hosts": dict.fromkeys(names, ("all",)),
        "teams": {},
        "probes": dict.fromkeys(names, (True, "")),
        "wanted": {"go_sdk_version": "1.27.4"},
    }
    return Inventory(**{**given, **overrides})


def through(one: Steps, batch: dict[str, Any], record: dict[str, Any] = OK) -> None:
    for host in batch["hosts"]:
        one.begin(host, {"go": "1.26.6"})
        one.end(host, record)


def test_a_rollout_from_plan_to_close(tmp_path: Path) -> None:
    one = steps(tmp_path)
    plan = one.plan(found(), SETTINGS, os.getpid())
    assert plan["sizes"] == [3, 9]
    for batch in plan["batches"]:
        through(one, batch)
        assert one.gate(batch, SETTINGS)["proceed"]
    assert one.finish(one.rollout())["closed"]
    # The next run of that name is a new rollout, and the old one's record stays.
    assert one.plan(found(), SETTINGS, os.getpid())["resumed"] is False
    assert len(list(tmp_path.glob("state-*.jsonl"))) == 1


def test_hosts_that_fell_silent_before_their_turn_are_away(tmp_path: Path) -> None:
    one = steps(tmp_path)
    batch = one.plan(found(), SETTINGS, os.getpid())["batches"][0]
    one.begin(batch["hosts"][0], {})
    one.end(batch["hosts"][0], OK)
    answer = one.gate(batch, SETTINGS | {"away_percent": 40})
    assert (answer["verdict"], "away or silent" in answer["reason"]) == ("pause", True)


def test_a_new_host_joins_a_running_rollout_and_one_that_left_is_forgotten(tmp_path: Path) -> None:
    one = steps(tmp_path)
    first = one.plan(found(10), SETTINGS, os.getpid())["batches"][0]
    through(one, first)
    one.gate(first, SETTINGS)
    before = {name: host.ring for name, host in one.rollout().hosts.items()}
    one.plan(found(14), SETTINGS, os.getpid())
    after = one.rollout()
    assert {name: after.hosts[name].ring for name in before} == before
    assert len(after.hosts) == 14
    one.plan(found(6), SETTINGS, os.getpid())
    assert set(one.rollout().hosts) == {f"h{n}" for n in range(6)} | set(first["hosts"])


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"wanted": {"go_sdk_version": "1.27.5"}}, "asked for go_sdk_version=1.27.4"),
        ({"rings": ["broad"]}, "it began with the rings canary, broad"),
    ],
)
def test_what_would_be_another_rollout_is_refused(tmp_path: Path, change: dict[str, Any], cause: str) -> None:
    one = steps(tmp_path)
    one.plan(found(), SETTINGS, os.getpid())
    with pytest.raises(WorkstationError) as refusal:
        one.plan(
            found(wanted=change.get("wanted", {"go_sdk_version": "1.27.4"})),
            SETTINGS | {"rings": change.get("rings", SETTINGS["rings"])},
            os.getpid(),
        )
    assert cause in refusal.value.message
    assert "fleet_name" in refusal.value.message
    assert one.plan(found(wanted={}), SETTINGS | {"restart": True}, os.getpid())["resumed"] is False


def test_a_living_controller_keeps_others_out_and_a_dead_one_does_not(tmp_path: Path) -> None:
    one = steps(tmp_path)
    with subprocess.Popen(["sleep", "60"]) as other:
        one.plan(found(), SETTINGS, other.pid)
        with pytest.raises(WorkstationError, match=f"process {other.pid} on this controller runs it"):
            one.plan(found(), SETTINGS, os.getpid())
        assert alive(other.pid, started(other.pid))
        assert not alive(other.pid, "another start")
        # To a process of that number, signals would go to the whole group.
        assert not any(alive(nobody) for nobody in (0, -1, str(other.pid), None))
        other.kill()
    assert one.plan(found(), SETTINGS, os.getpid())["resumed"]


def test_approval_is_asked_for_once_and_remembered(tmp_path: Path) -> None:
    one = steps(tmp_path)
    settings = SETTINGS | {"approval": "file"}
    batch = one.plan(found(), settings, os.getpid())["batches"][0]
    through(one, batch)
    answer = one.gate(batch, settings)
    assert (answer["needs_approval"], answer["proceed"], answer["next_ring"]) == (True, False, "broad")
    slept: list[float] = []
    assert not one.await_approval("broad", 5, slept.append)["proceed"]
    assert sum(slept) >= 5
    (tmp_path / "approve-broad").touch()
    assert one.await_approval("broad", 0)["proceed"]
    answer = one.gate(batch, settings)
    assert (answer["needs_approval"], answer["proceed"]) == (False, True)


@pytest.mark.parametrize(
    ("approve", "proceeds"),
    [
        (["broad"], True),
        ("early, broad", True),
        ("early\nbroad", True),
        ("broad-more", False),
        ("", False),
        (None, False),
    ],
)
def test_rings_are_approved_beforehand_by_their_whole_names(approve: Any, proceeds: bool, tmp_path: Path) -> None:
    one = steps(tmp_path)
    settings = SETTINGS | {"approval": "file", "approve": approve}
    batch = one.plan(found(), settings, os.getpid())["batches"][0]
    through(one, batch)
    assert one.gate(batch, settings)["proceed"] is proceeds
    assert ("broad" in one.rollout().approved) is proceeds


def test_settings_are_checked_before_the_first_host(tmp_path: Path) -> None:
    wrong: dict[str, Any]
    for wrong in ({"healthy_percent": "x"}, {"serial": "many"}, {"absent": "ignore"}, {"rings": []}):
        with pytest.raises(WorkstationError):
            steps(tmp_path).plan(found(), SETTINGS | wrong, os.getpid())
    assert not (tmp_path / "state.jsonl").exists()


def test_what_a_host_is_asked_for_is_kept_without_its_secrets() -> None:
    variables = {
        "ansible_play_hosts_all": ["a", "b"],
        "groups": {"all": ["a", "b"], "red": ["b"]},
        "hostvars": {
            "a": {"__fleet_probe": {"ansible_facts": {"x": 1}}, "fleet_team": "red"},
            "b": {"__fleet_probe": {"unreachable": True, "msg": "Task failed: no route"}},
        },
        "go_sdk_version": "1.27.4",
        "go_sdk_url_password": "hunter2",
        "go_sdk_result": {"big": 1},
    }
    got = inventory(variables, lambda value: value, redactor())
    assert got.wanted == {"go_sdk_version": "1.27.4", "go_sdk_url_password": "***"}
    assert got.probes == {"a": (True, ""), "b": (False, "no route")}
    assert (got.hosts["b"], got.teams["a"]) == (("all", "red"), "red")


def test_without_proof_no_host_is_ok() -> None:
    def outcome(**given: Any) -> tuple[str, str]:
        defaults = {"results": {}, "failure": "", "restored": {}, "planning": False, "redact": redactor()}
        record = describe(**{**defaults, **given})
        return record["outcome"], record["reason"]

    proved = {"go_doctor": {"functional": {"passed": True, "steps": []}}}
    step = {"name": "definition", "ok": False, "detail": "no answer"}
    broken = {"go_doctor": {"functional": {"passed": False, "steps": [step]}}}
    assert outcome(results=proved) == ("ok", "")
    assert outcome()[0] == "failed"
    assert outcome(results=broken) == ("failed", "The functional check failed at definition: no answer")
    assert outcome(results=proved, failure="x", restored={"restored": True})[0] == "rolled_back"
    assert outcome(results=proved, failure="x", restored={"failure": "y"}) == (
        "failed",
        "x And it could not be rolled back: y",
    )
    assert outcome(planning=True)[0] == "ok"
