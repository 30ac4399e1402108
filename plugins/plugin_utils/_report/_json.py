# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the examination for programs. Its schema is docs/doctor-report.schema.json."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._clean import clean, cleaned
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._examined import SCHEMA, Examined

MOST_SECONDS = 1e9  # JSON has no infinity, and no examination takes that long


def as_json(hosts: Sequence[Examined]) -> str:
    """Sorted keys, one host after the other."""
    document = {"schema": SCHEMA, "hosts": [_host(one) for one in hosts]}
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def _host(one: Examined) -> dict[str, Any]:
    return {
        "host": cleaned(one.host),
        "when": one.when,
        "state": one.state,
        "proof": one.proof,
        "functional": _functional(Facts(one.functional)),
        "verdicts": [cleaned(asdict(verdict)) for verdict in one.verdicts],
    }


def _functional(facts: Facts) -> dict[str, Any]:
    """As the schema promises, whatever a target sends."""
    passed = facts.raw("passed")
    return {
        "passed": passed if isinstance(passed, bool) else None,
        "reason": clean(facts.text("reason")),
        "seconds": _seconds(facts),
        "steps": [
            {
                "name": clean(step.text("name")),
                "ok": step.true("ok"),
                "late": step.true("late"),
                "seconds": _seconds(step),
                "detail": clean(step.text("detail")),
            }
            for step in facts.items("steps")
        ],
    }


def _seconds(facts: Facts) -> float:
    number = facts.number("seconds") or 0
    return number if 0 <= number < MOST_SECONDS else 0
