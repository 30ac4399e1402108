"""Made-up rollouts for the tests of reports: any number of hosts, ordinary ones and hostile ones, always the same."""

from __future__ import annotations

import random
from typing import Any

from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._rings import Ring, place
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._rollout import Rollout, fold

RINGS = [Ring("canary", 5), Ring("early", 25), Ring("broad")]
HOSTILE = [
    "<script>document.title='owned'</script>",
    "\"><img src=http://127.0.0.1:9/x onerror=document.title='owned'>",
    "</td></table></main><iframe src=//127.0.0.1:9/>",
    "javascript:alert(1)//",
    '=HYPERLINK("http://127.0.0.1:9","x")',
    "\x1b]0;owned\x07\x1b[2J",
    "gnp.exe\u202etxt.\u2066x",
    "名前-مرحبا-" + "x" * 300,
    "{{ lookup('pipe', 'id') }}",
    "</script><style>*{display:none}</style>",
    "' onmouseover='document.title=1",
    "\ud800\udfff\u2028\u2029\x00",
]
TEAMS = ["platform", "payments", "<b>search</b>", "mobile", ""]
RULES = [
    {"id": "GD014", "severity": "warning", "title": "go install target not on PATH"},
    {"id": "GD026", "severity": "error", "title": "cache holds files of another account"},
    {"id": "GD003", "severity": "info", "title": "<i>old</i> Go"},
]


def rollout(count: int, seed: int = 7) -> Rollout:
    """``count`` hosts: most are ok, each outcome occurs, the last ring was stopped half-way."""
    dice = random.Random(seed)
    names = [*HOSTILE, *(f"laptop-{number:05d}" for number in range(count))][:count]
    placed = place(dict.fromkeys(names, ()), RINGS)
    at = "2026-11-20T10:{:02d}:{:02d}.000+00:00"
    opening: dict[str, Any] = {
        "kind": "open",
        "at": at.format(0, 0),
        "rollout": "autumn",
        "rings": [ring.name for ring in RINGS],
    }
    teams = {name: dice.choice(TEAMS) for name in names}
    opening |= {"placed": placed, "teams": teams, "wanted": {"go_sdk_version": "1.27.4"}}
    records = [opening]
    for name in names:
        records += _host(name, placed[name], at, dice)
    for ring in ("canary", "early"):
        records.append({"kind": "gate", "at": "t", "ring": ring, "verdict": "go", "reason": "enough", "final": True})
    paused = {"kind": "gate", "at": "t", "ring": "broad", "verdict": "pause", "reason": HOSTILE[0]}
    records.append({**paused, "final": True})
    return fold(records)


def _host(name: str, ring: str, at: str, dice: random.Random) -> list[dict[str, Any]]:
    fate = dice.random()
    if fate < 0.05:
        return [{"kind": "away", "at": "t", "host": name, "reason": f"No route to host {name}"}]
    if ring == "broad" and fate < 0.15:
        return []
    minute, second = dice.randrange(50), dice.randrange(50)
    before = {"go": dice.choice(["1.26.6", "1.25.1", ""]), "gopls": "v0.23.0"}
    begin = {"kind": "begin", "at": at.format(minute, second), "host": name, "before": before}
    if fate < 0.17:
        return [begin]
    outcome = "rolled_back" if fate < 0.2 else "failed" if fate < 0.22 else "ok"
    end = {
        "kind": "end",
        "at": at.format(minute + dice.randrange(1, 5), second),
        "host": name,
        "outcome": outcome,
        "reason": "" if outcome == "ok" else dice.choice(["Cannot write file '~/sdk': No space left.", *HOSTILE[:3]]),
        "after": {"go": "1.27.4", "gopls": "v0.24.0"} if outcome == "ok" else before,
        "findings": dice.sample(RULES, dice.choice([0, 0, 1, 2])),
        "functional": {"passed": outcome == "ok", "seconds": 2.1},
    }
    return [begin, end]
