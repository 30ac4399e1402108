# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: SARIF 2.1.0, for code scanning and security dashboards.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    FAIL,
    PASS,
    SKIPPED,
    UNKNOWN,
    Rule,
    Verdict,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._clean import clean
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._examined import Examined

HOME = "https://github.com/gopherops/workstation"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
KINDS = {FAIL: "fail", PASS: "pass", SKIPPED: "notApplicable", UNKNOWN: "open"}


def as_sarif(hosts: Sequence[Examined], rules: Sequence[Rule], version: str) -> str:
    driver = {
        "name": "gopherops.workstation go_doctor",
        "informationUri": HOME,
        "version": version,
        "rules": [_rule(one) for one in rules],
    }
    results = [_result(host, verdict) for host in hosts for verdict in host.verdicts]
    run = {"tool": {"driver": driver}, "results": results, "columnKind": "utf16CodeUnits"}
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=1) + "\n"


def _rule(one: Rule) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": "".join(word.capitalize() for word in one.name.split("-")),
        "shortDescription": {"text": one.title},
        "fullDescription": {"text": one.cause},
        "help": {"text": " ".join(filter(None, (one.remedy, one.command)))},
        "helpUri": f"{HOME}/blob/main/docs/rules/{one.id}.md",
        "defaultConfiguration": {"level": LEVELS[one.severity]},
    }


def _result(host: Examined, one: Verdict) -> dict[str, Any]:
    failed = one.verdict == FAIL
    words = "; ".join(one.evidence) if failed else one.reason or one.title
    result: dict[str, Any] = {
        "ruleId": one.id,
        "kind": KINDS[one.verdict],
        "level": LEVELS[one.severity] if failed else "none",
        "message": {"text": clean(f"{one.title}: {words}") if failed else clean(words)},
        "locations": [{"logicalLocations": [{"fullyQualifiedName": clean(host.host), "kind": "resource"}]}],
    }
    why = one.ignored or (f"consequence of {one.suppressed_by}" if one.suppressed_by else "")
    if failed and why:
        result["suppressions"] = [{"kind": "external", "justification": clean(why)}]
    return result
