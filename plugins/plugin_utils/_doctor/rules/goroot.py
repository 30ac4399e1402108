# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: rules about GOROOT, which nobody needs to set."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    ERROR,
    INFO,
    Finding,
    Policy,
    rule,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._texts import step_texts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._versions import go_version

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


def _finding(evidence: list[str], named: list[tuple[str, Facts]]) -> Finding:
    """With what the roles have to take away."""
    keys = {key for key, _root in named}
    unset = ("GOROOT",) if keys & {"environment", "env_file"} else ()
    settings = [name for key, name in (("settings", "go.goroot"), ("toolsEnvVars", "go.toolsEnvVars")) if key in keys]
    return Finding(evidence, command=UNSET.get(named[0][0], ""), unset=unset, settings=tuple(settings))


@rule(
    "GD002",
    "GOROOT points nowhere",
    ERROR,
    needs=("files.goroots",),
    cause="GOROOT was set by hand, and the Go that it named has moved or is gone. Go finds its own root without it.",
    remedy="Remove GOROOT.",
    mended_by="go_env",
)
def goroot_invalid(facts: Facts, policy: Policy) -> Finding | None:
    bad = [(key, root) for key, root in _named_goroots(facts) if not root.true("pkg_tool")]
    if not bad:
        return None
    reason = {True: "there is no pkg/tool in it", False: "there is no such directory"}
    evidence = [f"{NAMED[key]} is {root.text('path')}: {reason[root.true('exists')]}" for key, root in bad]
    return _finding(evidence, bad)


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
)
def goroot_mismatch(facts: Facts, policy: Policy) -> Finding | None:
    # The extension takes the go of GOROOT itself; the shell takes the first on PATH. Either may be the wrong one.
    shell = [one for one in facts.items("gos") if one.true("on_path") and one.text("version")][:1]
    commands = {one.text("path"): one.text("version") for one in (*shell, facts["go"])}
    bad: list[tuple[str, Facts]] = []
    evidence = []
    for key, root in _named_goroots(facts):
        named = go_version(root.text("version"))
        for path, version in commands.items():
            running = go_version(version)
            if root.true("pkg_tool") and named is not None and running is not None and named != running:
                bad.append((key, root))
                about = f"{root.text('path')}, which is {root.text('version')}"
                evidence.append(f"{NAMED[key]} is {about}; {path} is {version}")
    return _finding(evidence, bad) if bad else None


@rule(
    "GD004",
    "GOROOT is set needlessly",
    INFO,
    needs=("files.goroots", "go"),
    after=("GD002", "GD003"),
    cause="It is right today and will be wrong after the next upgrade.",
    remedy="Remove GOROOT: go finds its own root.",
    mended_by="go_env",
)
def goroot_set(facts: Facts, policy: Policy) -> Finding | None:
    running = go_version(facts.text("go", "version"))
    good = [
        (key, root)
        for key, root in _named_goroots(facts)
        if root.true("pkg_tool") and go_version(root.text("version")) in (running, None)
    ]
    evidence = [f"{NAMED[key]} is {root.text('path')}" for key, root in good]
    return _finding(evidence, good) if good else None


MIXED = ("redeclared in this block", "'go' binary is trimmed and GOROOT is not set", "no such tool", "is not in std")


@rule(
    "GD007",
    "The Go tree is mixed or was copied in part",
    ERROR,
    needs=("functional", "go"),
    after=("GD001", "GD002", "GD003", "GD025", "GD026", "GD027", "GD028"),
    cause="A release was unpacked over an older one, or the go command was copied out of its tree.",
    remedy="Install this Go again beside the old tree; link to go instead of copying it.",
    mended_by="go_sdk",
)
def goroot_corrupt(facts: Facts, policy: Policy) -> Finding | None:
    root = facts.text("go", "env", "GOROOT") or facts.text("go", "root")
    texts = [text for text in step_texts(facts) if any(one in text for one in MIXED)]
    texts += [facts.text("go", key) for key in ("env_error", "error") if "GOROOT is not set" in facts.text("go", key)]
    texts += [text for text in (facts.text("go", "as_is", "error"),) if "binary is trimmed" in text]
    # The same words can come from the user's own code: the place has to be the Go tree.
    bad = [
        text
        for text in texts
        if root and (root in text or "/src/" in text or "no such tool" in text or "trimmed" in text)
    ]
    return Finding(list(dict.fromkeys(bad))) if bad else None
