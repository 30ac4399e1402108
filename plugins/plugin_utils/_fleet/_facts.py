# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what Ansible's variables say about the fleet, in plain types for the brain."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._redact import Redact, clean
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._steps import Inventory

# Variables that say what a rollout wants; another value is another rollout.
WANTED = ("go_sdk_", "go_env_", "go_caches_", "go_tools_", "vscode_", "go_network_", "golang_dev_", "linux_", "macos_")
PROBE = "__fleet_probe"
_SECRET = re.compile(r"passw|secret|token|credential|private_key", re.IGNORECASE)


def inventory(task_vars: Mapping[str, Any], template: Callable[[Any], Any], redact: Redact) -> Inventory:
    """Hosts with their groups and teams, who answered the probe, and what is asked for."""
    names = [str(name) for name in task_vars["ansible_play_hosts_all"]]
    groups: dict[str, list[str]] = {name: [] for name in names}
    for group, members in task_vars["groups"].items():
        for member in members:
            if member in groups:
                groups[member].append(str(group))
    probes, teams = {}, {}
    for name in names:
        facts = task_vars["hostvars"][name]
        probes[name] = _answer(facts.get(PROBE) or {}, redact)
        teams[name] = redact(str(facts.get("fleet_team") or ""))
    return Inventory(
        hosts={name: tuple(found) for name, found in groups.items()},
        teams=teams,
        probes=probes,
        wanted=_wanted(task_vars, template, redact),
    )


def _answer(probe: Mapping[str, Any], redact: Redact) -> tuple[bool, str]:
    if probe.get("ansible_facts") and not probe.get("unreachable"):
        return True, ""
    why = redact(str(probe.get("msg") or "it was not asked").removeprefix("Task failed: "))
    return False, why if probe.get("unreachable") else f"it answers, but runs no module: {why}"


def _wanted(task_vars: Mapping[str, Any], template: Callable[[Any], Any], redact: Redact) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for name, value in task_vars.items():
        if name.startswith(WANTED) and not name.endswith("_result"):
            wanted[name] = "***" if _SECRET.search(name) else clean(template(value), redact)
    return wanted
