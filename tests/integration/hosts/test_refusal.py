"""A host that is not what its group says is refused with the reason, before anything on it was touched."""

from __future__ import annotations

from _hosts import Hosts  # type: ignore[import-not-found]

# What the group says, and what the host says about itself.
REFUSED = {
    "linux-as-macos": ("macos", "role macos was asked for, but the host is linux"),
    "linux-as-wsl2": ("wsl2", "role wsl2 was asked for, but the host is linux"),
    "wsl2-as-linux": ("linux", "role linux was asked for, but the host is wsl2"),
    "macos-as-linux": ("linux", "role linux was asked for, but the host is macos"),
    "wsl1": ("", "it is WSL1 (kernel 4.4.0-19041-Microsoft"),
    "inside-wsl2": ("wsl2", "the host is linux (a container (podman) on a WSL2 kernel, kernel 6.6.87.2-microsoft"),
}
LOOK = "find / -xdev -newer /root/began ! -path '/proc/*' ! -path '/sys/*' ! -path '*/.ansible*' -type f"


def test_each_is_refused_with_its_reason_and_left_as_it_was(hosts: Hosts) -> None:
    for name, (system, _reason) in REFUSED.items():
        twin = "" if name.startswith("linux") else "macos" if name.startswith("macos") else "wsl2"
        said = {"golang_dev_system": system} if system else {}
        hosts.start(name, "bookworm", twin=twin, **said)
    hosts.shell("wsl1", "echo 4.4.0-19041-Microsoft > /run/twin/osrelease")
    # A container that was started inside WSL2: the same kernel, and the engine's mark.
    hosts.shell("inside-wsl2", "touch /run/.containerenv")
    for name in REFUSED:
        hosts.shell(name, "touch /root/began; rm -rf /private/var/db/twin/calls; sleep 0.1")
    run = hosts.play("golang_dev")
    assert run.status != 0
    words = " ".join(run.text.replace("\\n", " ").split())
    for name, (_system, reason) in REFUSED.items():
        assert f"Cannot provision host '{name}'" in words, run.text
        assert reason in words, f"{name}: {reason}\n{run.text}"
        touched = [path for path in hosts.shell(name, LOOK).splitlines() if "/twin/" not in path]
        assert touched == [], f"{name}: {touched}"
    assert "changed=0 " in run.text and "changed=1 " not in run.text
