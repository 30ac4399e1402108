# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: which file system a path lies on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible_collections.gopherops.workstation.plugins.module_utils._info._files import read
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place

_OCTAL = re.compile(r"\\([0-7]{3})")
WINDOWS_TYPES = ("9p", "drvfs", "virtiofs", "fuse.drvfs")
_DARWIN = re.compile(r"^(.*) on (/.*) \((\w+)(?:, (.*))?\)$")


@dataclass(frozen=True)
class Mount:
    point: str
    fstype: str
    options: str
    source: str


def mounts(place: Place) -> list[Mount]:
    """All of them, in the order they were mounted; empty where that cannot be told."""
    if place.system == "Darwin":
        ran = place.run(["/sbin/mount"], place.environ, "/", 10.0, b"")
        found = (_DARWIN.match(line) for line in ran.out.splitlines())
        return [Mount(one[2], one[3], (one[4] or "").replace(", ", ","), one[1]) for one in found if one]
    text = (read(place.path("/proc/self/mountinfo"), 1 << 20) or b"").decode("utf-8", "surrogateescape")
    return [one for one in map(_linux, text.splitlines()) if one]


def _linux(line: str) -> Mount | None:
    """https://www.kernel.org/doc/html/latest/filesystems/proc.html, section 3.5"""
    left, dash, right = line.partition(" - ")
    first, last = left.split(" "), right.split(" ")
    if not dash or len(first) < 6 or len(last) < 3:
        return None
    options = dict.fromkeys([*first[5].split(","), *last[2].split(",")])
    return Mount(_plain(first[4]), last[0], ",".join(options), _plain(last[1]))


def _plain(text: str) -> str:
    return _OCTAL.sub(lambda match: chr(int(match[1], 8)), text)


def mount_of(real: str, table: list[Mount]) -> Mount | None:
    """The one with the longest mount point above the path; of equals the one mounted last."""
    best = None
    for mount in table:
        point = mount.point.rstrip("/")
        if (real == point or real.startswith(f"{point}/")) and (
            best is None or len(point) >= len(best.point.rstrip("/"))
        ):
            best = mount
    return best


def is_windows(mount: Mount) -> bool:
    """Whether a mount is a Windows drive in WSL: 9p and virtiofs serve other things too."""
    return mount.fstype in WINDOWS_TYPES and (
        mount.fstype == "drvfs" or "aname=drvfs" in mount.options or ":\\" in mount.source
    )
