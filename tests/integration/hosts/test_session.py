"""With systemd as PID 1: what is written for sessions is what a program in a session of the developer's sees."""

from __future__ import annotations

import time

from _hosts import Hosts, role  # type: ignore[import-not-found]


def seen(hosts: Hosts, script: str) -> str:
    """Output of a program that the developer's own service manager starts."""
    run = f"XDG_RUNTIME_DIR=/run/user/1000 systemd-run --user --wait --pipe --quiet sh -c '{script}'"
    return str(hosts.shell("session", run, user="dev"))


def restart(hosts: Hosts) -> None:
    """As after the next log-in: a new service manager reads environment.d and gets its limits."""
    hosts.shell("session", "systemctl daemon-reload; systemctl restart user@1000")


def test_a_users_service_sees_go_and_the_raised_limit(hosts: Hosts) -> None:
    hosts.start("session", "bookworm-systemd", "--systemd=always", user="admin", command=("/sbin/init",))
    for _attempt in range(60):
        if "running" in hosts.shell("session", "systemctl is-system-running || true"):
            break
        time.sleep(1)
    hosts.shell("session", "loginctl enable-linger dev")
    time.sleep(1)
    assert "/sdk/go/bin" not in seen(hosts, "echo $PATH")
    limit = seen(hosts, "ulimit -n")

    parts = [role("golang_dev", "look"), role("golang_dev", "developer"), role("linux", "finish")]
    as_developer = {"name": "As the developer", "become": True, "become_user": "dev", "block": [role("go_env")]}
    wanted = {"golang_dev_scope": "machine", "golang_dev_user": "dev", "go_env_scope": "user"}
    tuned = {"linux_limits": True, "linux_limits_nofile": 4321}
    run = hosts.play(hosts.book(*parts, as_developer), **wanted, **tuned)
    assert run.status == 0, run.text

    restart(hosts)
    assert seen(hosts, "echo $PATH").split(":")[:2] == ["/home/dev/sdk/go/bin", "/home/dev/go/bin"]
    assert seen(hosts, "ulimit -Sn; ulimit -Hn").split() == ["4321", "4321"]

    back = hosts.play(hosts.book(role("golang_dev", "look"), role("linux", "uninstall")), **wanted, **tuned)
    assert back.status == 0, back.text
    restart(hosts)
    assert seen(hosts, "ulimit -n") == limit
