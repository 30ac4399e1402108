# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: rules about Windows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    ERROR,
    INFO,
    WARNING,
    WINDOWS,
    Finding,
    Policy,
    Unknown,
    rule,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._sddl import ADD_FILE, ADD_FOLDER, parse


@rule(
    "GD059",
    "PATH is damaged",
    WARNING,
    platforms=(WINDOWS,),
    needs=("windows.path",),
    cause="setx and SetEnvironmentVariable cut PATH, or store it so that %VARIABLES% are not expanded.",
    remedy="Write PATH again as an expandable string, element by element.",
    mended_by="windows",
)
def win_path_broken(facts: Facts, policy: Policy) -> Finding | None:
    evidence, total = [], 0
    for scope in ("machine", "user"):
        path = facts["windows", "path", scope]
        value = path.text("value")
        total += len(value)
        elements = value.split(";")
        if path.text("kind") == "REG_SZ" and "%" in value:
            evidence.append(f"{scope} PATH is REG_SZ, so {re.findall('%[^%;]*%', value)[:3]} are not expanded")
        if '"' in value:
            evidence.append(f"{scope} PATH holds quotes")
        if "" in elements[:-1]:
            evidence.append(f"{scope} PATH holds an empty element")
        plain = [one.rstrip("\\").lower() for one in elements if one]
        doubles = sorted({one for one in plain if plain.count(one) > 1})
        if doubles:
            evidence.append(f"{scope} PATH names {', '.join(doubles[:3])} more than once")
    if len(facts.text("windows", "path", "machine", "value")) > policy["windows_machine_path"]:
        evidence.append(f"machine PATH has more than {policy['windows_machine_path']} characters")
    if total > policy["windows_total_path"]:
        evidence.append(f"PATH has {total} characters; cmd.exe reads {policy['windows_total_path']}")
    return Finding(evidence) if evidence else None


@rule(
    "GD060",
    "Long paths are off",
    INFO,
    platforms=(WINDOWS,),
    needs=("windows.long_paths",),
    cause="Go can use long paths, git and other programs only when Windows allows them.",
    remedy="Turn on LongPathsEnabled and git config core.longpaths.",
    command="git config --global core.longpaths true",
    mended_by="windows",
)
def win_longpaths(facts: Facts, policy: Policy) -> Finding | None:
    evidence = []
    if facts.number("windows", "long_paths") != 1:
        evidence.append("LongPathsEnabled is not 1")
    if facts.false("windows", "git_long_paths") and len(facts.text("dirs", "GOMODCACHE", "path")) > 60:
        evidence.append("git core.longpaths is not set, and GOMODCACHE lies deep")
    return Finding(evidence) if evidence else None


def events(facts: Facts, *ids: int) -> Iterator[str]:
    """Recorded events that concern Go's programs."""
    for one in facts.items("windows", "events"):
        text = one.text("message")
        if one.number("id") in ids and re.search(r"(?i)\\(go|gopls|dlv|[^\\]*\.test)\.exe|go-build", text):
            yield f"event {one.number('id'):.0f}: {text[:200]}"


@rule(
    "GD061",
    "Controlled Folder Access blocks Go",
    ERROR,
    platforms=(WINDOWS,),
    needs=("windows.controlled_folder_access",),
    cause="Windows lets only known programs write into Documents, Pictures and the like.",
    remedy="Move the project out of the protected folder, or allow go.exe and gopls.exe.",
    mended_by="windows",
)
def win_cfa(facts: Facts, policy: Policy) -> Finding | None:
    mode = facts.number("windows", "controlled_folder_access")
    evidence = list(events(facts, 1123, 1127))
    protected = [one.lower().rstrip("\\") for one in facts.texts("windows", "protected_folders")]
    for workspace in facts.items("workspaces"):
        path = workspace.text("path").lower()
        if any(path == one or path.startswith(one + "\\") for one in protected):
            evidence.append(f"{workspace.text('path')} is in a protected folder")
    if mode == 1:
        return Finding(evidence) if evidence else None
    return Finding([*evidence, "audit mode"], severity=INFO) if mode == 2 and evidence else None


@rule(
    "GD062",
    "The virus scanner reads every file of the build cache",
    INFO,
    platforms=(WINDOWS,),
    needs=("windows.realtime_protection", "dirs.GOCACHE"),
    cause="Real-time protection looks at each of the many small files that a build writes.",
    remedy="Put GOCACHE on a Dev Drive, or leave out exactly this folder.",
    mended_by="windows",
)
def win_av_scan(facts: Facts, policy: Policy) -> Finding | None:
    caught = list(events(facts, 1116, 1117))
    if caught:
        return Finding(caught, severity=WARNING, title="The virus scanner took away built programs")
    if not facts.true("windows", "realtime_protection") or facts.text("dirs", "GOCACHE", "fstype") == "ReFS":
        return None
    cache = facts.text("dirs", "GOCACHE", "path").lower()
    left_out = [one.lower().rstrip("\\") for one in facts.texts("windows", "exclusions")]
    if any(cache == one or cache.startswith(one + "\\") for one in left_out):
        return None
    return Finding([f"{facts.text('dirs', 'GOCACHE', 'path')} is scanned"])


@rule(
    "GD063",
    "A policy forbids programs that were built here",
    ERROR,
    platforms=(WINDOWS,),
    needs=("windows.events",),
    cause="Smart App Control, AppLocker or WDAC allows only signed or listed programs.",
    remedy="Point GOTMPDIR and GOBIN to an allowed folder, or ask the administrator.",
)
def win_app_control(facts: Facts, policy: Policy) -> Finding | None:
    evidence = list(events(facts, 3077, 8004))
    for step in facts.items("functional", "steps"):
        if "blocked by group policy" in step.text("detail") or "Application Control policy" in step.text("detail"):
            evidence.append(f"{step.text('name')}: {step.text('detail')}")
    return Finding(evidence) if evidence else None


@rule(
    "GD064",
    "Go's folders are synchronised or on a network drive",
    WARNING,
    platforms=(WINDOWS,),
    needs=("dirs",),
    cause="OneDrive locks and uploads what Go writes; network drives are slow and lock differently.",
    remedy="Move GOPATH and the project to a local drive.",
    mended_by="go_env",
)
def win_synced(facts: Facts, policy: Policy) -> Finding | None:
    onedrive = facts.text("windows", "onedrive").lower().rstrip("\\")
    evidence = []
    for name, place in facts.pairs("dirs"):
        path = place.text("path")
        if onedrive and (path.lower() == onedrive or path.lower().startswith(onedrive + "\\")):
            evidence.append(f"{name} {path} is in OneDrive")
        elif place.number("drive_type") == 4:
            evidence.append(f"{name} {path} is on a network drive")
        elif place.true("placeholder"):
            evidence.append(f"{name} {path} may be in the cloud only")
    if not evidence and not facts["windows"].known:
        raise Unknown("not collected: windows")
    return Finding(evidence) if evidence else None


@rule(
    "GD068",
    "Ordinary users can put programs on everybody's PATH",
    WARNING,
    platforms=(WINDOWS,),
    needs=("windows.machine_path",),
    cause="Services and administrators run what lies in a folder of the machine's PATH, whoever has put it there.",
    remedy="Let only administrators write in that folder, or take it off the machine's PATH.",
)
def win_path_writable(facts: Facts, policy: Policy) -> Finding | None:
    evidence, told = [], 0
    for one in facts.items("windows", "machine_path"):
        access, path, stands = parse(one.text("sddl")), one.text("path"), one.text("stands")
        if access is None:
            continue
        told += 1
        if path == stands:
            evidence += [f"{path} can be written by {who}" for who in access.writers(ADD_FILE)]
        else:
            evidence += [
                f"{path} is missing and can be made by {who}, in {stands}" for who in access.writers(ADD_FOLDER)
            ]
    if not told:
        raise Unknown("no access list of a folder could be read")
    return Finding(evidence) if evidence else None
