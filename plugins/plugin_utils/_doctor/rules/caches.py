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
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._texts import (
    BUILDING,
    set_where,
    step_texts,
)

WRITTEN = {
    "GOCACHE": "the build cache",
    "GOMODCACHE": "the module cache",
    "GOBIN": "the folder of go install",
    "GOPLS": "gopls' cache",
}


@rule(
    "GD025",
    "A place that Go writes to cannot be written",
    ERROR,
    needs=("dirs",),
    after=("GD013", "GD028", "GD066"),
    cause="Another account owns the place, its mode or access list forbids writing, or it is mounted read-only.",
    remedy="Give the place back to the developer, or move it.",
    mended_by="go_caches",
)
def cache_unwritable(facts: Facts, policy: Policy) -> Finding | None:
    evidence = []
    for name, what in WRITTEN.items():
        place = facts["dirs", name]
        if place.false("absolute"):
            evidence.append(f"{what}: {name}={place.text('path')!r} is no absolute path")
        elif place.false("writable"):
            evidence.append(f"{what} {place.text('path')}: {place.text('write_error') or 'cannot be written'}")
    error = facts.text("go", "env_error") + facts.text("go", "as_is", "error")
    if "GOCACHE is not defined" in error or "disabled by GOCACHE=off" in error:
        evidence.append(error)
    if evidence:
        return Finding(evidence)
    workspaces = [
        f"the workspace {place.text('path')}: {place.text('write_error')}"
        for name, place in facts.pairs("dirs")
        if name.startswith("workspace ") and place.true("exists") and place.false("writable")
    ]
    return Finding(workspaces, severity=WARNING) if workspaces else None


@rule(
    "GD026",
    "Entries in the caches belong to somebody else",
    ERROR,
    platforms=(LINUX, WSL, DARWIN),
    needs=("dirs",),
    after=("GD025", "GD066"),
    cause="Go was run with sudo once and left entries that belong to root. Builds then fail with odd words "
    "('package testing is not in std') or silently cache nothing.",
    remedy="Give those entries back to the developer, and never run go with sudo.",
    mended_by="go_caches",
)
def cache_foreign_owned(facts: Facts, policy: Policy) -> Finding | None:
    if policy["shared_cache"]:
        return None
    found = [name for name in WRITTEN if name != "GOBIN" and facts.text("dirs", name, "foreign")]
    evidence = [f"in {WRITTEN[name]}: {facts.text('dirs', name, 'foreign')}" for name in found]
    if not evidence:
        return None
    where = " ".join(facts.text("dirs", name, "path") for name in found)
    user = facts.text("user", "name")
    return Finding(evidence, command=f"sudo find {where} ! -user {user} -exec chown -h {user} {{}} +")


@rule(
    "GD027",
    "Programs may not run where Go builds them",
    ERROR,
    platforms=(LINUX, WSL),
    needs=("dirs",),
    after=("GD025",),
    cause="go test and go run build a program in the temporary folder and start it there; since Go 1.24 also in "
    "the build cache. A file system that is mounted noexec forbids that.",
    remedy="Set GOTMPDIR (and GOCACHE) to a folder on a file system that allows programs.",
    command='mkdir -p ~/.cache/go-tmp && go env -w GOTMPDIR="$HOME/.cache/go-tmp"',
    mended_by="go_caches",
)
def tmp_noexec(facts: Facts, policy: Policy) -> Finding | None:
    evidence = []
    for name, what in (("TEMP", "the temporary folder"), ("GOCACHE", "the build cache")):
        place = facts["dirs", name]
        if "noexec" in place.text("options").split(","):
            evidence.append(f"{what} {place.text('path')} is on {place.text('mount')}, which is mounted noexec")
    temp = facts["dirs", "TEMP"]
    if temp.false("exists"):
        evidence.append(
            f"the temporary folder {temp.text('path')} does not exist ({set_where(facts, 'GOTMPDIR') or 'TMPDIR'})"
        )
    denied = [text for text in step_texts(facts, *BUILDING) if "permission denied" in text]
    return Finding(evidence + denied) if evidence else None


GIB = 1 << 30


@rule(
    "GD028",
    "The disk is full, or nearly",
    ERROR,
    needs=("dirs",),
    cause="Go keeps every build and every module version; a full cache makes builds fail with odd words.",
    remedy="Make room: go clean -cache frees the build cache, go clean -modcache the module cache.",
    command="go clean -cache",
)
def disk_low(facts: Facts, policy: Policy) -> Finding | None:
    errors: list[str] = []
    warnings: list[str] = []
    for name in ("GOCACHE", "GOMODCACHE", "TEMP", "GOPLS"):
        place = facts["dirs", name]
        free, inodes, all_inodes = (place.number(key) for key in ("free_bytes", "free_inodes", "inodes"))
        where = f"{place.text('path')} (on {place.text('mount') or 'its file system'})"
        if free is not None and free < policy["disk_warning_bytes"]:
            bad = errors if free < policy["disk_error_bytes"] else warnings
            bad.append(f"{free / GIB:.1f} GiB free for {where}")
        if inodes is not None and all_inodes and inodes < policy["inodes_warning"]:
            bad = errors if inodes < policy["inodes_error"] else warnings
            bad.append(f"{inodes:.0f} inodes free for {where}")
    if errors:
        return Finding(errors + warnings)
    return Finding(warnings, severity=WARNING) if warnings else None
