"""The story of a fleet: laptops that are dead, die in the middle, are full, or have a gopls that never answers.

Real everywhere but for the laptops being containers: ssh, the whole stack, Go, gopls and its proof. The number of hosts
is 12 in the gate and 60 with ``--deep`` (``FLEET_HOSTS``).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from _ssh import Laptops  # type: ignore[import-not-found]

HOSTS = int(os.environ.get("FLEET_HOSTS", "12"))
# Freezes every gopls as soon as it runs: it is there, it is right, and it never answers.
FREEZE = "while :; do pkill -STOP -x gopls; sleep 0.05; done"
FULL = ["--tmpfs", "/home/dev/.config:rw,size=4k,mode=0777"]

pytestmark = pytest.mark.skipif(not shutil.which("podman"), reason="podman is not installed")


@pytest.fixture(scope="module")
def laptops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laptops]:
    fleet = Laptops(tmp_path_factory.mktemp("laptops"))
    try:
        fleet.golden()
        yield fleet
    finally:
        fleet.close()


def test_the_story(laptops: Laptops) -> None:
    dead, dying, full, mute = ["dead1", "dead2", "dead3"], ["dying1", "dying2"], ["full1", "full2"], ["mute"]
    good = [f"good{number:02d}" for number in range(HOSTS - 8)]
    for host in [*dead, *dying, *mute, *good]:
        laptops.start(host)
    for host in full:
        laptops.start(host, *FULL)
    for host in dead:
        laptops.kill(host)
    laptops.shell(mute[0], f"({FREEZE}) >/dev/null 2>&1 &")
    for host in good[:2]:
        laptops.variables[host] = {"fleet_canary": True}
    before = {host: laptops.shell(host, "cat ~/.config/go/env") for host in good}
    status, text, report = laptops.rollout(
        watch=lambda: laptops.kill_when_begun(*dying),
        fleet_rings=[{"name": "canary", "percent": 10}, {"name": "broad"}],
        fleet_absent="replace",
        fleet_healthy_percent=1,
        fleet_away_percent=100,
        go_env_variables={"GOPRIVATE": "git.example.org/*"},
    )
    outcomes = {host["host"]: host["outcome"] for host in report["hosts"]}
    reasons = {host["host"]: host["reason"] for host in report["hosts"]}
    assert sum(report["totals"].values()) == HOSTS, text
    assert {outcomes[host] for host in dead} == {"away"}, reasons
    assert {outcomes[host] for host in dying} == {"unknown"}, reasons
    assert {outcomes[host] for host in full} <= {"failed", "rolled_back"}
    assert all("No space left" in reasons[host] for host in full), reasons
    assert outcomes[mute[0]] == "rolled_back", reasons
    assert "functional check" in reasons[mute[0]], reasons
    assert {outcomes[host] for host in good} == {"ok"}, reasons
    assert all("git.example.org" in laptops.shell(host, "cat ~/.config/go/env") for host in good)
    assert "git.example.org" not in laptops.shell(mute[0], "cat ~/.config/go/env")
    assert "git.example.org" not in before[good[0]]
    assert status in (0, 4)  # 4 is Ansible's word for hosts that fell silent


def test_a_bad_release_stops_at_its_canaries(laptops: Laptops) -> None:
    status, _, report = laptops.rollout(
        fleet_restart=True,
        fleet_hosts="good*",
        fleet_rings=[{"name": "canary", "percent": 10}, {"name": "broad"}],
        go_env_variables={"GOFLAGS": "-mod=nonsense"},
    )
    outcomes = [host["outcome"] for host in report["hosts"]]
    assert status != 0
    assert set(outcomes) == {"rolled_back", "waiting"}
    assert outcomes.count("rolled_back") == report["rings"][0]["counts"]["rolled_back"]
    assert not any("nonsense" in laptops.shell(h["host"], "cat ~/.config/go/env") for h in report["hosts"])
