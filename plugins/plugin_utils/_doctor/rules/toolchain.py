# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: rules about the go command itself."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import ERROR, Finding, Policy, rule
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._versions import go_version


@rule(
    "GD001",
    "No usable go command",
    ERROR,
    needs=("gos",),
    cause="Go is not installed, or its folder is on no PATH that this account's login shell makes.",
    remedy="Install Go and put its bin folder on PATH.",
    mended_by="go_sdk",
    fact_ids=("F2",),
)
def go_missing(facts: Facts, policy: Policy) -> Finding | None:
    gos = facts.items("gos")
    if any(one.text("version") for one in gos if one.true("on_path")):
        return None
    evidence = [f"{one.text('path')}: {one.text('error') or one.text('version') + ', not on PATH'}" for one in gos]
    usable = [one for one in gos if one.text("version")]
    if usable and facts.text("go", "version"):
        evidence.append(f"the editor would take {facts.text('go', 'path')} ({facts.text('go', 'via')})")
    return Finding(evidence or [f"no go in PATH={facts.text('env', 'login', 'PATH')} nor in the usual places"])


NAMED = {
    "environment": "the environment variable GOROOT",
    "env_file": "GOROOT in Go's env file",
    "settings": "the setting go.goroot",
    "toolsEnvVars": "GOROOT in the setting go.toolsEnvVars",
}
UNSET = {
    "env_file": "go env -u GOROOT",
    "environment": "unset GOROOT  # and remove it from your shell's start-up files",
}


def _named_goroots(facts: Facts) -> Iterator[tuple[str, Facts]]:
    for key in NAMED:
        root = facts["files", "goroots", key]
        if root:
            yield key, root


@rule(
    "GD002",
    "GOROOT points nowhere",
    ERROR,
    needs=("files.goroots",),
    cause="GOROOT was set by hand, and the Go that it named has moved or is gone. Go finds its own root without it.",
    remedy="Remove GOROOT.",
    mended_by="go_env",
    fact_ids=("F1", "F4", "F10"),
)
def goroot_invalid(facts: Facts, policy: Policy) -> Finding | None:
    bad = [(key, root) for key, root in _named_goroots(facts) if not root.true("pkg_tool")]
    if not bad:
        return None
    reason = {True: "there is no pkg/tool in it", False: "there is no such directory"}
    evidence = [f"{NAMED[key]} is {root.text('path')}: {reason[root.true('exists')]}" for key, root in bad]
    return Finding(evidence, command=UNSET.get(bad[0][0], ""))


@rule(
    "GD003",
    "GOROOT of another Go version",
    ERROR,
    needs=("files.goroots", "go"),
    after=("GD002",),
    cause="GOROOT names the tree of another Go than the go command that runs: the compiler refuses it, "
    "and the language server shows the wrong standard library without a word.",
    remedy="Remove GOROOT.",
    mended_by="go_env",
    fact_ids=("F1", "F2", "F4"),
)
def goroot_mismatch(facts: Facts, policy: Policy) -> Finding | None:
    running = go_version(facts.text("go", "version"))
    if running is None:
        return None
    bad = []
    for key, root in _named_goroots(facts):
        named = go_version(root.text("version"))
        if root.true("pkg_tool") and named is not None and named != running:
            bad.append((key, root))
    evidence = [
        f"{NAMED[key]} is {root.text('path')}, which is {root.text('version')}; "
        f"{facts.text('go', 'path')} is {facts.text('go', 'version')}"
        for key, root in bad
    ]
    return Finding(evidence, command=UNSET.get(bad[0][0], "")) if bad else None
