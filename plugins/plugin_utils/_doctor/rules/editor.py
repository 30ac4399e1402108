# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: rules about VS Code and its kin, and what they tell the Go extension."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    DARWIN,
    ERROR,
    INFO,
    LINUX,
    WARNING,
    WINDOWS,
    WSL,
    Finding,
    Policy,
    Unknown,
    rule,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._texts import go_variable, under
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._versions import semver


def files(facts: Facts) -> Iterator[Facts]:
    """Every settings file that exists: of users, profiles, machines and workspaces."""
    for product in facts.items("editor", "products"):
        yield from (file for file in product.items("files") if file.true("exists"))
    for workspace in facts.items("workspaces"):
        yield from workspace.items("settings_files")


def installed(product: Facts) -> bool:
    """Settings alone may have been written before the editor was installed, or copied from another machine."""
    return bool(product.text("command") or product.texts("extension_versions")) or product.text("kind") == "remote"


@rule(
    "GD042",
    "VS Code or its Go extension is missing or too old",
    ERROR,
    needs=("editor",),
    cause="Without the extension golang.go the editor does not know Go.",
    remedy="Install or update it.",
    command="code --install-extension golang.go",
    mended_by="vscode",
)
def vscode_ext(facts: Facts, policy: Policy) -> Finding | None:
    products = [one for one in facts.items("editor", "products") if installed(one) and one.text("kind") != "remote"]
    if not products:
        return Finding(["no editor of this family"]) if policy["editor_expected"] else None
    missing, old = [], []
    for product in products:
        versions = [one for one in product.texts("extension_versions") if semver(one)]
        if not versions:
            missing.append(f"{product.text('name')} has no golang.go in {product.text('extensions_dir')}")
        elif (semver(versions[-1]) or (0, 0, 0)) < (semver(str(policy["extension_minimum"])) or (0, 0, 0)):
            old.append(
                f"golang.go {versions[-1]} of {product.text('name')} is older than {policy['extension_minimum']}"
            )
        editor = semver(product.text("version")) if product.text("name") == "Code" else None
        if editor and editor < (semver(str(policy["vscode_minimum"])) or (0, 0, 0)):
            old.append(f"VS Code {product.text('version')} is older than {policy['vscode_minimum']}")
    if missing:
        return Finding(missing + old)
    return Finding(old, severity=WARNING) if old else None


@rule(
    "GD043",
    "The language server is turned off",
    ERROR,
    needs=("editor",),
    cause="Since version 0.40 the Go extension has no other way to completion and Ctrl+Click.",
    remedy="Remove go.useLanguageServer from the settings.",
    mended_by="vscode",
)
def lsp_disabled(facts: Facts, policy: Policy) -> Finding | None:
    off = [file for file in files(facts) if file.false("settings", "go.useLanguageServer")]
    return (
        Finding(
            [f"go.useLanguageServer is false in {one.text('path')}" for one in off], settings=("go.useLanguageServer",)
        )
        if off
        else None
    )


@rule(
    "GD044",
    "gopls is started with flags that it refuses",
    ERROR,
    needs=("editor",),
    cause="gopls prints its usage and ends when it meets a flag that it does not know.",
    remedy="Remove the flag; build flags belong into the setting gopls, build.buildFlags.",
    mended_by="vscode",
)
def lsp_flags_invalid(facts: Facts, policy: Policy) -> Finding | None:
    known = {str(one) for one in policy["gopls_flags"]}
    evidence = []
    for file in files(facts):
        flags = file.raw("settings", "go.languageServerFlags")
        if flags is not None and not isinstance(flags, list):
            evidence.append(f"go.languageServerFlags in {file.text('path')} is no list")
            continue
        value_follows = False
        for flag in file.texts("settings", "go.languageServerFlags"):
            name = flag.lstrip("-").split("=", maxsplit=1)[0]
            if not value_follows and flag != "serve" and (not flag.startswith("-") or name not in known):
                evidence.append(f"{flag} in {file.text('path')}")
            value_follows = flag.startswith("-") and "=" not in flag and name in policy["gopls_flags_with_value"]
    return Finding(evidence, settings=("go.languageServerFlags",)) if evidence else None


@rule(
    "GD045",
    "Settings that do nothing",
    WARNING,
    needs=("editor",),
    cause="The Go extension has never known these keys, or knows them no more.",
    remedy="Remove them, or write the key that does the same today.",
    mended_by="vscode",
)
def settings_obsolete(facts: Facts, policy: Policy) -> Finding | None:
    table = Facts(policy["settings_obsolete"])
    enums = Facts(policy["settings_enums"])
    evidence = []
    for file in files(facts):
        for key, value in file.pairs("settings"):
            if table[key].known:
                instead = table.text(key)
                evidence.append(f"{key} in {file.text('path')}" + (f": use {instead}" if instead else ""))
            elif enums[key].known and value.text() not in enums.texts(key):
                evidence.append(
                    f"{key} in {file.text('path')} is {value.raw()!r}; known are {', '.join(enums.texts(key))}"
                )
    for file in files(facts):
        if file.text("error"):
            evidence.append(f"{file.text('path')} is malformed, so the editor ignores part of it: {file.text('error')}")
    return Finding(evidence) if evidence else None


@rule(
    "GD046",
    "Settings name a program that is not there",
    ERROR,
    needs=("editor",),
    cause="The path was right before an upgrade or on another machine; the extension silently looks elsewhere.",
    remedy="Remove or correct the path.",
    mended_by="vscode",
)
def alternate_stale(facts: Facts, policy: Policy) -> Finding | None:
    evidence = [
        f"{one.text('key')} in {file.text('path')} is {one.text('value')}: {one.text('problem')}"
        for file in files(facts)
        for one in file.items("programs")
        if one.text("problem")
    ]
    keys = {
        one.text("key").split(",")[0] for file in files(facts) for one in file.items("programs") if one.text("problem")
    }
    return Finding(evidence, settings=tuple(sorted(keys))) if evidence else None


COMPARED = ("GOROOT", "GOPATH", "GOMODCACHE", "GOFLAGS", "GOPROXY", "GOSUMDB")


@rule(
    "GD047",
    "go.toolsEnvVars contradicts the shell",
    WARNING,
    needs=("editor", "go"),
    after=("GD002", "GD003"),
    cause="The editor's tools then work with other caches, proxies or flags than the terminal.",
    remedy="Set the variable once, in Go's env file, and remove it from the settings.",
    mended_by="vscode",
)
def toolsenv_conflict(facts: Facts, policy: Policy) -> Finding | None:
    evidence = []
    for product in facts.items("editor", "products"):
        for file in product.items("files"):
            for name in COMPARED:
                value, shell = file.text("settings", "go.toolsEnvVars", name), go_variable(facts, name)
                if value and shell and "${" not in value and value != shell:
                    evidence.append(f"{name} is {value} in {file.text('path')} and {shell} in the shell")
    return Finding(evidence, settings=("go.toolsEnvVars",)) if evidence else None


@rule(
    "GD048",
    "The folder is not trusted, so the Go extension is off",
    INFO,
    needs=("editor", "workspaces"),
    cause="In Restricted Mode VS Code turns the Go extension off.",
    remedy="Trust the folder: Workspaces: Manage Workspace Trust.",
)
def untrusted(facts: Facts, policy: Policy) -> Finding | None:
    products = [one for one in facts.items("editor", "products") if one.text("kind") == "desktop" and installed(one)]
    workspaces = [one.text("real") for one in facts.items("workspaces")]
    if not products or not workspaces:
        return None
    known = [one for one in products if one["trusted"].known]
    if not known:
        raise Unknown("the editor's list of trusted folders could not be read")
    bad = [
        f"{path} is not among the trusted folders of {one.text('name')}"
        for one in known
        for path in workspaces
        if not under(path, *one.texts("trusted"))
    ]
    return Finding(bad) if bad else None


GO_NAMES = ("GOROOT", "GOPATH", "GOBIN", "GOFLAGS", "GOPROXY", "GO111MODULE", "GOTOOLCHAIN", "GOPRIVATE")


@rule(
    "GD049",
    "The editor has another or an old environment",
    WARNING,
    platforms=(LINUX, DARWIN, WINDOWS),
    needs=("env",),
    cause="The editor keeps the environment that it was started with, or never read the shell's files.",
    remedy="Quit the editor fully, all windows, and start it again.",
    mended_by="go_env",
)
def editor_env(facts: Facts, policy: Policy) -> Finding | None:
    login = facts["env", "login"]
    evidence = []
    if facts.text("env", "login_shell", "state") == "timeout":
        evidence.append("the shell's start-up files take more than 10 s: VS Code gives up and has no PATH from them")
    for name, value in facts.pairs("env", "launchd"):
        if value.text() and login.text(name) and value.text() != login.text(name):
            evidence.append(f"programs from the Dock get {name}={value.text()}, the shell {login.text(name)}")
    for process in facts.items("editor", "processes"):
        seen = process["env"]
        for name in GO_NAMES:
            if seen.text(name) != login.text(name) and facts.text("env", "login_shell", "state") == "ok":
                evidence.append(
                    f"the running {process.text('name')} ({process.raw('pid')}) has {name}={seen.text(name)!r}, "
                    f"a new shell {login.text(name)!r}"
                )
        folder = facts.text("go", "path").rpartition("/")[0]
        if facts.text("go", "via") == "PATH" and folder and folder not in seen.text("PATH").split(":"):
            evidence.append(f"the running {process.text('name')} has no {folder} on its PATH")
    return Finding(evidence) if evidence else None


@rule(
    "GD050",
    "The remote side of the editor is incomplete",
    WARNING,
    platforms=(LINUX, WSL),
    needs=("editor",),
    cause="For a remote or WSL window the Go extension, Go and gopls have to be on the remote side.",
    remedy="Install golang.go on the remote side (Install in WSL / SSH), and Go there.",
    mended_by="vscode",
)
def remote_unprovisioned(facts: Facts, policy: Policy) -> Finding | None:
    evidence = []
    remotes = [one for one in facts.items("editor", "products") if one.text("kind") == "remote"]
    for product in remotes:
        if not product.texts("extension_versions"):
            evidence.append(f"no golang.go in {product.text('extensions_dir')}")
    libc = semver(facts.text("os", "libc").rpartition(" ")[2] + ".0")
    if remotes and libc and libc < (semver(f"{policy['glibc_minimum']}.0") or (0, 0, 0)):
        evidence.append(
            f"{facts.text('os', 'libc')} is older than {policy['glibc_minimum']}, which VS Code's server needs"
        )
    if remotes and not facts.text("go", "version"):
        evidence.append("there is no go on this side")
    return Finding(evidence) if evidence else None
