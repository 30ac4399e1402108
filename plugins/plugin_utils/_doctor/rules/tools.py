# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: rules about gopls and dlv."""

from __future__ import annotations

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    ERROR,
    INFO,
    WARNING,
    Finding,
    Policy,
    Unknown,
    rule,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._texts import BUILDING, step_texts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._versions import go_version, minor, semver


def first(facts: Facts, tool: str) -> Facts | None:
    """The one that the editor would start."""
    found = facts.items("tools", tool, "found")
    return found[0] if found else None


@rule(
    "GD019",
    "gopls is not installed",
    ERROR,
    needs=("tools",),
    after=("GD001",),
    cause="The language server that does completion, Ctrl+Click and diagnostics is not where the editor looks for it.",
    remedy="Install gopls.",
    command="go install golang.org/x/tools/gopls@latest",
    mended_by="go_tools",
)
def gopls_missing(facts: Facts, policy: Policy) -> Finding | None:
    if not policy["gopls_expected"] or first(facts, "gopls"):
        return None
    places = [facts.text("dirs", "GOBIN", "path"), facts.text("go", "env", "GOROOT"), "PATH"]
    return Finding([f"no gopls in {', '.join(one for one in places if one)}"])


@rule(
    "GD020",
    "gopls was built with an older Go than the code needs",
    ERROR,
    needs=("tools", "go"),
    after=("GD010", "GD011", "GD019", "GD021"),
    cause="gopls understands only the language of the Go that built it; newer syntax becomes false errors.",
    remedy="Build gopls again with the current Go.",
    command="go install golang.org/x/tools/gopls@latest",
    mended_by="go_tools",
)
def gopls_built_old(facts: Facts, policy: Policy) -> Finding | None:
    gopls = first(facts, "gopls")
    if gopls is None:
        return None
    built = minor(gopls.text("go_version"))
    if built is None:
        why = gopls.text("problem") or "a development version"
        raise Unknown(f"{gopls.text('path')} does not say which Go built it ({why})")
    about = f"{gopls.text('path')} ({gopls.text('version')}) was built with {gopls.text('go_version')}"
    for workspace in facts.items("workspaces"):
        for kind in ("mod", "work"):
            line = workspace.text(kind, "go")
            if (minor(line) or 0) > built:
                return Finding([about, f"{workspace.text('path')} says go {line}"])
    running = minor(facts.text("go", "version"))
    if running is None or running <= built:
        return None
    return Finding([about, f"{facts.text('go', 'path')} is {facts.text('go', 'version')}"], severity=WARNING)


@rule(
    "GD021",
    "This gopls does not go with this Go",
    WARNING,
    needs=("tools", "go"),
    after=("GD019",),
    cause="Each gopls supports a range of Go versions; outside it nobody has tested the pair.",
    remedy="Install the gopls that goes with this Go.",
    mended_by="go_tools",
)
def gopls_outdated(facts: Facts, policy: Policy) -> Finding | None:
    gopls = first(facts, "gopls")
    have = semver(gopls.text("version")) if gopls else None
    go = minor(facts.text("go", "version"))
    if gopls is None or have is None or go is None:
        return None
    about = (
        f"{gopls.text('path')} is {gopls.text('version')}, {facts.text('go', 'path')} is {facts.text('go', 'version')}"
    )
    for newest_go, last in Facts(policy["gopls_last_for_go"]).pairs():
        limit = semver(last.text())
        if newest_go.isdigit() and go <= int(newest_go) and limit and have > limit:
            return Finding([about, f"the last gopls for Go 1.{newest_go} and older is {last.text()}"])
    least = semver(str(policy["gopls_minimum"]))
    if least and have < least and go >= int(policy["go_latest_minor"]) - int(policy["go_supported_minors"]) + 1:
        return Finding([about, f"for supported versions of Go it should be {policy['gopls_minimum']} or newer"])
    return None


LOADING = ("packages.Load", "go command required", "error loading workspace", "initial workspace load failed")


@rule(
    "GD022",
    "gopls reports errors in a workspace",
    WARNING,
    needs=("functional",),
    # GD029: without a C compiler gopls cannot list a package that uses cgo.
    after=("GD001", "GD002", "GD003", "GD010", "GD012", "GD015", "GD019", "GD023", "GD029", "GD038", "GD039", "GD041"),
    cause="gopls could not load the code, or the code does not compile.",
    remedy="Read the first message; it is usually about go.mod, go.work or a module that cannot be fetched.",
)
def gopls_check_errors(facts: Facts, policy: Policy) -> Finding | None:
    steps = [one for one in facts.items("functional", "steps") if one.text("name").endswith(": diagnostics")]
    failed = [one.text("detail") for one in steps if one.false("ok") and not one.true("late")]
    loading = [one for one in failed if any(mark in one for mark in LOADING)] or failed
    if loading:
        return Finding(loading)
    done = [one for one in steps if not one.true("late")]
    errors = [
        f"{one.text('name')[:-13]}: {one.text('detail')}" for one in done if not one.text("detail").startswith("0 ")
    ]
    if not errors and len(done) < len(steps):
        raise Unknown("gopls was not done with a workspace within the time limit; look again with warm caches")
    return Finding(errors, severity=INFO, title="The code of a workspace has errors") if errors else None


TOO_SLOW = "gopls answers too slowly to be judged"
SLOW_CAUSE = (
    "gopls runs and greets, but it was not done within the time limit. On a slow or busy machine the first answers "
    "take minutes, because the standard library has to be compiled and read."
)
SLOW_REMEDY = "Look again when the machine is idle: the caches are warm then. If it stays so, install gopls again."


@rule(
    "GD023",
    "Go to definition fails",
    ERROR,
    needs=("functional",),
    after=(
        *("GD001", "GD002", "GD003", "GD044", "GD046", "GD012", "GD013", "GD015", "GD019", "GD025", "GD026", "GD027"),
        *("GD028", "GD057", "GD054", "GD063", "GD056", "GD020", "GD021", "GD017", "GD066"),
    ),
    cause="The language server does not do its work, although it is there.",
    remedy="Install gopls again and quit the editor fully.",
    command="go install golang.org/x/tools/gopls@latest",
    mended_by="go_tools",
)
def gopls_functional(facts: Facts, policy: Policy) -> Finding | None:
    asked = [one for one in facts.items("functional", "steps") if one.text("name") not in (*BUILDING, "workspace")]
    failed = [one for one in asked if one.false("ok") and ": " not in one.text("name")]
    if not asked:
        why = " ".join(step_texts(facts, "build", "workspace"))[:200]
        raise Unknown(f"gopls was not asked, for there is no probe to do it: {why}")
    if not failed:
        return None
    evidence = [f"{one.text('name')}: {one.text('detail')}" for one in failed]
    greeted = any(one.true("ok") for one in asked if one.text("name") == "initialize")
    if greeted and all(one.true("late") for one in failed):
        return Finding(evidence, severity=WARNING, title=TOO_SLOW, cause=SLOW_CAUSE, remedy=SLOW_REMEDY)
    return Finding(evidence)


@rule(
    "GD024",
    "dlv is missing or does not support this Go",
    ERROR,
    needs=("tools", "go"),
    after=("GD001",),
    cause="Each dlv supports a range of Go versions and refuses to debug programs of others.",
    remedy="Install a current dlv.",
    command="go install github.com/go-delve/delve/cmd/dlv@latest",
    mended_by="go_tools",
)
def dlv_incompatible(facts: Facts, policy: Policy) -> Finding | None:
    dlv = first(facts, "dlv")
    if dlv is None:
        if not policy["dlv_expected"]:
            return None
        return Finding(["no dlv where the editor looks for it"], severity=WARNING, title="dlv is not installed")
    have, go = semver(dlv.text("version")), go_version(facts.text("go", "version"))
    if have is None or go is None:
        raise Unknown(f"versions not understood: dlv {dlv.text('version')!r}, go {facts.text('go', 'version')!r}")
    evidence = (
        f"{dlv.text('path')} is {dlv.text('version')}, {facts.text('go', 'path')} is {facts.text('go', 'version')}"
    )
    best: tuple[tuple[int, int, int], Facts] | None = None
    for since, span in Facts(policy["dlv_go_ranges"]).pairs():
        start = semver(since)
        if start and start <= have and (best is None or start > best[0]):
            best = (start, span)
    if best is None:
        return Finding([evidence, "this dlv is older than any that is known to work"])
    low, high = best[1].number("from"), best[1].number("to")
    newest_known = max(semver(since) or (0, 0, 0) for since, _span in Facts(policy["dlv_go_ranges"]).pairs())
    if low is None or high is None or (have[:2] > newest_known[:2] and go[1] > high):
        raise Unknown(f"no range is known for dlv {dlv.text('version')}")
    if low <= go[1] <= high:
        return None
    return Finding([evidence, f"this dlv supports Go 1.{low:.0f} to 1.{high:.0f}"])
