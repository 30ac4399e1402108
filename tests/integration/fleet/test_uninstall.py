"""A provisioned machine is given back: what the roles brought is gone, what a developer had before stays."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from _ssh import COMMON, Laptops  # type: ignore[import-not-found]

# A timer that repairs would bring everything back, so it has to go too.
DRIFT = """
- hosts: laptops
  gather_facts: false
  tasks:
    - ansible.builtin.setup:
        gather_subset: [min]
    - ansible.builtin.include_role:
        name: gopherops.workstation.go_drift
      vars:
        go_drift_repository: https://git.example.org/workstation.git
        go_drift_tag: v1
        go_drift_allowed_signers: ['a@example.org ssh-ed25519 AAAA']
        go_drift_mode: repair
"""
# Go's own counters, caches with content and the editor's preferences: the guide says that they stay.
STAYS = (".cache/", ".config/go/telemetry", ".ansible", "go/pkg", ".ssh", ".config/Code/User/settings.json")

pytestmark = pytest.mark.skipif(not shutil.which("podman"), reason="podman is not installed")


@pytest.fixture
def laptops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laptops]:
    fleet = Laptops(tmp_path_factory.mktemp("laptops"))
    try:
        fleet.start("one")
        yield fleet
    finally:
        fleet.close()


def files(laptops: Laptops) -> dict[str, str]:
    """Every file and link of the home, with the hash of its content."""
    script = "cd; find . -type l -printf '%p -> %l\\n' -o -type f -exec sha256sum {} +"
    found = {}
    for line in laptops.shell("one", script).splitlines():
        name = line.split()[0] if " -> " in line else line.split(maxsplit=1)[1]
        if not name.removeprefix("./").startswith(STAYS):
            found[name] = line
    return found


def test_uninstall_gives_the_machine_back(laptops: Laptops) -> None:
    laptops.shell("one", "cd; mkdir -p go/bin; echo mine > go/bin/mine; echo '# mine' >> .bashrc")
    before = files(laptops)
    settings = {**COMMON, "golang_dev_hosts": "laptops"}
    status, text = laptops.playbook("provision", settings, "golang_dev")
    assert status == 0, text
    (laptops.folder / "drift.yml").write_text(DRIFT)
    status, text = laptops.playbook("drift", settings, str(laptops.folder / "drift.yml"))
    assert status == 0, text
    there = files(laptops)
    assert "./.config/systemd/user/gopherops-drift.timer" in there
    assert len(there) > len(before) + 1000
    status, text = laptops.playbook("uninstall", settings, "uninstall")
    assert status == 0, text
    assert files(laptops) == before
    assert laptops.shell("one", "ls ~/sdk 2>/dev/null; true") == ""
    # Once more there is nothing left to do.
    status, text = laptops.playbook("again", settings, "uninstall")
    assert status == 0, text
    assert "changed=0" in text
