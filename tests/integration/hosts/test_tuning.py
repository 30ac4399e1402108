"""The tuning of role linux, really executed: what is predicted is done, takes effect, and goes again.

Real: the files, PAM, sysctl, sudo. The settings of the running kernel are tried on one that belongs to a network
namespace, since a container shares all others with the machine that runs these tests.
"""

from __future__ import annotations

from typing import Any

import pytest
from _hosts import Hosts, Run, role  # type: ignore[import-not-found]

FILES = {
    "inotify": ["/etc/sysctl.d/60-gopherops-inotify.conf"],
    "limits": [
        "/etc/security/limits.d/60-gopherops.conf",
        "/etc/systemd/system/user@.service.d/60-gopherops.conf",
        "/etc/systemd/user.conf.d/60-gopherops.conf",
    ],
    "kernel": ["/etc/sysctl.d/60-gopherops-kernel.conf"],
}
WANTED: dict[str, Any] = {
    "golang_dev_scope": "machine",
    "golang_dev_user": "gopher",
    "linux_inotify": True,
    # Above what any kernel sets by itself, so that there is something to raise.
    "linux_inotify_watches": 999999999,
    "linux_limits": True,
    # Below what the test's own container may have at most.
    "linux_limits_nofile": 4321,
    "linux_kernel": True,
    "linux_kernel_settings": {"net.core.somaxconn": 2345},
    "linux_selinux": True,
    "linux_apparmor": True,
}


def tune(hosts: Hosts, *words: str, **changed: Any) -> Run:
    """What role linux does besides the stack, and the verdict on it."""
    parts = [role("golang_dev", "look"), role("golang_dev", "developer"), role("linux", "assert")]
    verdict = role("golang_dev", "verdict")
    verdict["ansible.builtin.include_role"]["apply"] = {"tags": ["always"]}
    book = hosts.book(*parts, role("linux", "finish"), verdict)
    return hosts.play(book, *words, **{**WANTED, **changed})


def take_back(hosts: Hosts, *words: str) -> Run:
    return hosts.play(hosts.book(role("golang_dev", "look"), role("linux", "uninstall")), *words, **WANTED)


@pytest.fixture(scope="module")
def plain(hosts: Hosts) -> Hosts:
    hosts.start("plain", "bookworm", user="admin")
    return hosts


def test_each_switch_is_its_own_tag_and_the_plan_names_its_files(plain: Hosts) -> None:
    for switch, files in FILES.items():
        run = tune(plain, "--check", "--tags", f"linux_{switch}")
        assert run.status == 0, run.text
        assert run.planned("plain") == sorted(files), run.text
    assert tune(plain, "--check").planned("plain") == sorted(path for files in FILES.values() for path in files)


def test_what_was_predicted_is_done_once_and_taken_back_whole(plain: Hosts) -> None:
    before = plain.tree("plain", "/etc", "/usr/lib/sysctl.d")
    predicted = tune(plain, "--check")
    assert plain.tree("plain", "/etc", "/usr/lib/sysctl.d") ^ before == set()
    done = tune(plain)
    assert done.status == 0, done.text
    assert done.reports["plain"]["planned"] == predicted.reports["plain"]["planned"]
    for path in done.planned("plain"):
        assert plain.shell("plain", f"stat -c '%U %a' {path}") == "root 644"
    # A log-in through PAM has the limit; the container's own is another.
    assert plain.shell("plain", "su gopher -c 'ulimit -Sn; ulimit -Hn'").split() == ["4321", "4321"]

    again = tune(plain)
    assert again.reports["plain"]["planned"] == []
    assert "changed=0 " in again.text, again.text

    back = take_back(plain)
    assert back.status == 0, back.text
    assert plain.tree("plain", "/etc", "/usr/lib/sysctl.d") ^ before == set()
    assert "changed=0 " in take_back(plain).text


def test_other_peoples_files_beside_ours_stay(plain: Hosts) -> None:
    plain.shell("plain", "mkdir -p /etc/systemd/user.conf.d && echo '[Manager]' > /etc/systemd/user.conf.d/theirs.conf")
    tune(plain)
    take_back(plain)
    assert plain.shell("plain", "ls /etc/systemd/user.conf.d") == "theirs.conf"


def test_nothing_of_it_without_being_asked(plain: Hosts) -> None:
    off = {name: False for name in WANTED if WANTED[name] is True}
    assert tune(plain, **off).reports["plain"]["planned"] == []


def test_the_machine_is_not_tuned_in_scope_user(plain: Hosts) -> None:
    run = tune(plain, golang_dev_scope="user", golang_dev_user="admin")
    assert run.status != 0
    assert "Cannot tune 'inotify', 'limits'" in " ".join(run.text.split())


def test_the_running_kernel_is_set_where_this_machine_may(tmp_path_factory: pytest.TempPathFactory) -> None:
    own = Hosts(tmp_path_factory.mktemp("kernel"))
    try:
        own.start("kernel", "trixie", "--privileged", user="admin")
        only = {"linux_inotify": False, "linux_limits": False, "linux_selinux": False, "linux_apparmor": False}
        assert own.shell("kernel", "sysctl -n net.core.somaxconn") != "2345"
        run = tune(own, **only)
        assert run.status == 0, run.text
        assert own.shell("kernel", "sysctl -n net.core.somaxconn") == "2345"
        assert "changed=0 " in tune(own, **only).text
        own.shell("kernel", "sysctl -w net.core.somaxconn=128")
        assert "changed=1 " in tune(own, "--check", **only).text
        assert "changed=1 " in tune(own, **only).text
        assert own.shell("kernel", "sysctl -n net.core.somaxconn") == "2345"
    finally:
        own.close()
