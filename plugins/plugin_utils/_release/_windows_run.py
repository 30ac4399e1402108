# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: ``go_sdk`` on a Windows host: look, decide here, and only then act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._pin import Release
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._windows import WindowsSdk, reading
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._windows_acts import (
    Acts,
    result,
    sources_of,
)

Execute = Callable[[dict[str, Any]], dict[str, Any]]
Bring = Callable[[Release], dict[str, str]]
"""Fetches a release on the controller, sends it, and gives the source that it then is."""


def run(
    options: Mapping[str, Any], plan: Mapping[str, Any], execute: Execute, bring: Bring, *, check: bool
) -> dict[str, Any]:
    """The action's result."""
    look = reading(options, plan)
    answer = execute(look)
    if answer.get("failed"):
        return answer
    sdk = WindowsSdk(options, plan, answer["seen"])
    target = sdk.rollback_target() if options["state"] == "rollback" else None
    if target:
        answer = execute(reading(options, plan, [target]))
        if answer.get("failed"):
            return answer
        sdk = WindowsSdk(options, plan, answer["seen"])
    state, steps = sdk.decide()
    predicted = result(sdk, state, steps, [])
    if check:
        return predicted

    def sources(release: Release) -> tuple[list[dict[str, Any]], list[str]]:
        given = plan["sources"] if options["delivery"] == "target" else [bring(release)]
        return sources_of(release, given)

    acts = Acts(sdk, state, steps, options["connect_timeout"] + options["stall_timeout"]).all(sources)
    if not acts:
        return predicted
    order = {
        **{name: look[name] for name in ("root", "link")},
        "action": "apply",
        "before": sdk.seen["token"],
        "steps": acts,
        "login": {"username": options["url_username"] or "", "password": options["url_password"] or ""},
        "lock_timeout": options["lock_timeout"],
    }
    done = execute(order)
    if done.get("failed"):
        return {**done, "changed": False, "changes": []}
    return result(sdk, state, steps, done["laid"])
