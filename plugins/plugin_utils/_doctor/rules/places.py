# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: rules about odd paths, odd accounts and slow settings."""

from __future__ import annotations

import re

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    ERROR,
    INFO,
    LINUX,
    WARNING,
    Finding,
    Policy,
    Unknown,
    rule,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._texts import (
    go_variable,
    set_where,
    unset_command,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._versions import minor

ODD = re.compile(r"[^\x21-\x7e]")


@rule(
    "GD065",
    "The project's path has a space, other letters or a symbolic link",
    INFO,
    needs=("workspaces", "functional"),
    after=("GD001", "GD019"),
    cause="Most of Go copes with it; some older tools and the debugger do not.",
    remedy="Open the real path; for the debugger set substitutePath.",
)
def odd_path(facts: Facts, policy: Policy) -> Finding | None:
    evidence = []
    for one in facts.items("workspaces"):
        path = one.text("path")
        odd = ODD.search(path) or (one.text("real") and one.text("real") != path.rstrip("/"))
        steps = [step for step in facts.items("functional", "steps") if step.text("name").startswith(f"{path}: ")]
        broken = [step.text("detail") for step in steps if step.false("ok") and not step.true("late")]
        if odd and facts.raw("functional", "passed") is None:
            raise Unknown(f"{path} is odd, but whether gopls works there was not tried")
        if odd and broken:
            evidence += [f"{path} (really {one.text('real')})", *broken]
    return Finding(evidence) if evidence else None


@rule(
    "GD066",
    "A container runs as an account without home or caches",
    ERROR,
    platforms=(LINUX,),
    needs=("os", "user"),
    cause="A number given with --user is in no /etc/passwd: there is no home, so Go has no place for its caches.",
    remedy="Give the container HOME, GOCACHE and GOMODCACHE in folders of that account.",
    command="docker run --user $(id -u):$(id -g) -e HOME=/tmp/home -e GOCACHE=/tmp/cache -e GOMODCACHE=/tmp/mod ...",
)
def container_user(facts: Facts, policy: Policy) -> Finding | None:
    user = facts["user"]
    if not facts.text("os", "container"):
        return None
    evidence = []
    homeless = user.text("home") in ("", "/", "/nonexistent") and user.number("uid") != 0
    writable = all(facts.true("dirs", name, "writable") for name in ("GOCACHE", "GOMODCACHE"))
    if user.false("in_passwd") and (homeless or not writable):
        evidence.append(f"uid {user.raw('uid')} is in no /etc/passwd")
    if homeless:
        evidence.append(f"HOME is {user.text('home') or 'not set'!r}")
    return Finding(evidence) if evidence else None


SLOW_FLAGS = {
    "-race": "tests run five to ten times slower",
    "-a": "everything is built again each time",
    "-p=1": "one package at a time",
}
MEMORY = ("tmpfs", "ramfs")
REMOTE = ("nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "afpfs", "smbfs")


@rule(
    "GD067",
    "The environment makes go test slow",
    WARNING,
    needs=("go", "os"),
    cause="A setting that helps once, or in continuous integration, stays and slows down every run.",
    remedy="Remove it; keep GOCACHE on a local disk that survives a restart.",
    mended_by="go_env",
)
def slow_env(facts: Facts, policy: Policy) -> Finding | None:
    slow: list[tuple[str, str]] = []  # what is found, and the variable that says so
    for flag in go_variable(facts, "GOFLAGS").split():
        if flag in SLOW_FLAGS or flag.startswith("-count="):
            why = SLOW_FLAGS.get(flag, "results are never taken from the cache")
            slow.append((f"GOFLAGS has {flag}: {why}", "GOFLAGS"))
    debug = facts.text("env", "login", "GODEBUG")
    if re.search(r"gocacheverify=1|gocachetest=1|gctrace=1|schedtrace=", debug):
        slow.append((f"GODEBUG={debug}", "GODEBUG"))
    gogc = facts.text("env", "login", "GOGC")
    if gogc.isdigit() and int(gogc) < policy["gogc_minimum"]:
        slow.append((f"GOGC={gogc}: the garbage collector runs nearly all the time", "GOGC"))
    slow += _cores(facts)
    cache = facts["dirs", "GOCACHE"]
    if cache.text("fstype") in MEMORY and not policy["cache_in_memory_intended"]:
        slow.append(
            (f"GOCACHE {cache.text('path')} is on {cache.text('fstype')} and is lost at every restart", "GOCACHE")
        )
    if cache.text("fstype") in REMOTE:
        slow.append((f"GOCACHE {cache.text('path')} is on a network file system ({cache.text('fstype')})", "GOCACHE"))
    if not slow:
        return None
    name = slow[0][1]
    names = tuple(dict.fromkeys(one for _text, one in slow if one))
    command = unset_command(facts, name) if set_where(facts, name) else ""
    return Finding([text for text, _name in slow], command=command, unset=names)


def _cores(facts: Facts) -> list[tuple[str, str]]:
    cores, quota = facts.number("os", "cpus"), facts.number("os", "cpu_quota")
    limit = facts.text("env", "login", "GOMAXPROCS")
    if limit.isdigit() and cores and int(limit) < min(cores, quota or cores):
        return [(f"GOMAXPROCS={limit} on {cores:.0f} cores", "GOMAXPROCS")]
    have = minor(facts.text("go", "version"))
    if not limit and quota and cores and quota < cores and have is not None and have < 25:
        return [(f"Go 1.{have} starts {cores:.0f} threads where {quota:g} cores are allowed", "")]
    return []
