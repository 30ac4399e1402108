# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what kind of Linux this is, told by several signs, since each alone is wrong somewhere.

WSL1 says ``4.4.0-19041-Microsoft`` and has no real root filesystem; WSL2 runs a kernel that may be the user's own build
and then names nobody; a container started inside WSL2 sees the very same kernel but none of WSL's sockets; systemd
inside WSL calls itself a container of kind ``wsl``. https://learn.microsoft.com/windows/wsl/compare-versions
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._info._files import first_line, read
from ansible_collections.gopherops.workstation.plugins.module_utils._info._mounts import Mount, mount_of, mounts
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place

INTEROP = ("WSLInterop", "WSLInterop-late")
IMMUTABLE = {
    "nixos",
    "opensuse-microos",
    "opensuse-aeon",
    "opensuse-kalpa",
    "steamos",
    "vanilla",
    "endless",
    "ublue-os",
}
_CGROUP = re.compile(r"docker|kubepods|libpod|containerd|lxc|machine\.slice/.*nspawn")


@dataclass(frozen=True)
class Signs:
    """What was seen; nothing is concluded yet."""

    release: str
    root_type: str
    interop: bool
    sockets: bool
    names_wsl: bool
    container: str


@dataclass(frozen=True)
class Kind:
    """The conclusion and the signs that led to it, for people."""

    system: str  # linux | wsl1 | wsl2 | macos
    container: str = ""
    why: list[str] = field(default_factory=list)


def signs(place: Place, release: str) -> Signs:
    """Look at everything that tells the kinds apart; each look is a file read."""
    table = mounts(place)
    root = mount_of("/", table)
    binfmt = place.path("/proc/sys/fs/binfmt_misc")
    return Signs(
        release=first_line(place.path("/proc/sys/kernel/osrelease")) or release,
        root_type=root.fstype if root else "",
        interop=any(os.path.exists(os.path.join(binfmt, name)) for name in INTEROP),
        sockets=os.path.isdir(place.path("/run/WSL")),
        # sudo and ssh drop them, so their absence says nothing.
        names_wsl=bool(place.environ.get("WSL_INTEROP") or place.environ.get("WSL_DISTRO_NAME")),
        container=_container(place),
    )


def _container(place: Place) -> str:
    kind = first_line(place.path("/run/systemd/container")) or place.environ.get("container", "")
    if kind and kind != "wsl":
        return kind
    for path, name in (("/.dockerenv", "docker"), ("/run/.containerenv", "podman")):
        if os.path.exists(place.path(path)):
            return name
    match = _CGROUP.search((read(place.path("/proc/1/cgroup")) or b"").decode("utf-8", "replace"))
    return match.group(0) if match else ""


def conclude(seen: Signs) -> Kind:
    """One kind, with its reasons."""
    microsoft = "microsoft" in seen.release.lower()
    first = re.fullmatch(r"4\.4\.\d+-\d+-Microsoft", seen.release) is not None or seen.root_type in {"lxfs", "wslfs"}
    kernel = f"kernel {seen.release}"
    if seen.container:
        on = " on a WSL2 kernel" if microsoft else ""
        return Kind("linux", seen.container, [f"a container ({seen.container}){on}", kernel])
    if first:
        return Kind("wsl1", "", [kernel, f"root filesystem {seen.root_type}"])
    why = [
        text
        for there, text in (
            (microsoft, kernel),
            (seen.interop, "WSLInterop is registered"),
            (seen.sockets, "/run/WSL is there"),
            (seen.names_wsl, "WSL's variables are set"),
        )
        if there
    ]
    # Somebody's own kernel names nobody, and a variable alone can be inherited by anything.
    if microsoft or len(why) >= 2:
        return Kind("wsl2", "", why)
    return Kind("linux", "", [kernel])


def collect_linux(place: Place) -> dict[str, Any]:
    """What the roles need to know of any Linux."""
    table = mounts(place)
    words = _os_release(place)
    temporary = mount_of(os.path.realpath("/tmp"), table)
    return {
        "distribution": words.get("ID", ""),
        "immutable": immutable(place, words, table),
        "tmp_noexec": bool(temporary and "noexec" in temporary.options.split(",")),
        "systemd": first_line(place.path("/proc/1/comm")) == "systemd",
        "selinux": first_line(place.path("/sys/fs/selinux/enforce")),
        "apparmor": first_line(place.path("/sys/module/apparmor/parameters/enabled")) == "Y",
        "inotify": {
            name: _number(place.path("/proc/sys/fs/inotify", f"max_user_{name}")) for name in ("watches", "instances")
        },
    }


def _os_release(place: Place) -> dict[str, str]:
    text = (read(place.path("/etc/os-release")) or b"").decode("utf-8", "replace")
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line)
    return {key.strip(): value.strip().strip("\"'") for key, value in pairs}


def immutable(place: Place, words: Mapping[str, str], table: list[Mount]) -> str:
    """Why packages are not installed the usual way here; empty where they are."""
    if os.path.exists(place.path("/run/ostree-booted")):
        return "booted from an OSTree deployment"
    if words.get("ID", "") in IMMUTABLE or words.get("VARIANT_ID", "") in IMMUTABLE:
        return f"{words.get('PRETTY_NAME') or words['ID']} manages its system as a whole"
    usr = mount_of("/usr", table)
    if usr and usr.point in {"/", "/usr"} and "ro" in usr.options.split(","):
        return "/usr is mounted read-only"
    return ""


def _number(path: str) -> int:
    text = first_line(path)
    return int(text) if text.isdigit() else 0
