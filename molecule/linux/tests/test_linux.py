# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine with every switch on must hold."""

from __future__ import annotations

from typing import Any

SYSCTL = "/etc/sysctl.d/60-gopherops-inotify.conf"


def test_compiler_is_there_and_works_with_cgo(machine: Any) -> None:
    assert machine.root("command -v gcc")
    machine.login(
        "rm -rf cgo && mkdir cgo && cd cgo && printf 'module cgo\\n\\ngo 1.26\\n' > go.mod && "
        "printf 'package main\\n\\n// int one(void) { return 1; }\\nimport \"C\"\\n\\n' > m.go && "
        "echo 'func main() { println(C.one()) }' >> m.go && "
        "go run . && cd .. && rm -rf cgo"
    )


def test_settings_are_kept_over_restarts(machine: Any) -> None:
    assert "fs.inotify.max_user_watches = 999999999" in machine.root(f"cat {SYSCTL}")
    assert "vm.swappiness = 10" in machine.root("cat /etc/sysctl.d/60-gopherops-kernel.conf")
    assert "* soft nofile 4321" in machine.root("cat /etc/security/limits.d/60-gopherops.conf")
    assert "LimitNOFILE=4321" in machine.root("cat /etc/systemd/system/user@.service.d/60-gopherops.conf")
    assert "DefaultLimitNOFILE=4321" in machine.root("cat /etc/systemd/user.conf.d/60-gopherops.conf")


def test_a_log_in_has_the_raised_limit(machine: Any) -> None:
    assert machine.root("su gopher -c 'ulimit -Sn'") == "4321"


def test_go_runs_where_tmp_forbids_it(machine: Any) -> None:
    wanted = f"{machine.home}/.cache/go-tmp" if machine.name == "trixie" else ""
    assert machine.login("go env GOTMPDIR") == wanted
    machine.login("cd /usr/local/go/src/errors && go test -count=1 . >/dev/null")


def test_kernel_of_the_host_was_left_alone_in_a_container(machine: Any) -> None:
    assert machine.root("cat /proc/sys/fs/inotify/max_user_watches") != "999999999"


def test_systems_without_selinux_and_apparmor_got_neither(machine: Any) -> None:
    assert machine.root("ls /etc/apparmor.d/gopherops-editors 2>/dev/null || true") == ""
