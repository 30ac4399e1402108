# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: rules about limits of the system."""

from __future__ import annotations

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    DARWIN,
    INFO,
    LINUX,
    WARNING,
    WSL,
    Finding,
    Policy,
    Unknown,
    rule,
)


@rule(
    "GD051",
    "Limits for watched or open files are low",
    WARNING,
    platforms=(LINUX, WSL, DARWIN),
    needs=("os",),
    cause="The editor watches every folder of a project; when the limit is reached, changes go unseen.",
    remedy="Raise the limit, or leave folders out with files.watcherExclude.",
    command="echo fs.inotify.max_user_watches=524288 | sudo tee /etc/sysctl.d/60-inotify.conf && sudo sysctl --system",
    mended_by="linux",
)
def limits_low(facts: Facts, policy: Policy) -> Finding | None:
    os = facts["os"]
    watches, instances = os.number("inotify_watches"), os.number("inotify_instances")
    warnings: list[str] = []
    hints: list[str] = []
    dirs = sum(one.number("dirs") or 0 for one in facts.items("workspaces"))
    if watches is not None and watches < 2 * dirs:
        warnings.append(f"{watches:.0f} inotify watches for {dirs:.0f} folders of the workspaces")
    elif watches is not None and watches < policy["inotify_watches"]:
        hints.append(f"{watches:.0f} inotify watches")
    if instances is not None and instances < policy["inotify_instances"]:
        warnings.append(f"{instances:.0f} inotify instances")
    limits = os.items("nofile")
    if watches is None and instances is None and not limits:
        raise Unknown("the system did not tell its limits")
    hard = limits[1].number() if len(limits) == 2 else None
    if hard is not None and 0 <= hard < policy["open_files"]:
        warnings.append(f"the hard limit for open files is {hard:.0f}")
    if warnings:
        return Finding(warnings)
    return Finding(hints, severity=INFO) if hints else None
