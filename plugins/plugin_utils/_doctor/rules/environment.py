# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: rules about variables that Go reads."""

from __future__ import annotations

import re

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    ERROR,
    INFO,
    WARNING,
    Finding,
    Policy,
    rule,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._texts import (
    env_file,
    go_variable,
    login_path,
    normal,
    set_where,
    unset_command,
)

REJECTED = (
    "unknown GOEXPERIMENT",
    "parsing $GOFLAGS",
    "invalid GOTOOLCHAIN",
    "invalid GOWORK",
    "unsupported GOOS/GOARCH",
    "invalid GO111MODULE",
)
TOOLCHAIN = re.compile(r"(?:local|auto|path|go\d+(?:\.\d+)*(?:(?:rc|beta)\d+)?(?:-\S+)?)(?:\+(?:auto|path))?")


@rule(
    "GD012",
    "A variable makes every go command fail",
    ERROR,
    needs=("go",),
    after=("GD001", "GD002", "GD013"),
    cause="Go refuses to start with a value that it does not know.",
    remedy="Remove or correct the variable.",
    mended_by="go_env",
)
def go_env_rejected(facts: Facts, policy: Policy) -> Finding | None:
    errors = [facts.text("go", "env_error"), facts.text("go", "as_is", "error"), facts.text("go", "error")]
    bad = [text for text in dict.fromkeys(errors) if any(one in text for one in REJECTED)]
    setting = facts.text("env", "login", "GOTOOLCHAIN") or env_file(facts).get("GOTOOLCHAIN", "")
    if setting and not TOOLCHAIN.fullmatch(setting):
        bad.append(f"invalid GOTOOLCHAIN {setting!r} in {set_where(facts, 'GOTOOLCHAIN')}")
    if not bad:
        return None
    name = next((one for one in re.findall(r"GO[A-Z0-9]+", bad[0]) if one not in ("GOOS", "GOARCH")), "")
    return Finding(bad, command=unset_command(facts, name) if name else "", unset=(name,) if name else ())


@rule(
    "GD013",
    "GOPATH or GOBIN is no proper path",
    ERROR,
    needs=("env.login",),
    cause="Go takes the value as it stands: no ~, no quotes, no relative path; and GOPATH is not GOROOT.",
    remedy="Write an absolute path, or remove the variable.",
    mended_by="go_env",
)
def gopath_gobin_invalid(facts: Facts, policy: Policy) -> Finding | None:
    evidence, named = [], []
    for name in ("GOPATH", "GOBIN"):
        value = facts.text("env", "login", name) or env_file(facts).get(name, "")
        for one in value.split(":") if name == "GOPATH" else [value]:
            if value and (not one.startswith("/") or one != one.strip() or set(one) & set("\"'")):
                evidence.append(f"{name}={value!r} in {set_where(facts, name)}")
                named.append(name)
        if name == "GOBIN" and value.startswith("/") and ":" in value:
            evidence.append(f"{name}={value!r} holds a list; it is one folder")
            named.append(name)
    root = facts.text("go", "env", "GOROOT")
    if root and normal(facts.text("go", "env", "GOPATH")) == normal(root):
        evidence.append(f"GOPATH is GOROOT, {root}")
        named.append("GOPATH")
    if not evidence:
        return None
    unset = tuple(dict.fromkeys(named))
    return Finding(list(dict.fromkeys(evidence)), command=unset_command(facts, *unset), unset=unset)


@rule(
    "GD014",
    "The folder of go install is not on PATH",
    WARNING,
    needs=("dirs.GOBIN", "env.login"),
    after=("GD001", "GD013", "GD066"),
    cause="Programs that go install builds land in a folder that the shell does not search.",
    remedy="Add the folder to PATH.",
    mended_by="go_env",
)
def bin_not_on_path(facts: Facts, policy: Policy) -> Finding | None:
    # GOBIN is empty before Go 1.27 unless set; the collector derives GOPATH/bin then.
    folder = facts.text("dirs", "GOBIN", "path")
    wanted = {normal(folder), normal(facts.text("dirs", "GOBIN", "real"))} - {""}
    if not wanted or wanted & {normal(one) for one in login_path(facts) if one}:
        return None
    return Finding([f"{folder} is not in the login shell's PATH"], command=f'export PATH="$PATH:{folder}"')


@rule(
    "GD015",
    "Module mode is off",
    ERROR,
    needs=("go",),
    cause="GO111MODULE=off makes go ignore go.mod: 'go install pkg@version' and the language server fail.",
    remedy="Remove GO111MODULE.",
    mended_by="go_env",
)
def module_mode_off(facts: Facts, policy: Policy) -> Finding | None:
    if policy["gopath_project"]:
        return None
    found = {"go env": facts.text("go", "env", "GO111MODULE"), **_editor_says(facts, "GO111MODULE")}
    # A carriage return in the env file is part of the value; GD018 tells of it, and without it this would come next.
    off = [f"GO111MODULE={value.strip()} ({where})" for where, value in found.items() if value.strip() == "off"]
    auto = [f"GO111MODULE={value.strip()} ({where})" for where, value in found.items() if value.strip() == "auto"]
    command = unset_command(facts, "GO111MODULE")
    if off:
        return Finding(off, command=command, unset=("GO111MODULE",))
    return Finding(auto, severity=WARNING, command=command, unset=("GO111MODULE",)) if auto else None


def _editor_says(facts: Facts, name: str) -> dict[str, str]:
    return {
        f"go.toolsEnvVars in {file.text('path')}": file.text("settings", "go.toolsEnvVars", name)
        for product in facts.items("editor", "products")
        for file in product.items("files")
    }


@rule(
    "GD016",
    "GOFLAGS changes every build",
    WARNING,
    needs=("go",),
    after=("GD012",),
    cause="Flags in GOFLAGS apply to every go command, also to those that the editor runs.",
    remedy="Remove the flag and give it where it is needed.",
    mended_by="go_env",
)
def goflags_harmful(facts: Facts, policy: Policy) -> Finding | None:
    flags = go_variable(facts, "GOFLAGS").split()
    bad = {"-json": "turns the output of every build into JSON", "-n": "builds nothing", "-x": "prints every command"}
    evidence = [f"{flag} {bad[flag]}" for flag in flags if flag in bad]
    workspaces = facts.items("workspaces")
    if "-mod=vendor" in flags and not (workspaces and all(one.true("vendored") for one in workspaces)):
        evidence.append("-mod=vendor fails in every module without a vendor folder")
    if "-mod=mod" in flags and any(one.text("work", "path") for one in workspaces):
        evidence.append("-mod=mod is an error in a workspace with go.work")
    evidence += [f"{flag} hides code and tests everywhere" for flag in flags if flag.startswith("-tags=")]
    if not evidence:
        return None
    return Finding(evidence, command=unset_command(facts, "GOFLAGS"), unset=("GOFLAGS",))


@rule(
    "GD017",
    "Go builds for another system",
    WARNING,
    needs=("go",),
    cause="GOOS or GOARCH is exported: built programs do not run here, and tools land in bin/GOOS_GOARCH.",
    remedy="Remove GOOS and GOARCH, and set them for single commands or in the editor's settings of one project.",
    mended_by="go_env",
)
def cross_target_exported(facts: Facts, policy: Policy) -> Finding | None:
    variables = facts["go", "env"]
    evidence, names = [], []
    for name, host in (("GOOS", "GOHOSTOS"), ("GOARCH", "GOHOSTARCH")):
        if variables.text(name) and variables.text(host) and variables.text(name) != variables.text(host):
            evidence.append(f"{name}={variables.text(name)} on {variables.text(host)}, set in {set_where(facts, name)}")
            names.append(name)
        for where, value in _editor_says(facts, name).items():
            if value and value != variables.text(host):
                evidence.append(f"{name}={value} ({where})")
    return Finding(evidence, command=unset_command(facts, *names), unset=tuple(names)) if evidence else None


KNOWN_NAME = re.compile(r"(?:GO[A-Z0-9_]+|CGO_[A-Z]+|AR|CC|CXX|FC|GCCGO|PKG_CONFIG)")


@rule(
    "GD018",
    "Go's env file is damaged or has no effect",
    WARNING,
    needs=("files.goenv",),
    cause="Go silently skips lines that it does not understand, and keeps a carriage return as part of the value.",
    remedy="Write the file with go env -w.",
    mended_by="go_env",
)
def goenv_file_malformed(facts: Facts, policy: Policy) -> Finding | None:
    file = facts["files", "goenv"]
    text = file.text("text")
    evidence = [f"it begins with a {file.text('bom')} byte order mark"] if file.text("bom") else []
    evidence += ["its lines end in carriage return and line feed"] if file.true("cr") else []
    for number, line in enumerate(text.splitlines(), 1):
        name, equals, _value = line.partition("=")
        if line.strip() and not line.startswith("#") and not (equals and KNOWN_NAME.fullmatch(name)):
            evidence.append(f"line {number} is no setting of Go: {line[:80]!r}")
    if evidence:
        return Finding([f"{file.text('path')}: {one}" for one in evidence])
    login = facts["env", "login"]
    loses = [
        f"{name} is {value!r} in {file.text('path')}; the environment says {login.text(name)!r} and wins"
        for name, value in env_file(facts).items()
        if login.text(name) not in ("", value)
    ]
    return Finding(loses, severity=INFO, title="The environment overrides Go's env file") if loses else None
