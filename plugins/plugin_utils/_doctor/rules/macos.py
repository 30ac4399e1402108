# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: rules about macOS."""

from __future__ import annotations

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    DARWIN,
    ERROR,
    INFO,
    WARNING,
    Finding,
    Policy,
    rule,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._texts import under


@rule(
    "GD055",
    "The Xcode command line tools are missing",
    WARNING,
    platforms=(DARWIN,),
    needs=("programs",),
    cause="cgo, git and the debug server come from them.",
    remedy="Install them.",
    command="xcode-select --install",
    mended_by="macos",
)
def clt_missing(facts: Facts, policy: Policy) -> Finding | None:
    if facts.text("programs", "xcode"):
        return None
    needed = [one.text("path") for one in facts.items("workspaces") if one.texts("cgo_packages")]
    needed += ["dlv"] if facts.items("tools", "dlv", "found") else []
    evidence = ["xcode-select -p names no folder", *(f"needed by {one}" for one in needed)]
    return Finding(evidence, severity=ERROR if needed else WARNING)


@rule(
    "GD056",
    "An Intel program on Apple silicon",
    ERROR,
    platforms=(DARWIN,),
    needs=("os", "tools"),
    cause="Under Rosetta Go is slow, and dlv refuses to debug.",
    remedy="Install the arm64 version.",
    mended_by="macos",
)
def arch_mismatch(facts: Facts, policy: Policy) -> Finding | None:
    if policy["rosetta_intended"] or not facts.true("os", "arm64"):
        return None
    evidence = ["this very session is translated by Rosetta"] if facts.true("os", "translated") else []
    for one in facts.items("gos"):
        if one.text("platform") == "darwin/amd64":
            evidence.append(f"{one.text('path')} is for darwin/amd64")
    for tool in ("gopls", "dlv"):
        for one in facts.items("tools", tool, "found")[:1]:
            if one.text("goarch") in ("amd64", "x86_64"):
                evidence.append(f"{one.text('path')} is for amd64")
    return Finding(evidence) if evidence else None


@rule(
    "GD057",
    "macOS kills or blocks a program",
    ERROR,
    platforms=(DARWIN,),
    needs=("tools",),
    cause="A program that was overwritten in place has an invalid signature; a downloaded one is in quarantine.",
    remedy="Remove the program and install it again.",
    mended_by="go_tools",
)
def mac_blocked(facts: Facts, policy: Policy) -> Finding | None:
    evidence = []
    for one in [*facts.items("tools", "gopls", "found"), *facts.items("tools", "dlv", "found"), *facts.items("gos")]:
        if one.false("signed"):
            evidence.append(f"{one.text('path')} has an invalid signature")
        if one.true("quarantine"):
            evidence.append(f"{one.text('path')} is in quarantine")
        if "exit status 137" in one.text("error") or "killed" in one.text("error").lower():
            evidence.append(f"{one.text('path')}: {one.text('error')}")
    return Finding(evidence) if evidence else None


GUARDED = ("Desktop", "Documents", "Downloads", "Library/Mobile Documents")


@rule(
    "GD058",
    "The project is in a folder that macOS guards",
    INFO,
    platforms=(DARWIN,),
    needs=("workspaces", "user"),
    cause="macOS asks for permission per program for Desktop, Documents, Downloads, iCloud and other volumes.",
    remedy="Allow it for the editor in Privacy & Security, Files and Folders, or move the project.",
)
def tcc_folder(facts: Facts, policy: Policy) -> Finding | None:
    home = facts.text("user", "home")
    guarded = [f"{home}/{one}" for one in GUARDED] + ["/Volumes"]
    bad = [one for one in facts.items("workspaces") if under(one.text("real"), *guarded)]
    denied = [one for one in bad if "not permitted" in one.text("error")]
    if not bad:
        return None
    evidence = [f"{one.text('real')} {one.text('error')}".strip() for one in bad]
    return Finding(evidence, severity=ERROR if denied else INFO)
