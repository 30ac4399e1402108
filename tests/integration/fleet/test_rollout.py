"""Rollouts as a whole, by the real playbook: who is touched, what stops, what goes on, and that the numbers add up."""

from __future__ import annotations

from pathlib import Path

import pytest
from _light import Fleet, Run  # type: ignore[import-not-found]

from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._rings import in_line


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    return Fleet(tmp_path, 10)


def queue(fleet: Fleet) -> list[str]:
    return in_line(fleet.names)


def adds_up(run: Run, fleet: Fleet) -> bool:
    return bool(sum(run.report["totals"].values()) == fleet.count == len(run.report["hosts"]))


def test_all_is_well_and_tools_are_built_once_where_the_inventory_says_nothing_else(fleet: Fleet) -> None:
    fleet.extra["h05"] = {"go_tools_delivery": "target"}
    run = fleet.run()
    assert run.status == 0, run.text
    assert set(run.outcomes().values()) == {"ok"}
    assert adds_up(run, fleet)
    assert {fleet.version(name) for name in fleet.names} == {"go1.27.4"}
    assert [ring["verdict"] for ring in run.report["rings"]] == ["go", "go", "go"]
    assert run.report["versions"][0] == {"name": "go", "before": "1.26.6", "after": "1.27.4", "hosts": 10}
    assert run.report["closed"]
    assert (fleet.state().parent / "report.html").stat().st_size > 5000
    said = {entry["host"]: entry["changes"][0]["what"] for entry in run.records if entry["kind"] == "end"}
    assert said == {**dict.fromkeys(fleet.names, "controller"), "h05": "target"}


def test_a_bad_release_touches_the_first_ring_only_and_is_taken_back(fleet: Fleet) -> None:
    for name in fleet.names:
        fleet.fate(name, "echo 'gopls does not answer' >&2; exit 1")
    run = fleet.run()
    assert run.status != 0
    canaries = set(queue(fleet)[:2])
    assert {name for name, outcome in run.outcomes().items() if outcome == "rolled_back"} == canaries
    assert {outcome for name, outcome in run.outcomes().items() if name not in canaries} == {"waiting"}
    assert {fleet.version(name) for name in fleet.names} == {"go1.26.6"}
    assert adds_up(run, fleet)
    assert "fewer than 90 %" in run.text
    # The cause is mended: the same command goes on, and does the canaries again.
    for name in fleet.names:
        fleet.fate(name, "exit 0")
    run = fleet.run()
    assert run.status == 0, run.text
    assert set(run.outcomes().values()) == {"ok"}


def test_one_bad_host_in_a_good_ring_is_rolled_back_and_named_and_the_rest_goes_on(fleet: Fleet) -> None:
    bad = queue(fleet)[-1]
    fleet.fate(bad, "echo No space left on device >&2; exit 1")
    run = fleet.run(fleet_healthy_percent=75)
    assert run.status == 0, run.text
    assert run.outcomes()[bad] == "rolled_back"
    assert fleet.version(bad) == "go1.26.6"
    assert run.report["totals"]["ok"] == 9
    assert not run.report["closed"]
    # A second run does that one host and nobody else.
    fleet.fate(bad, "exit 0")
    before = len(run.records)
    again = fleet.run(fleet_healthy_percent=75)
    assert [entry["host"] for entry in again.records[before:] if entry["kind"] == "begin"] == [bad]
    assert again.report["closed"]


def test_sleeping_canaries_decide_nothing(fleet: Fleet) -> None:
    fleet.away = set(queue(fleet)[:2])
    run = fleet.run()
    assert run.status != 0
    assert run.report["totals"] == {"ok": 0, "failed": 0, "rolled_back": 0, "away": 2, "unknown": 0, "waiting": 8}
    assert "none of its 2 hosts answered" in run.text
    assert "Connection refused" in run.reason(queue(fleet)[0])
    # They may be replaced, and come last when they wake.
    run = fleet.run(fleet_absent="replace")
    assert run.status == 0, run.text
    assert run.report["totals"]["ok"] == 8
    assert run.report["rings"][0]["counts"]["ok"] == 2
    fleet.away = set()
    run = fleet.run(fleet_absent="replace")
    assert run.report["totals"]["ok"] == 10


def test_what_ssh_says_is_heard_though_it_stopped_listening_first(fleet: Fleet) -> None:
    """On a busy machine Ansible still writes the module when ssh has given up, and then knows of a broken pipe only."""
    ssh = fleet.folder / "ssh"
    ssh.write_text('#!/bin/sh\nexec 0<&-; sleep 1; exec ssh "$@" </dev/null\n')
    ssh.chmod(0o755)
    fleet.away = set(queue(fleet)[5:])
    fleet.extra = {name: {"ansible_ssh_executable": str(ssh)} for name in fleet.away}
    run = fleet.run(fleet_away_percent=100)
    assert {name for name, outcome in run.outcomes().items() if outcome == "away"} == fleet.away
    assert all("Connection refused" in run.reason(name) for name in fleet.away), run.report["hosts"]


def test_a_killed_controller_goes_on_where_it_stood(fleet: Fleet) -> None:
    first, second = queue(fleet)[:2], queue(fleet)[2:5]
    for name in second:
        fleet.fate(name, "sleep 3")
    assert fleet.kill_in(set(second)) == -9
    killed = fleet.state().read_text().splitlines()
    run = fleet.run()
    assert run.status == 0, run.text
    assert set(run.outcomes().values()) == {"ok"}
    repeated = [entry["host"] for entry in run.records[len(killed) - 1 :] if entry["kind"] == "begin"]
    assert not set(first) & set(repeated)
    assert set(second) <= {entry["host"] for entry in run.records if entry["kind"] == "begin"}
    assert adds_up(run, fleet)


def test_two_controllers_never_run_one_rollout(fleet: Fleet) -> None:
    for name in fleet.names:
        fleet.fate(name, "sleep 4")
    one = fleet.start({})
    while not fleet.state().exists():
        pass
    other = fleet.run()
    assert "on this controller runs it since" in other.text
    one.communicate()
    assert one.returncode == 0


def test_another_version_is_another_rollout(fleet: Fleet) -> None:
    fleet.away = set(queue(fleet)[:2])
    fleet.run()
    run = fleet.run(go_sdk_version="1.26.6")
    assert "asked for go_sdk_version=1.27.4" in run.text.replace("\n", " ")
    assert run.status != 0


def test_a_dry_run_shows_plan_and_changes_and_leaves_everything(fleet: Fleet) -> None:
    assert "Add --check" in fleet.run(fleet_dry_run=True).text
    run = fleet.run("--check")
    assert run.status == 0, run.text
    dry = fleet.result(0, "", "rollout-dry-run")
    assert dry.report["totals"]["ok"] == 10
    assert {fleet.version(name) for name in fleet.names} == {"go1.26.6"}
    assert all(host["changed"] for host in dry.report["hosts"])
    assert not fleet.state().exists()


def test_rings_wait_for_approval_by_file(fleet: Fleet) -> None:
    run = fleet.run(fleet_approval="file")
    assert run.status != 0
    assert run.report["totals"]["ok"] == 2
    assert "waits for approval" in run.text
    (fleet.state().parent / "approve-early").touch()
    run = fleet.run(fleet_approval="file", fleet_approve=["broad"])
    assert run.status == 0, run.text
    assert run.report["totals"]["ok"] == 10


def test_batches_stop_at_too_many_failures(fleet: Fleet) -> None:
    for name in queue(fleet)[5:]:
        fleet.fate(name, "exit 1")
    run = fleet.run(fleet_serial=1, fleet_max_fail_percentage=10)
    assert run.report["totals"] == {"ok": 5, "failed": 0, "rolled_back": 1, "away": 0, "unknown": 0, "waiting": 4}


def test_a_limit_would_leave_the_gates_out_and_is_refused(fleet: Fleet) -> None:
    run = fleet.run("--limit", "h01")
    assert run.status != 0
    assert "Use -e fleet_hosts=PATTERN" in run.text
    assert fleet.version("h01") == "go1.26.6"


def test_rollback_gives_every_host_what_stood_before_but_what_a_person_changed_since(fleet: Fleet) -> None:
    fleet.run()
    changed = fleet.folder / "h03" / "sdk" / "go"
    changed.unlink()
    changed.symlink_to(fleet.folder / "h03" / "sdk" / "mine")
    run = fleet.run(playbook="rollback")
    assert run.status != 0
    assert "changed by a person since" in run.text
    assert {fleet.version(name) for name in fleet.names} == {"go1.26.6", "mine"}
    again = fleet.run(playbook="rollback", fleet_force=True)
    assert again.status == 0, again.text
    assert fleet.version("h03") == "go1.26.6"
    assert set(fleet.run(playbook="rollback").outcomes().values()) == {"rolled_back"}
