# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: rules about the programs that Go calls, compilers and git."""

from __future__ import annotations

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    LINUX,
    WARNING,
    WINDOWS,
    WSL,
    Finding,
    Policy,
    rule,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._texts import (
    go_variable,
    proxies,
    set_where,
)


@rule(
    "GD029",
    "cgo is wanted, but there is no C compiler",
    WARNING,
    needs=("programs", "go"),
    after=("GD055",),
    cause='Code with import "C", and the race detector, need a C compiler.',
    remedy="Install gcc or clang, or build without cgo.",
    mended_by="linux",
)
def cgo_no_cc(facts: Facts, policy: Policy) -> Finding | None:
    programs = facts["programs"]
    if programs.text("CC") or any(programs.text(name) for name in ("cc", "gcc", "clang")):
        return None
    wanted = []
    if facts.text("env", "login", "CGO_ENABLED") == "1" or (
        set_where(facts, "CGO_ENABLED") and go_variable(facts, "CGO_ENABLED") == "1"
    ):
        wanted.append("CGO_ENABLED=1 is set")
    if "-race" in go_variable(facts, "GOFLAGS").split():
        wanted.append("GOFLAGS has -race")
    for workspace in facts.items("workspaces"):
        if workspace.texts("cgo_packages"):
            wanted.append(f"{workspace.text('path')} uses cgo in {', '.join(workspace.texts('cgo_packages')[:3])}")
    return Finding([*wanted, "no cc, gcc or clang on PATH"]) if wanted else None


@rule(
    "GD030",
    "git is missing, and modules are fetched with it",
    WARNING,
    needs=("programs", "go"),
    cause="Private modules and GOPROXY=direct are fetched with git.",
    remedy="Install git.",
    mended_by="linux",
)
def git_missing(facts: Facts, policy: Policy) -> Finding | None:
    if facts.text("programs", "git_version"):
        return None
    wanted = [f"{name}={go_variable(facts, name)}" for name in ("GOPRIVATE", "GONOPROXY") if go_variable(facts, name)]
    entries = [entry for entry, _separator in proxies(go_variable(facts, "GOPROXY")) if entry]
    if entries[:1] == ["direct"]:
        wanted.append("GOPROXY=direct")
    wanted += [
        f"{one.text('path')} is a git repository" for one in facts.items("workspaces") if one.text("git", "repository")
    ]
    return Finding([*wanted, "git does not run"]) if wanted else None


@rule(
    "GD031",
    "git refuses a repository that belongs to somebody else",
    WARNING,
    platforms=(LINUX, WSL, WINDOWS),
    needs=("workspaces",),
    after=("GD030",),
    cause="git does not read repositories of other accounts, and go build stops because it wants to stamp the version.",
    remedy="Take ownership of the repository, or name exactly this path as safe.",
)
def git_dubious(facts: Facts, policy: Policy) -> Finding | None:
    bad = [one for one in facts.items("workspaces") if "dubious ownership" in one.text("git", "error")]
    if not bad:
        return None
    evidence = [f"{one.text('path')}: {one.text('git', 'error')}" for one in bad]
    return Finding(evidence, command=f"git config --global --add safe.directory {bad[0].text('git', 'repository')}")
