# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: from the registered results of one host to its record in the rollout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._redact import Redact, clean

Results = Mapping[str, Any]
MOST_CHANGES = 200


def versions(results: Results) -> dict[str, str]:
    """What stands after: Go and the tools, by name."""
    sdk = (_result(results, "go_sdk").get("sdk") or {}).get("version")
    found = {"go": str(sdk)} if sdk else {}
    for tool in _result(results, "go_tools").get("tools") or []:
        if tool.get("name") and tool.get("version"):
            found[str(tool["name"])] = str(tool["version"])
    return found


def _result(results: Results, name: str) -> Mapping[str, Any]:
    result = results.get(name)
    return result if isinstance(result, Mapping) else {}


def findings(doctor: Mapping[str, Any]) -> list[dict[str, str]]:
    """What the doctor found, without its evidence: that quotes the host."""
    keys = ("id", "severity", "title")
    return [
        {key: str(entry.get(key, "")) for key in keys}
        for entry in doctor.get("findings") or []
        if entry.get("verdict", "fail") == "fail"
    ]


def functional(doctor: Mapping[str, Any]) -> dict[str, Any]:
    """The proof in short: passed, how long, and which step failed."""
    check = doctor.get("functional") or {}
    if not check:
        return {}
    broken = next((step for step in check.get("steps") or [] if not step.get("ok")), None)
    short = {"passed": check.get("passed"), "seconds": check.get("seconds", 0)}
    return {**short, "step": broken.get("name", ""), "detail": broken.get("detail", "")} if broken else short


def describe(
    *, results: Results, failure: str, restored: Mapping[str, Any], planning: bool, redact: Redact
) -> dict[str, Any]:
    """``outcome``, ``reason`` and all that a report says of the host.

    Without proof no host is ok. A failed host counts as rolled back only when its record of before was put back
    whole; when nothing had been changed yet there was nothing to roll back, and it is failed.
    """
    doctor = _result(results, "go_doctor")
    proof = functional(doctor)
    changes = [change for result in results.values() if isinstance(result, Mapping) for change in _changes(result)]
    reason = failure or _unproved(proof, planning)
    outcome = "ok" if not reason else ("rolled_back" if restored.get("restored") else "failed")
    if reason and restored.get("failure"):
        reason = f"{reason} And it could not be rolled back: {restored['failure']}"
    record = {
        "outcome": outcome,
        "reason": reason,
        "changed": any(bool(_result(results, name).get("changed")) for name in results),
        "after": versions(results) if outcome == "ok" else dict(restored.get("versions") or versions(results)),
        "findings": findings(doctor),
        "functional": proof,
        "changes": changes[:MOST_CHANGES],
    }
    cleaned: dict[str, Any] = clean(record, redact)
    return cleaned


def _changes(result: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {key: str(entry.get(key, "")) for key in ("path", "act", "what")}
        for entry in result.get("changes") or []
        if isinstance(entry, Mapping)
    ]


def _unproved(proof: Mapping[str, Any], planning: bool) -> str:
    if planning or proof.get("passed"):
        return ""
    if proof.get("step"):
        return f"The functional check failed at {proof['step']}: {proof.get('detail', '')}"
    return "The functional check did not run, so nothing is proved"
