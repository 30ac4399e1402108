"""The story of a fleet: laptops that are dead, die in the middle, are full, have a gopls that never answers or a proxy
whose clock is wrong.

Real: ssh, the whole stack, Go, gopls and its proof. Arranged: the laptops are containers of one image, which the main
playbook provisioned once, so that a rollout changes only what it is told to change. ``FLEET_HOSTS`` is 12 in the gate
and 60 in ``./dev test --deep fleet``.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator

import pytest
from _ssh import Laptops  # type: ignore[import-not-found]

HOSTS = int(os.environ.get("FLEET_HOSTS", "12"))
# Freezes every gopls as soon as it runs: it is there, it is right, and it never answers. On a busy machine one may get
# as far as its first answer, so the tests must not ask which question it was.
FREEZE = """
import glob, os, signal, time
while True:
    for file in glob.glob("/proc/[0-9]*/comm"):
        try:
            with open(file) as stream:
                if stream.read().strip() == "gopls":
                    os.kill(int(file.split("/")[2]), signal.SIGSTOP)
        except OSError:
            pass  # it has ended
    time.sleep(0.002)
"""
# Full to the last block: Go's settings cannot be written.
FULL = ("--tmpfs", "/home/dev/.config:rw,size=4k,notmpcopyup")
FILL = "chown dev /home/dev/.config; cat /dev/zero > /home/dev/.config/full 2>/dev/null || true"
CLOCK = """
import http.server, time
class Proxy(http.server.BaseHTTPRequestHandler):
    def date_time_string(self, timestamp=None):
        return super().date_time_string(time.time() + 7200)
    def do_GET(self):
        self.send_error(404)
    do_HEAD = do_GET
http.server.ThreadingHTTPServer(("127.0.0.1", 8099), Proxy).serve_forever()
"""
RINGS = [{"name": "canary", "groups": ["canaries"]}, {"name": "broad"}]
CHANGE = {"GOPRIVATE": "git.example.org/*"}

pytestmark = pytest.mark.skipif(not shutil.which("podman"), reason="podman is not installed")


@pytest.fixture(scope="module")
def laptops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laptops]:
    fleet = Laptops(tmp_path_factory.mktemp("laptops"))
    try:
        fleet.golden()
        for host in good():
            fleet.start(host)
        fleet.groups = {"canaries": good()[:2]}
        yield fleet
    finally:
        fleet.close()


def good() -> list[str]:
    return [f"good{number:02d}" for number in range(HOSTS - 9)]


def written(laptops: Laptops, host: str) -> str:
    return str(laptops.shell(host, "cat ~/.config/go/env 2>/dev/null || true"))


@pytest.fixture
def silent() -> Iterator[str]:
    """A port where connections are taken and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


def test_the_right_hosts_are_named_with_the_right_reason(laptops: Laptops, silent: str) -> None:
    for host in ("dead1", "dying1", "dying2", "mute", "clock"):
        laptops.start(host)
    for host in ("full1", "full2"):
        laptops.start(host, *FULL)
        laptops.shell(host, FILL, user="root")
    laptops.kill("dead1")
    laptops.ports |= {"dead2": "9", "dead3": silent}
    laptops.shell("mute", f"python3 -c '{FREEZE}' >/dev/null 2>&1 &")
    laptops.shell("clock", f"python3 -c '{CLOCK}' >/dev/null 2>&1 &")
    for host in laptops.ports:
        laptops.variables[host] = {"go_env_variables": CHANGE}
    laptops.variables["clock"] = {
        "go_env_variables": {**CHANGE, "GOPROXY": "http://127.0.0.1:8099"},
        "go_doctor_network": True,
    }
    run = laptops.rollout(
        watch=lambda: laptops.kill_when_begun("dying1", "dying2"),
        fleet_rings=RINGS,
        fleet_healthy_percent=1,
        fleet_away_percent=100,
    )
    bad = set(laptops.ports) - set(good())
    laptops.remove(*bad)
    assert sum(run.report["totals"].values()) == HOSTS == len(run.outcomes), run.text
    assert {host for host, outcome in run.outcomes.items() if outcome == "away"} == {"dead1", "dead2", "dead3"}
    assert "Connection refused" in run.reasons["dead2"]
    assert "timed out" in run.reasons["dead3"].lower()
    assert {host for host, outcome in run.outcomes.items() if outcome == "unknown"} == {"dying1", "dying2"}, run.reasons
    for host in ("full1", "full2"):
        assert run.outcomes[host] in ("failed", "rolled_back")
        assert "No space left" in run.reasons[host]
    assert run.outcomes["mute"] == "rolled_back", run.reasons
    assert "gave up waiting" in run.reasons["mute"]
    assert run.outcomes["clock"] == "rolled_back", run.reasons
    assert "The clock is wrong" in run.reasons["clock"]
    assert {run.outcomes[host] for host in good()} == {"ok"}, run.reasons
    assert all("git.example.org" in written(laptops, host) for host in good())


def test_a_bad_release_stops_at_its_canaries(laptops: Laptops) -> None:
    laptops.variables = {host: {"go_env_variables": {"GOFLAGS": "-mod=nonsense"}} for host in good()}
    run = laptops.rollout(fleet_name="bad", fleet_rings=RINGS)
    canaries = set(laptops.groups["canaries"])
    assert run.status != 0
    assert {host for host, outcome in run.outcomes.items() if outcome == "rolled_back"} == canaries, run.reasons
    assert {run.outcomes[host] for host in set(good()) - canaries} == {"waiting"}
    assert set(laptops.begun("bad")) == canaries
    assert not any("nonsense" in written(laptops, host) for host in good())


def test_sleeping_canaries_decide_nothing(laptops: Laptops, silent: str) -> None:
    laptops.variables = {host: {"go_env_variables": {"GOPRIVATE": "asleep.example.org"}} for host in good()}
    canaries, awake = set(laptops.groups["canaries"]), dict(laptops.ports)
    laptops.ports |= dict.fromkeys(canaries, silent)
    run = laptops.rollout(fleet_name="asleep", fleet_rings=RINGS)
    laptops.ports = awake
    assert run.status != 0
    assert "none of its 2 hosts answered" in run.text
    assert not laptops.begun("asleep")
    assert {run.outcomes[host] for host in canaries} == {"away"}


def test_a_killed_controller_goes_on_in_the_ring_where_it_died(laptops: Laptops) -> None:
    laptops.variables = {host: {"go_env_variables": {"GOPRIVATE": "killed.example.org"}} for host in good()}
    first = set(laptops.groups["canaries"])
    settings = {"fleet_name": "killed", "fleet_rings": RINGS}
    assert laptops.kill_controller(set(good()) - first, **settings) == -9
    before = len(laptops.begun("killed"))
    run = laptops.rollout(**settings)
    assert run.status == 0, run.text
    assert set(run.outcomes.values()) == {"ok"}
    again = laptops.begun("killed")[before:]
    assert not first & set(again)
    assert set(good()) - first <= set(laptops.begun("killed"))
    assert all("killed.example.org" in written(laptops, host) for host in good())
