"""Every kind of Linux, told by its signs; the releases are those that real systems report."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._host import _kind
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import Ran

BARE = _kind.Signs("6.12.48+deb13-amd64", "ext4", interop=False, sockets=False, names_wsl=False, container="")


@pytest.mark.parametrize(
    ("changed", "system", "container"),
    [
        ({}, "linux", ""),
        ({"release": "6.6.87.2-microsoft-standard-WSL2", "interop": True, "sockets": True}, "wsl2", ""),
        # over ssh and sudo, with interop switched off
        ({"release": "5.15.167.4-microsoft-standard-WSL2"}, "wsl2", ""),
        # a kernel of the user's own making
        ({"release": "6.9.3-custom", "interop": True, "sockets": True}, "wsl2", ""),
        # a variable inherited over ssh from a WSL shell proves nothing
        ({"names_wsl": True}, "linux", ""),
        # binfmt registrations of another tool neither
        ({"interop": True}, "linux", ""),
        ({"release": "4.4.0-19041-Microsoft", "root_type": "wslfs", "interop": True}, "wsl1", ""),
        ({"release": "4.4.0-18362-Microsoft", "root_type": "lxfs"}, "wsl1", ""),
        # each of the two is enough
        ({"release": "4.4.0-19041-Microsoft"}, "wsl1", ""),
        ({"root_type": "wslfs"}, "wsl1", ""),
        ({"release": "5.15.167.4-microsoft-standard-WSL2", "container": "docker"}, "linux", "docker"),
        ({"release": "6.17.0-1004-azure"}, "linux", ""),
        ({"release": "5.15.0.mshv1-microsoft-hyperv", "container": "kubepods"}, "linux", "kubepods"),
    ],
)
def test_kinds_are_told_apart(changed: Mapping[str, object], system: str, container: str) -> None:
    kind = _kind.conclude(dataclasses.replace(BARE, **changed))  # type: ignore[arg-type]
    assert (kind.system, kind.container) == (system, container)
    assert kind.why


def nothing(argv: Sequence[str], env: Mapping[str, str], cwd: str, timeout: float, stdin: bytes = b"") -> Ran:
    raise AssertionError(f"nothing is started here: {argv}")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    for path, text in {
        "proc/sys/kernel/osrelease": "6.6.87.2-microsoft-standard-WSL2\n",
        "proc/self/mountinfo": (
            "60 1 8:32 / / rw,relatime shared:1 - ext4 /dev/sdc rw,discard\n"
            "70 60 0:40 / /mnt/c rw,noatime - 9p C:\\134 rw,aname=drvfs;path=C:\\134;metadata;symlinkroot=/mnt/,mmap\n"
        ),
        "proc/sys/fs/binfmt_misc/WSLInterop": "enabled\ninterpreter /init\n",
        "proc/1/comm": "systemd\n",
        "run/systemd/container": "wsl\n",
        "etc/os-release": 'ID=ubuntu\nPRETTY_NAME="Ubuntu 24.04.3 LTS"\n',
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / "run/WSL").mkdir(parents=True)
    return Place(nothing, {}, "Linux", "dev", 1000, "/home/dev", "/bin/bash", "/", str(tmp_path))


def test_signs_are_read_from_a_wsl2_that_runs_systemd(place: Place) -> None:
    seen = _kind.signs(place, "unused")
    assert seen == _kind.Signs("6.6.87.2-microsoft-standard-WSL2", "ext4", True, True, False, "")
    assert _kind.conclude(seen).system == "wsl2"
    assert _kind.collect_linux(place)["immutable"] == ""


@pytest.mark.parametrize("environ", [{"WSL_INTEROP": "/run/WSL/8_interop"}, {"WSL_DISTRO_NAME": "Ubuntu"}, {}])
def test_one_of_wsls_variables_is_a_sign(place: Place, environ: dict[str, str]) -> None:
    assert _kind.signs(dataclasses.replace(place, environ=environ), "").names_wsl == bool(environ)


@pytest.mark.parametrize(("options", "noexec"), [("rw,noexec", True), ("rw,nosuid", False), ("", False)])
def test_a_tmp_where_nothing_starts_is_seen(place: Place, options: str, noexec: bool) -> None:
    table = Path(place.path("/proc/self/mountinfo"))
    tmp = f"80 60 0:41 / {os.path.realpath('/tmp')} {options} - tmpfs tmpfs rw\n" if options else ""
    table.write_text(table.read_text() + tmp)
    assert _kind.collect_linux(place)["tmp_noexec"] is noexec
    table.write_text("")
    assert _kind.collect_linux(place)["tmp_noexec"] is False


def test_docker_inside_wsl2_is_a_container(place: Place) -> None:
    Path(place.path("/.dockerenv")).write_text("")
    kind = _kind.conclude(_kind.signs(place, ""))
    assert (kind.system, kind.container) == ("linux", "docker")
    assert "on a WSL2 kernel" in kind.why[0]


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("run/ostree-booted", "", "OSTree"),
        ("etc/os-release", 'ID=nixos\nPRETTY_NAME="NixOS 26.05"\n', "NixOS 26.05 manages"),
        ("etc/os-release", 'ID=fedora\nVARIANT_ID=ublue-os\nPRETTY_NAME="Bluefin"\n', "Bluefin manages"),
        ("proc/self/mountinfo", "60 1 8:32 / / ro,relatime - btrfs /dev/sda rw\n", "/usr is mounted read-only"),
    ],
)
def test_immutable_systems_are_recognised(place: Place, path: str, text: str, reason: str) -> None:
    Path(place.path(path)).write_text(text)
    assert reason in _kind.collect_linux(place)["immutable"]
