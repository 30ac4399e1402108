"""What the machine is, from its own files and programs."""

from __future__ import annotations

import pytest
from played_host import Host, account_of  # type: ignore[import-not-found]  # beside this file

from ansible_collections.gopherops.workstation.plugins.module_utils._info._machine import (
    collect_os,
    collect_programs,
    collect_user,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import Ran

FAILED = Ran(1, "no such key", "", 0.0)


def test_the_user_is_the_one_who_looks_and_the_home_may_be_somebody_elses(host: Host) -> None:
    place = host.place()
    user = collect_user(place)
    assert (user["name"], user["home"], user["shell"]) == ("dev", str(host.home), "/bin/bash")
    assert user["home_uid"] == host.home.stat().st_uid
    host.home.rmdir()
    assert collect_user(place)["home_uid"] is None


def test_a_uid_that_no_account_has_is_told(host: Host) -> None:
    assert collect_user(account_of(host.place(), 0))["in_passwd"] is True
    assert collect_user(account_of(host.place(), 3999999999))["in_passwd"] is False


@pytest.mark.parametrize(
    ("file", "environ", "container"),
    [
        ("/.dockerenv", {}, "docker"),
        ("/run/.containerenv", {}, "podman"),
        ("", {"container": "lxc"}, "lxc"),
        ("", {}, ""),
    ],
)
def test_a_container_is_told_by_its_marks(host: Host, file: str, environ: dict[str, str], container: str) -> None:
    if file:
        host.file(file)
    assert collect_os(host.place(**environ))["container"] == container


@pytest.mark.parametrize(
    ("release", "wsl"),
    [
        ("6.12.48+deb13-amd64", 0),
        ("4.4.0-19041-Microsoft", 1),
        ("6.6.87.2-microsoft-standard-WSL2", 2),
        ("4.19.84-Microsoft-WSL2-custom", 2),
    ],
)
def test_wsl_is_told_by_the_kernels_release(host: Host, release: str, wsl: int) -> None:
    host.file("/proc/sys/kernel/osrelease", release + "\n")
    assert collect_os(host.place())["wsl"] == wsl
    host.file("/.dockerenv")
    assert collect_os(host.place())["wsl"] == 0  # in a container WSL's rules do not hold


def test_what_linux_allows_is_read_from_its_files(host: Host) -> None:
    host.file("/etc/os-release", "ID='debian'\nVERSION_ID=\"13\"\nnonsense\n")
    host.file("/sys/fs/cgroup/cpu.max", "150000 100000\n")
    host.file("/proc/sys/fs/inotify/max_user_watches", "8192\n")
    host.file("/proc/sys/fs/inotify/max_user_instances", "many\n")
    host.file("/sys/fs/selinux/enforce", "1")
    facts = collect_os(host.place())
    assert (facts["distribution"], facts["distribution_version"]) == ("debian", "13")
    assert (facts["cpu_quota"], facts["inotify_watches"], facts["inotify_instances"]) == (1.5, 8192, None)
    assert facts["selinux"] is True
    assert "launchd_maxfiles" not in facts


@pytest.mark.parametrize("quota", ["max 100000", "100000", "100000 x", ""])
def test_without_a_quota_none_is_told(host: Host, quota: str) -> None:
    host.file("/sys/fs/cgroup/cpu.max", quota)
    facts = collect_os(host.place())
    assert facts["cpu_quota"] is None
    assert facts["selinux"] is False


def test_a_c_library_that_tells_no_version_is_no_fault(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_name: str) -> str:
        raise ValueError("unrecognized configuration name")

    monkeypatch.setattr("os.confstr", unknown)
    assert collect_os(host.place())["libc"] == ""


def test_a_mac_is_asked_by_its_own_programs(host: Host) -> None:
    host.system = "Darwin"
    host.says = {
        "sw_vers -productVersion": "26.1\n",
        "sysctl -n hw.optional.arm64": "1\n",
        "sysctl -n sysctl.proc_translated": FAILED,
        "launchctl limit maxfiles": "\tmaxfiles    256            unlimited\n",
    }
    facts = collect_os(host.place())
    assert (facts["distribution"], facts["distribution_version"]) == ("macos", "26.1")
    assert (facts["arm64"], facts["translated"], facts["wsl"]) == (True, False, 0)
    assert facts["launchd_maxfiles"] == ["256", "unlimited"]
    assert "inotify_watches" not in facts


def programs(host: Host, compiler: str = "") -> dict[str, object]:
    return dict(collect_programs(host.place(), {"PATH": f"{host.root}/usr/bin"}, compiler))


def test_compilers_and_git_are_those_on_path(host: Host) -> None:
    git = host.file("/usr/bin/git", mode=0o755)
    gcc = host.file("/usr/bin/gcc", mode=0o755)
    host.file("/usr/bin/clang", mode=0o644)  # cannot be run
    host.says = {"git --version": "git version 2.47.3\n"}
    found = programs(host, "gcc -m64")
    assert (found["git"], found["gcc"], found["clang"], found["cc"]) == (str(git), str(gcc), "", "")
    assert (found["CC"], found["git_version"], found["xcode"]) == (str(gcc), "git version 2.47.3", "")
    assert programs(host, str(gcc))["CC"] == str(gcc)
    assert programs(host, "/no/such/cc")["CC"] == ""
    assert programs(host, "zig")["CC"] == ""
    assert programs(host)["CC"] == ""
    host.says = {"git --version": FAILED}
    assert programs(host)["git_version"] == ""


def test_the_stand_ins_of_a_mac_without_command_line_tools_are_not_started(host: Host) -> None:
    host.system = "Darwin"
    env = {"PATH": "/usr/bin:/bin"}
    found = collect_programs(host.place(), env, "")
    assert found["git"] == "" and found["xcode"] == ""
    assert [argv for argv, _env, _cwd in host.ran] == [["/usr/bin/xcode-select", "-p"]]
    host.says = {"xcode-select -p": f"{host.home}\n"}
    assert collect_programs(host.place(), env, "")["xcode"] == str(host.home)
    host.says = {"xcode-select -p": "/no/such/folder\n"}
    assert collect_programs(host.place(), env, "")["xcode"] == ""
