# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: rules about gopls and dlv."""

from __future__ import annotations

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    ERROR,
    WARNING,
    Finding,
    Policy,
    Unknown,
    rule,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._versions import minor


def first(facts: Facts, tool: str) -> Facts | None:
    """The one that the editor would start."""
    found = facts.items("tools", tool, "found")
    return found[0] if found else None


@rule(
    "GD019",
    "gopls is not installed",
    ERROR,
    needs=("tools",),
    cause="The language server that does completion, Ctrl+Click and diagnostics is not where the editor looks for it.",
    remedy="Install gopls.",
    command="go install golang.org/x/tools/gopls@latest",
    mended_by="go_tools",
    fact_ids=("F6",),
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
    after=("GD019",),
    cause="gopls understands only the language of the Go that built it; newer syntax becomes false errors.",
    remedy="Build gopls again with the current Go.",
    command="go install golang.org/x/tools/gopls@latest",
    mended_by="go_tools",
    fact_ids=("F5", "F6"),
)
def gopls_built_old(facts: Facts, policy: Policy) -> Finding | None:
    gopls = first(facts, "gopls")
    if gopls is None:
        return None
    built = minor(gopls.text("go_version"))
    if built is None:
        raise Unknown(
            f"{gopls.text('path')} does not say which Go built it ({gopls.text('problem') or 'development version'})"
        )
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
    "GD023",
    "Go to definition fails",
    ERROR,
    needs=("functional",),
    after=("GD001", "GD002", "GD003", "GD019", "GD025", "GD026", "GD027", "GD028"),
    cause="The language server does not do its work, although it is there.",
    remedy="Mend the other findings first; then install gopls again and quit the editor fully.",
    command="go install golang.org/x/tools/gopls@latest",
    mended_by="go_tools",
    fact_ids=("F8",),
)
def gopls_functional(facts: Facts, policy: Policy) -> Finding | None:
    proof = facts["functional"]
    if proof.raw("passed") is None:
        raise Unknown(proof.text("reason") or "the functional check did not run")
    asked = [one for one in proof.items("steps") if one.text("name") not in ("build", "test", "test_cached")]
    failed = [one for one in asked if not one.true("ok")]
    if not asked:
        raise Unknown("the probe could not be built, so the language server was not asked")
    return Finding([f"{one.text('name')}: {one.text('detail')}" for one in failed]) if failed else None
