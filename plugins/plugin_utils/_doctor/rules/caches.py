# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: rules about the places that Go writes to."""

from __future__ import annotations

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    DARWIN,
    ERROR,
    LINUX,
    WARNING,
    WSL,
    Finding,
    Policy,
    rule,
)

WRITTEN = {
    "GOCACHE": "the build cache",
    "GOMODCACHE": "the module cache",
    "GOBIN": "the folder of go install",
    "GOPLS": "gopls' cache",
}


@rule(
    "GD025",
    "A cache, the folder of go install or a workspace cannot be written",
    ERROR,
    needs=("dirs",),
    after=("GD028",),
    cause="Another account owns the place, its mode or access list forbids writing, or it is mounted read-only.",
    remedy="Give the place back to the developer, or move it.",
    mended_by="go_caches",
    fact_ids=("F3", "F7"),
)
def cache_unwritable(facts: Facts, policy: Policy) -> Finding | None:
    evidence = []
    for name, what in WRITTEN.items():
        place = facts["dirs", name]
        if place.false("absolute"):
            evidence.append(f"{what} {name}={place.text('path')!r} is no absolute path")
        elif place.false("writable"):
            evidence.append(f"{what} {place.text('path')}: {place.text('write_error') or 'cannot be written'}")
    error = facts.text("go", "env_error")
    if "GOCACHE is not defined" in error or "build cache is disabled by GOCACHE=off" in error:
        evidence.append(error)
    if evidence:
        return Finding(evidence)
    workspaces = [
        f"the workspace {place.text('path')}: {place.text('write_error')}"
        for name, place in facts.pairs("dirs")
        if name.startswith("workspace ") and place.false("writable")
    ]
    return Finding(workspaces, severity=WARNING) if workspaces else None


@rule(
    "GD026",
    "Entries in the caches belong to somebody else",
    ERROR,
    platforms=(LINUX, WSL, DARWIN),
    needs=("dirs",),
    after=("GD025",),
    cause="Go was run with sudo once and left entries that belong to root. Builds then fail with odd words "
    "('package testing is not in std') or silently cache nothing.",
    remedy="Give those entries back to the developer, and never run go with sudo.",
    mended_by="go_caches",
    fact_ids=("F7", "F8"),
)
def cache_foreign_owned(facts: Facts, policy: Policy) -> Finding | None:
    if policy["shared_cache"]:
        return None
    evidence = [
        f"in {what}: {facts.text('dirs', name, 'foreign')}"
        for name, what in WRITTEN.items()
        if name != "GOBIN" and facts.text("dirs", name, "foreign")
    ]
    if not evidence:
        return None
    user, roots = facts.text("user", "name"), {facts.text("dirs", name, "path") for name in ("GOCACHE", "GOMODCACHE")}
    where = " ".join(sorted(one for one in roots if one))
    return Finding(evidence, command=f"sudo find {where} ! -user {user} -exec chown -h {user} {{}} +")
