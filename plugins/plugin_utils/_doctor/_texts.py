# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: small questions that several families of rules ask."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import urlsplit

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import Finding, Unknown

BUILDING = ("build", "test", "test_cached")


def step_texts(facts: Facts, *names: str) -> list[str]:
    """What the failed steps of the functional check printed."""
    steps = facts.items("functional", "steps")
    return [one.text("detail") for one in steps if one.false("ok") and (not names or one.text("name") in names)]


def env_file(facts: Facts) -> dict[str, str]:
    """Go's env file as Go reads it: bad lines are skipped, the last of several counts."""
    pairs = {}
    for line in facts.text("files", "goenv", "text").split("\n"):
        name, equals, value = line.partition("=")
        if equals and name[:1].isalpha() and name[:1].isupper():
            pairs[name] = value
    return pairs


def go_variable(facts: Facts, name: str) -> str:
    """What go will use: environment, then its env file, then what it says itself."""
    return facts.text("env", "login", name) or env_file(facts).get(name, "") or facts.text("go", "env", name)


def set_where(facts: Facts, name: str) -> str:
    """In words, where a variable was set; empty for a default."""
    if facts.text("env", "login", name):
        return "the environment"
    return "Go's env file" if env_file(facts).get(name) else ""


def unset_command(facts: Facts, *names: str) -> str:
    """What the developer types to be rid of the variables, each where it is set."""
    in_file = [name for name in names if set_where(facts, name) == "Go's env file"]
    elsewhere = [name for name in names if name not in in_file]
    commands = (("go env -u", in_file), ("unset", elsewhere))
    return "; ".join(f"{command} {' '.join(some)}" for command, some in commands if some)


def login_path(facts: Facts) -> list[str]:
    """PATH as the login shell makes it; without its answer nothing can be said about PATH."""
    state = facts.text("env", "login_shell", "state")
    if state != "ok":
        raise Unknown(f"the login shell did not tell its environment ({state or 'not asked'})")
    return facts.text("env", "login", "PATH").split(":")


def nothing_in_workspaces(facts: Facts) -> Finding | None:
    """The answer of a rule that found nothing there, where Go told something; else nobody knows."""
    for one in facts.items("workspaces"):
        unread = one.text("env", "GOMOD").endswith("go.mod") and not one.text("mod", "path")
        why = one.text("env_error") or (one.text("list_error") or "go.mod could not be read" if unread else "")
        if why:
            raise Unknown(f"go says nothing about {one.text('path')}: {why[:200]}")
    return None


def under(path: str, *folders: str) -> bool:
    return any(path == one or path.startswith(one.rstrip("/") + "/") for one in folders if one)


def normal(path: str) -> str:
    return posixpath.normpath(path) if path else ""


def proxies(text: str) -> list[tuple[str, str]]:
    """GOPROXY as pairs of entry and the separator after it."""
    parts = re.split(r"([,|])", text)
    return [(parts[index].strip(), (parts[index + 1 : index + 2] or [""])[0]) for index in range(0, len(parts), 2)]


def host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
