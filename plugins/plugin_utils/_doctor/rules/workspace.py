# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: rules about the developer's own code: modules, workspaces, vendored packages."""

from __future__ import annotations

import posixpath

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    ERROR,
    WARNING,
    Finding,
    Policy,
    Unknown,
    rule,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._texts import normal, nothing_in_workspaces
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._versions import go_version

NOT_LISTED = (
    "is not one of the workspace modules",
    "not in your go.work file",
    "is contained in a module that is not one of",
)


@rule(
    "GD038",
    "go.work is broken",
    ERROR,
    needs=("workspaces",),
    cause="go.work names a folder without go.mod, or a Go version below that of one of its modules.",
    remedy="Correct go.work with go work edit and go work use.",
)
def gowork_invalid(facts: Facts, policy: Policy) -> Finding | None:
    evidence = []
    for workspace in facts.items("workspaces"):
        work = workspace["work"]
        named = workspace.text("env", "GOWORK")
        if "GOWORK" in workspace.text("env_error"):
            evidence.append(f"{workspace.text('path')}: {workspace.text('env_error')}")
        elif named not in ("", "off") and work.false("exists"):
            evidence.append(f"GOWORK={named} does not exist")
        elif work.text("error"):
            evidence.append(f"{named}: {work.text('error')}")
        for use in work.items("use"):
            line, needed = go_version(work.text("go")), go_version(use.text("go"))
            if use.false("has_module"):
                evidence.append(f"{named} uses {use.text('dir')}, where there is no go.mod")
            elif line and needed and line < needed:
                evidence.append(f"{named} says go {work.text('go')}, but {use.text('dir')} says go {use.text('go')}")
    if not evidence:
        return nothing_in_workspaces(facts)
    return Finding(list(dict.fromkeys(evidence)), command="go work use -r .")


@rule(
    "GD039",
    "A module is not listed in go.work",
    WARNING,
    needs=("workspaces",),
    after=("GD038",),
    cause="In a folder with go.work above it, Go and gopls know only the modules that go.work lists.",
    remedy="Add it with go work use, or set GOWORK=off for it.",
    command="go work use .",
)
def module_outside_work(facts: Facts, policy: Policy) -> Finding | None:
    evidence = []
    for workspace in facts.items("workspaces"):
        work, module = workspace.text("env", "GOWORK"), workspace.text("env", "GOMOD")
        uses = [normal(use.text("dir")) for use in workspace.items("work", "use")]
        listed = not module.startswith("/") or module == "/dev/null" or posixpath.dirname(module) in uses
        if work not in ("", "off") and workspace.true("work", "exists") and not listed:
            evidence.append(f"{posixpath.dirname(module)} is not among the modules of {work}")
        elif any(one in workspace.text("list_error") for one in NOT_LISTED):
            evidence.append(f"{workspace.text('path')}: {workspace.text('list_error')}")
    return Finding(evidence) if evidence else nothing_in_workspaces(facts)


@rule(
    "GD040",
    "The workspace has no module",
    WARNING,
    needs=("workspaces",),
    cause="There are Go files, but no go.mod in this folder, above it or below it.",
    remedy="Open the folder that has go.mod, or make one.",
    command="go mod init example.com/name",
)
def no_module(facts: Facts, policy: Policy) -> Finding | None:
    bad = [
        one.text("path")
        for one in facts.items("workspaces")
        if one.text("env", "GOMOD") in ("/dev/null", "NUL")
        and one.text("env", "GOWORK") in ("", "off")
        and one.true("go_files")
        and not one.texts("modules")
    ]
    return Finding([f"no go.mod for {path}" for path in bad]) if bad else nothing_in_workspaces(facts)


@rule(
    "GD041",
    "vendor does not match go.mod",
    ERROR,
    needs=("workspaces",),
    after=("GD038", "GD039"),
    cause="go.mod was changed after the vendor folder was written.",
    remedy="Write the vendor folder again.",
    command="go mod vendor",
)
def vendor_inconsistent(facts: Facts, policy: Policy) -> Finding | None:
    bad = [one for one in facts.items("workspaces") if "inconsistent vendoring" in one.text("list_error")]
    if bad:
        return Finding([f"{one.text('path')}: {one.text('list_error')}" for one in bad])
    stopped = [one for one in facts.items("workspaces") if one.true("vendored") and one.text("list_error")]
    if stopped:
        raise Unknown(f"go stopped before it looked into vendor: {stopped[0].text('list_error')[:200]}")
    return nothing_in_workspaces(facts)
