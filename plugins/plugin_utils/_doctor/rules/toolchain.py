# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: rules about the go command itself."""

from __future__ import annotations

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    DARWIN,
    ERROR,
    LINUX,
    WARNING,
    WINDOWS,
    WSL,
    Finding,
    Policy,
    Unknown,
    rule,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._texts import (
    env_file,
    nothing_in_workspaces,
    under,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._versions import go_version, minor


@rule(
    "GD001",
    "No usable go command",
    ERROR,
    needs=("gos",),
    cause="Go is not installed, or its folder is on no PATH that this account's login shell makes.",
    remedy="Install Go and put its bin folder on PATH.",
    mended_by="go_sdk",
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


@rule(
    "GD005",
    "Several versions of one tool",
    WARNING,
    needs=("gos", "tools"),
    after=("GD006",),
    cause="Which one runs depends on the order of PATH, so a terminal, a script and the editor may differ.",
    remedy="Keep one, or put the wanted one first on PATH.",
    mended_by="go_sdk",
)
def duplicate_tools(facts: Facts, policy: Policy) -> Finding | None:
    evidence = []
    gos = {one.text("real"): one for one in reversed(facts.items("gos")) if one.true("on_path") and one.text("version")}
    if len({one.text("version") for one in gos.values()}) > 1:
        evidence += [f"{one.text('path')} is {one.text('version')}" for one in reversed(list(gos.values()))]
    for tool in ("gopls", "dlv"):
        found = facts.items("tools", tool, "found")
        shell = next((one for one in found if one.text("path") == facts.text("tools", tool, "shell")), None)
        if not shell or shell.text("real") == found[0].text("real"):
            continue
        if shell.text("version") != found[0].text("version"):
            evidence.append(f"the editor starts {found[0].text('path')} ({found[0].text('version')})")
            evidence.append(f"the shell starts {shell.text('path')} ({shell.text('version')})")
    return Finding(evidence) if evidence else None


PACKAGED = ("/usr/bin", "/usr/lib/go", "/usr/lib/golang", "/snap", "/opt/homebrew", "/usr/local/Cellar")


def _packaged(path: str) -> bool:
    return under(path, *PACKAGED) or path.startswith("/usr/lib/go-")


@rule(
    "GD006",
    "A packaged Go hides the managed one",
    WARNING,
    platforms=(LINUX, WSL, DARWIN),
    needs=("gos",),
    cause="The distribution's Go comes first on PATH, so the newer one that was installed beside it is not used.",
    remedy="Put the managed Go's bin folder first on PATH, or set the policy distro_go_intended.",
    mended_by="go_env",
)
def distro_go_first(facts: Facts, policy: Policy) -> Finding | None:
    named = [one for one in facts.items("gos") if one.true("on_path")]
    if policy["distro_go_intended"] or not named or not _packaged(named[0].text("real")):
        return None
    managed = [
        one
        for one in facts.items("gos")
        if one.text("version") and not _packaged(one.text("real")) and one.text("version") != named[0].text("version")
    ]
    if not managed:
        return None
    return Finding([f"{one.text('path')} is {one.text('version')}" for one in (named[0], managed[0])])


@rule(
    "GD008",
    "This Go gets no security fixes any more",
    WARNING,
    needs=("go",),
    cause="Only the two newest minor versions of Go are supported.",
    remedy="Upgrade Go.",
    mended_by="go_sdk",
)
def go_unsupported(facts: Facts, policy: Policy) -> Finding | None:
    have = minor(facts.text("go", "version"))
    if have is None:
        raise Unknown(f"{facts.text('go', 'version') or 'the go command'} names no release")
    oldest = int(policy["go_latest_minor"]) - int(policy["go_supported_minors"]) + 1
    if have >= oldest:
        return None
    return Finding([f"{facts.text('go', 'path')} is {facts.text('go', 'version')}; supported are 1.{oldest} and newer"])


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("-", maxsplit=1)[0].split(".")[:3] if part.isdigit())


@rule(
    "GD009",
    "The operating system is too old for this Go",
    ERROR,
    needs=("go", "os"),
    platforms=(LINUX, DARWIN, WINDOWS),
    cause="Each Go release names the oldest system that it runs on.",
    remedy="Use an older Go or a newer system.",
)
def os_too_old(facts: Facts, policy: Policy) -> Finding | None:
    go = minor(facts.text("go", "version"))
    system = facts.text("os", "system")
    text = facts.text("os", "distribution_version") if system == "Darwin" else facts.text("os", "release")
    have = _numbers(text)
    if go is None or not have:
        raise Unknown(f"version of {system} or of Go not understood: {text!r}")
    table = Facts(policy["os_floors"]).pairs(system)
    floors = [one.text() for since, one in table if since.isdigit() and int(since) <= go]
    floor = max((_numbers(one) for one in floors), default=())
    if not floor or have >= floor:
        return None
    return Finding([f"{system} {text}; Go 1.{go} needs {'.'.join(str(part) for part in floor)}"])


def toolchain_setting(facts: Facts) -> str:
    """GOTOOLCHAIN: environment, env file, $GOROOT/go.env; without any of them (some distributions) it is local."""
    shipped = facts.text("files", "goroots", "go", "go_env", "text")
    lines = [line.split("=", 1)[1] for line in shipped.splitlines() if line.startswith("GOTOOLCHAIN=")]
    # There the first line of a name counts: machine defaults stand above Go's own.
    return (
        facts.text("env", "login", "GOTOOLCHAIN") or env_file(facts).get("GOTOOLCHAIN", "") or (lines or ["local"])[0]
    )


def newer_needed(facts: Facts) -> list[str]:
    """Workspaces whose go line is beyond the go command."""
    have = go_version(facts.text("go", "version"))
    needed = []
    for workspace in facts.items("workspaces"):
        for kind in ("mod", "work"):
            line = go_version(workspace.text(kind, "go"))
            if have and line and line > have:
                needed.append(f"{workspace.text('path')} needs go {workspace.text(kind, 'go')}")
    if not needed:
        nothing_in_workspaces(facts)
    return list(dict.fromkeys(needed))


@rule(
    "GD010",
    "A module needs a newer Go, and switching is turned off",
    ERROR,
    needs=("go", "workspaces"),
    cause="GOTOOLCHAIN=local forbids go to fetch the version that go.mod asks for.",
    remedy="Upgrade Go, or let it switch with GOTOOLCHAIN=auto.",
    command="go env -w GOTOOLCHAIN=auto",
    mended_by="go_sdk",
)
def toolchain_too_old(facts: Facts, policy: Policy) -> Finding | None:
    setting = toolchain_setting(facts)
    needed = newer_needed(facts)
    if not needed or setting.split("+")[-1] in ("auto", "path"):
        return None
    return Finding([*needed, f"{facts.text('go', 'path')} is {facts.text('go', 'version')}, GOTOOLCHAIN={setting}"])


@rule(
    "GD011",
    "Go cannot fetch the version that a module needs",
    ERROR,
    needs=("go", "workspaces"),
    after=("GD012", "GD032", "GD035"),
    cause="A switch of toolchain always asks the checksum database and the proxy; one of them is turned off.",
    remedy="Turn GOSUMDB and GOPROXY on again, or install the newer Go.",
    mended_by="go_network",
)
def toolchain_download_blocked(facts: Facts, policy: Policy) -> Finding | None:
    needed = newer_needed(facts)
    if not needed or not toolchain_setting(facts).endswith("auto"):
        return None
    variables = facts["go", "env"]
    off = tuple(name for name in ("GOSUMDB", "GOPROXY") if variables.text(name) == "off")
    blocked = [f"{name}=off" for name in off]
    error = facts.text("network", "download", "error")
    blocked += [error] if error else []
    return Finding([*needed, *blocked], unset=off) if blocked else None
