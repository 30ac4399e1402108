# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: F11, the operating system, its limits, and the compilers and git that Go calls."""

from __future__ import annotations

import os
import pwd
import resource
from collections.abc import Mapping
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._info._files import first_line, read
from ansible_collections.gopherops.workstation.plugins.module_utils._info._gos import executable, on_path
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place

SECONDS = 10.0


def collect_user(place: Place) -> dict[str, Any]:
    """Who looks: the developer, as the rules take it."""
    try:
        pwd.getpwuid(place.uid)
        known = True
    except KeyError:
        known = False
    try:
        owner: int | None = os.stat(place.home).st_uid
    except OSError:
        owner = None
    return {
        "name": place.user,
        "uid": place.uid,
        "gid": os.getegid(),
        "groups": sorted(os.getgroups()),
        "home": place.home,
        "home_uid": owner,
        "shell": place.shell,
        "in_passwd": known,
    }


def collect_os(place: Place) -> dict[str, Any]:
    """What the machine is and what it allows."""
    name = os.uname()
    container = _container(place)
    facts: dict[str, Any] = {
        "system": place.system,
        "release": name.release,
        "machine": name.machine,
        "wsl": _wsl(place, name.release) if not container else 0,
        "container": container,
        "cpus": os.cpu_count() or 1,
        "nofile": list(resource.getrlimit(resource.RLIMIT_NOFILE)),
    }
    if place.system == "Linux":
        facts.update(_linux(place))
    if place.system == "Darwin":
        facts.update(_darwin(place))
    return facts


def _container(place: Place) -> str:
    if os.path.exists(place.path("/.dockerenv")):
        return "docker"
    if os.path.exists(place.path("/run/.containerenv")):
        return "podman"
    return str(place.environ.get("container", ""))


def _wsl(place: Place, release: str) -> int:
    """1, 2, or 0 for anything else; WSL1 has no kernel of its own and says ``Microsoft`` with a capital."""
    text = (first_line(place.path("/proc/sys/kernel/osrelease")) or release) if place.system == "Linux" else ""
    if "microsoft" not in text.lower():
        return 0
    return 1 if "Microsoft" in text and "WSL2" not in text else 2


def _linux(place: Place) -> dict[str, Any]:
    osrelease = (read(place.path("/etc/os-release")) or b"").decode("utf-8", "replace")
    pairs = dict(line.split("=", 1) for line in osrelease.splitlines() if "=" in line)
    try:
        libc = os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (ValueError, OSError):
        libc = ""  # musl
    cpu = first_line(place.path("/sys/fs/cgroup/cpu.max")).split()
    return {
        "distribution": pairs.get("ID", "").strip("\"'"),
        "distribution_version": pairs.get("VERSION_ID", "").strip("\"'"),
        "libc": libc,
        "cpu_quota": int(cpu[0]) / int(cpu[1]) if len(cpu) == 2 and cpu[0].isdigit() and cpu[1].isdigit() else None,
        "inotify_watches": _number(place, "/proc/sys/fs/inotify/max_user_watches"),
        "inotify_instances": _number(place, "/proc/sys/fs/inotify/max_user_instances"),
        "selinux": first_line(place.path("/sys/fs/selinux/enforce")) == "1",
    }


def _number(place: Place, path: str) -> int | None:
    text = first_line(place.path(path))
    return int(text) if text.isdigit() else None


def _darwin(place: Place) -> dict[str, Any]:
    def says(*argv: str) -> str:
        ran = place.run(argv, place.environ, "/", SECONDS, b"")
        return ran.out.strip() if ran.ok else ""

    return {
        "distribution": "macos",
        "distribution_version": says("/usr/bin/sw_vers", "-productVersion"),
        "arm64": says("/usr/sbin/sysctl", "-n", "hw.optional.arm64") == "1",
        "translated": says("/usr/sbin/sysctl", "-n", "sysctl.proc_translated") == "1",
        "launchd_maxfiles": says("/bin/launchctl", "limit", "maxfiles").split()[1:],
    }


def collect_programs(place: Place, env: Mapping[str, str], compiler: str) -> dict[str, Any]:
    """The compilers on PATH and git. On macOS the command line tools are asked for first: their stand-ins in
    /usr/bin open a window when the tools are missing."""
    developer = ""
    if place.system == "Darwin":
        ran = place.run(["/usr/bin/xcode-select", "-p"], place.environ, "/", SECONDS, b"")
        developer = ran.out.strip() if ran.ok and os.path.isdir(ran.out.strip()) else ""
    path = env.get("PATH", "")
    found = {name: (on_path(name, path) or [""])[0] for name in ("cc", "gcc", "clang", "git")}
    if place.system == "Darwin" and not developer:
        found = {name: "" if one.startswith("/usr/bin/") else one for name, one in found.items()}
    word = compiler.split(" ", maxsplit=1)[0]  # go env CC; may carry flags
    found["CC"] = word if os.path.isabs(word) and executable(word) else (on_path(word, path) or [""])[0] if word else ""
    version = ""
    if found["git"]:
        ran = place.run([found["git"], "--version"], dict(env), place.empty, SECONDS, b"")
        version = ran.out.strip() if ran.ok else ""
    return {**found, "git_version": version, "xcode": developer}
