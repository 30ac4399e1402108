# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: rules about the seam between Windows and Linux."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    ERROR,
    WARNING,
    WINDOWS,
    WSL,
    Finding,
    Policy,
    rule,
)

WINDOWS_DRIVES = ("9p", "drvfs", "virtiofs", "v9fs")


def on_drive(place: Facts) -> bool:
    """Whether a place lies on a Windows drive: WSL mounts those, and nothing else, with aname=drvfs."""
    fstype, options, source = place.text("fstype"), place.text("options"), place.text("source")
    if fstype == "drvfs":
        return True
    return fstype in WINDOWS_DRIVES and (
        "aname=drvfs" in options or source == "drvfs" or place.text("mount").startswith("/mnt/")
    )


def _places(facts: Facts, *prefixes: str) -> Iterator[tuple[str, Facts]]:
    for name, place in facts.pairs("dirs"):
        if name.startswith(prefixes) and on_drive(place):
            yield name, place


@rule(
    "GD052",
    "The project is on a Windows drive",
    WARNING,
    platforms=(WSL,),
    needs=("dirs", "workspaces"),
    cause="Every file access crosses into Windows, and changes made there are not announced to Linux.",
    remedy="Move the project into the Linux home.",
    mended_by="wsl2",
)
def drvfs_workspace(facts: Facts, policy: Policy) -> Finding | None:
    bad = [place for _name, place in _places(facts, "workspace ")]
    if not bad or policy["windows_drive_intended"]:
        return None
    plain = [one for one in bad if "metadata" not in one.text("options")]
    title = "The project is on a Windows drive, without metadata (chmod and git fail)" if plain else ""
    return Finding([f"{one.text('path')} is on {one.text('mount')} ({one.text('fstype')})" for one in bad], title=title)


@rule(
    "GD053",
    "Go's caches are on a Windows drive",
    WARNING,
    platforms=(WSL,),
    needs=("dirs",),
    cause="GOCACHE, GOMODCACHE or GOPATH points to a Windows drive, often through WSLENV.",
    remedy="Use places in the Linux home.",
    mended_by="go_env",
)
def drvfs_cache(facts: Facts, policy: Policy) -> Finding | None:
    evidence = [f"{name} {place.text('path')} is on {place.text('mount')}" for name, place in _places(facts, "GO")]
    wslenv = facts.text("env", "login", "WSLENV")
    evidence += [f"WSLENV={wslenv}"] if evidence and "GO" in wslenv else []
    return Finding(evidence) if evidence else None


@rule(
    "GD054",
    "A Windows toolchain works on Linux files, or the other way round",
    ERROR,
    platforms=(WSL, WINDOWS),
    needs=("go", "workspaces"),
    cause="Paths, locks and line endings of two systems are mixed.",
    remedy="In WSL use the Linux Go, and open the folder with the WSL extension.",
    mended_by="wsl2",
)
def wsl_cross_os(facts: Facts, policy: Policy) -> Finding | None:
    evidence = []
    inside = bool(facts.number("os", "wsl"))
    if inside and (
        facts.text("go", "env", "GOHOSTOS") == "windows" or facts.text("go", "real").lower().endswith(".exe")
    ):
        evidence.append(f"in WSL the go command is {facts.text('go', 'real')}, a Windows program")
    if facts.number("os", "wsl") == 1:
        evidence.append("this is WSL 1, which has no file system of its own")
    for workspace in facts.items("workspaces"):
        path = workspace.text("path").replace("/", "\\").lower()
        if path.startswith(("\\\\wsl$\\", "\\\\wsl.localhost\\")):
            evidence.append(f"Windows opens {workspace.text('path')}, which is inside WSL")
    return Finding(evidence) if evidence else None
