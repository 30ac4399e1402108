# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: which Go runs on this host. What the interpreter or ``uname`` says may be emulated."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
# What uname answers to a 32-bit process, or under setarch, on a 64-bit kernel.
_NARROW = {"i386": "amd64", "i586": "amd64", "i686": "amd64", "armv8l": "arm64"}
_PER_LINUX32 = 0x0008


def read_text(path: str) -> str:
    """What stands in a file of the kernel's; empty where there is none."""
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except OSError:
        return ""


def detect(
    system: str,
    machine: str,
    run: Callable[[Sequence[str]], tuple[int, str, str]],
    read: Callable[[str], str] = read_text,
) -> str:
    """``linux-amd64`` and the like. Go's programs are static, so the kernel decides, not the userland."""
    system, machine = system.lower(), machine.lower()
    if system == "darwin":
        # Under Rosetta a translated Python sees x86_64; hw.optional.arm64 exists on Apple silicon alone.
        status, stdout, _stderr = run(["/usr/sbin/sysctl", "-n", "hw.optional.arm64"])
        return "darwin-arm64" if status == 0 and stdout.strip() == "1" else "darwin-amd64"
    if system == "linux":
        architecture = _MACHINES.get(machine) or _wide_kernel(machine, read)
        if architecture:
            return f"linux-{architecture}"
    raise WorkstationError(
        "install Go on",
        "platform",
        f"{system}-{machine}",
        "it is none of linux, darwin and windows on amd64 or arm64",
        "Leave this host out (--limit)",
    )


def _wide_kernel(machine: str, read: Callable[[str], str]) -> str | None:
    architecture = _NARROW.get(machine)
    if architecture is None:
        return None
    true = read("/proc/sys/kernel/arch").strip()  # Linux 6.1; not changed by setarch
    if true:
        return _MACHINES.get(true)
    try:
        narrowed = int(read("/proc/self/personality").strip() or "0", 16) & 0xFF == _PER_LINUX32
    except ValueError:
        narrowed = False
    # Only a 64-bit kernel calls itself armv8l, and only one knows the 32-bit personality.
    return architecture if narrowed or machine == "armv8l" else None
