"""Twenty hosts of three systems and four Debian releases in one inventory and one play.

In check mode: what each system's role decides is shown for all of them, and twenty real installations on two cores
would show nothing more about mixing them. Real runs are the scenarios and, for many hosts, ``integration/fleet``.
"""

from __future__ import annotations

import os

from _hosts import Hosts  # type: ignore[import-not-found]

HOSTS = int(os.environ.get("GOPHEROPS_MIXED_HOSTS", "20"))
KINDS = (("linux", "bullseye"), ("linux", "bookworm"), ("wsl2", "bookworm"), ("linux", "sid"), ("macos", "trixie"))
EXPECTED = {
    "linux": ("/home/dev/sdk/go", "/home/dev/.config/Code/User/settings.json"),
    "wsl2": ("/home/dev/sdk/go", "/home/dev/.vscode-server/data/Machine/settings.json"),
    "macos": ("/Users/dev/sdk/go", "/Users/dev/Library/Application Support/Code/User/settings.json"),
}


def test_one_play_serves_them_all(hosts: Hosts) -> None:
    kinds = {f"{KINDS[n % 5][0]}-{KINDS[n % 5][1]}-{n:02d}": KINDS[n % 5] for n in range(HOSTS)}
    for name, (system, image) in kinds.items():
        hosts.start(name, image, twin="" if system == "linux" else system)
    # The controller delivers, so that nothing is asked of twenty hosts' networks at once.
    delivery = {"go_sdk_delivery": "controller", "go_tools_delivery": "controller"}
    run = hosts.play("golang_dev", "--check", **delivery, go_tools_list=[{"name": "gopls"}])
    assert run.status == 0, run.text[-4000:]
    assert len(run.reports) == HOSTS
    for name, (system, _image) in kinds.items():
        planned = run.planned(name)
        assert all(path in planned for path in EXPECTED[system]), (name, planned)
        assert f"{name}: " in run.text
