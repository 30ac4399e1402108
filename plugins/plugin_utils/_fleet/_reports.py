# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: one rollout as JSON, CSV and HTML, all three from the same dictionary."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._html import render
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._journal import write_whole
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._rollout import HostState, Rollout
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._clean import clean as visible

SCHEMA = 1
COLUMNS = ["host", "ring", "team", "outcome", "reason", "go_before", "go_after", "gopls_before", "gopls_after"]
COLUMNS += ["changed", "seconds", "findings", "functional", "began", "ended"]


def report(rollout: Rollout) -> dict[str, Any]:
    """Everything a report shows, in the documented schema (docs/guides/fleet-report.schema.json)."""
    hosts = [_host(rollout, host) for host in sorted(rollout.hosts.values(), key=lambda host: host.name)]
    return {
        "schema": SCHEMA,
        "rollout": rollout.name,
        "wanted": rollout.wanted,
        "opened": rollout.opened,
        "ended": max((host["ended"] for host in hosts), default="") or rollout.opened,
        "closed": bool(rollout.closed),
        "runs": len(rollout.runs),
        "totals": rollout.totals(),
        "rings": [_ring(rollout, ring) for ring in rollout.rings],
        "versions": _versions(rollout.hosts.values()),
        "rules": _rules(hosts),
        "teams": _teams(hosts),
        "hosts": hosts,
    }


def _host(rollout: Rollout, host: HostState) -> dict[str, Any]:
    record = asdict(host)
    record["host"] = record.pop("name")
    record["ring"] = rollout.ring_of(host.name)
    record["changes"] = len(host.changes)
    return record


def _ring(rollout: Rollout, ring: str) -> dict[str, Any]:
    gate = rollout.gates.get(ring) or {}
    counts = asdict(rollout.counts(rollout.members(ring)))
    held = rollout.gates.get(f"approval of {ring}") or {}
    verdict = gate.get("verdict") if gate.get("final") or gate.get("verdict") != "go" else ""
    reason = gate.get("reason") or held.get("reason") or ""
    return {"name": ring, "counts": counts, "verdict": verdict or "", "reason": reason if verdict or held else ""}


def _versions(hosts: Iterable[HostState]) -> list[dict[str, Any]]:
    moves: Counter[tuple[str, str, str]] = Counter()
    for host in hosts:
        for name in sorted(set(host.before) | set(host.after)):
            after = host.after.get(name, "") if host.ended else "?"
            moves[(name, host.before.get(name, ""), after)] += 1
    ordered = sorted(moves.items(), key=lambda entry: (entry[0][0] != "go", entry[0][0], -entry[1], entry[0]))
    return [{"name": name, "before": old, "after": new, "hosts": count} for (name, old, new), count in ordered]


def _rules(hosts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for host in hosts:
        for finding in host["findings"]:
            rule = found.setdefault(finding["id"], {**finding, "hosts": 0, "teams": Counter()})
            rule["hosts"] += 1
            rule["teams"][host["team"]] += 1
    rank = {"error": 0, "warning": 1, "info": 2}
    ordered = sorted(found.values(), key=lambda rule: (rank.get(rule["severity"], 3), -rule["hosts"], rule["id"]))
    return [{**rule, "teams": dict(rule["teams"].most_common())} for rule in ordered]


def _teams(hosts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    teams: dict[str, dict[str, Any]] = {}
    for host in hosts:
        team = teams.setdefault(host["team"], {"team": host["team"], "hosts": 0, "findings": 0, "outcomes": Counter()})
        team["hosts"] += 1
        team["findings"] += len(host["findings"])
        team["outcomes"][host["outcome"]] += 1
    return [{**team, "outcomes": dict(team["outcomes"])} for team in map(teams.__getitem__, sorted(teams))]


def as_csv(data: dict[str, Any]) -> str:
    """One row a host. A cell that a spreadsheet would take for a formula begins with an apostrophe instead."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for host in data["hosts"]:
        row = {
            **host,
            "go_before": host["before"].get("go", ""),
            "go_after": host["after"].get("go", ""),
            "gopls_before": host["before"].get("gopls", ""),
            "gopls_after": host["after"].get("gopls", ""),
            "findings": " ".join(finding["id"] for finding in host["findings"]),
            "functional": {True: "passed", False: "failed"}.get(host["functional"].get("passed"), ""),
        }
        writer.writerow([_cell(row[column]) for column in COLUMNS])
    return stream.getvalue()


def _cell(value: object) -> str:
    # https://owasp.org/www-community/attacks/CSV_Injection
    text = visible(value)
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r", "'") else text


def write_reports(rollout: Rollout, folder: Path) -> dict[str, str]:
    """Write all three; returns their paths."""
    data = report(rollout)
    texts = {"json": json.dumps(data, indent=1, sort_keys=True) + "\n", "csv": as_csv(data), "html": render(data)}
    for kind, text in texts.items():
        write_whole(folder / f"report.{kind}", text)
    return {kind: str(folder / f"report.{kind}") for kind in texts}
