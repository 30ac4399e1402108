# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the fleet's page, from the report's dictionary to one HTML file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._skeleton import esc, page

LABELS = {
    "ok": "ok",
    "failed": "failed",
    "rolled_back": "rolled back",
    "away": "away",
    "unknown": "unknown",
    "waiting": "not begun",
}
VERDICTS = {"go": "passed", "stop": "stopped", "pause": "paused"}
SLOWEST = 20
LONG = ("Host", "Team", "Reason")  # may be broken anywhere, so that one endless name leaves the others readable

# Filter and sort of the host table; without it the page still shows everything.
SCRIPT = """
(function(){
var table=document.getElementById('hosts');if(!table)return;
var body=table.tBodies[0],rows=Array.prototype.slice.call(body.rows);
var get=function(id){return document.getElementById(id);};
var text=get('find'),outcome=get('outcome'),shown=get('shown');
function filter(){var n=0,q=text.value.toLowerCase(),o=outcome.value;
rows.forEach(function(r){var ok=(!o||r.dataset.o===o)&&(!q||r.textContent.toLowerCase().indexOf(q)>=0);
r.hidden=!ok;if(ok)n++;});shown.textContent=n+' of '+rows.length;}
text.addEventListener('input',filter);outcome.addEventListener('change',filter);
Array.prototype.forEach.call(table.querySelectorAll('th button'),function(b,i){var up=true;
b.addEventListener('click',function(){
var key=function(r){var v=r.cells[i].textContent;return b.dataset.n?parseFloat(v)||0:v;};
rows.sort(function(x,y){var a=key(x),c=key(y),d=b.dataset.n?a-c:a.localeCompare(c);return up?d:-d;});
up=!up;var part=document.createDocumentFragment();rows.forEach(function(r){part.appendChild(r);});
body.appendChild(part);});});
filter();
})();
""".strip()


def render(data: dict[str, Any]) -> str:
    """One self-contained page."""
    sections = [_head(data), _tiles(data), _rings(data), _trouble(data), _versions(data), _rules(data), _teams(data)]
    sections += [_slowest(data), _hosts(data)]
    return page(f"Rollout {data['rollout']}", "\n".join(section for section in sections if section), SCRIPT)


def _head(data: dict[str, Any]) -> str:
    wanted = ", ".join(f"{esc(key)} = {esc(value)}" for key, value in sorted(data["wanted"].items())) or "the defaults"
    held = [ring for ring in data["rings"] if ring["verdict"] in ("stop", "pause")]
    if data["closed"]:
        state = '<span class="mark ok">complete</span>'
    elif held:
        verdict = held[0]["verdict"]
        state = f'<span class="mark {verdict}">{VERDICTS[verdict]} at ring {esc(held[0]["name"])}</span>'
    else:
        state = '<span class="mark pause">open</span>'
    again = f", in {data['runs']} runs" if data["runs"] > 1 else ""
    return (
        f"<h1>Rollout {esc(data['rollout'])}</h1><p>{state} <span class=quiet>· {_when(data['opened'])} to "
        f"{_when(data['ended'])}{again}</span></p><p class='quiet small'>Asked for: {wanted}</p>"
    )


def _when(stamp: str) -> str:
    return f"{esc(stamp[:10])} {esc(stamp[11:19])} UTC" if stamp else "?"


def _tiles(data: dict[str, Any]) -> str:
    totals = data["totals"]
    tiles = "".join(
        f'<div class="tile"><b class="{key}">{totals[key]}</b>{label}</div>' for key, label in LABELS.items()
    )
    whole = f'<div class="tile"><b>{sum(totals.values())}</b>hosts in all</div>'
    return f'<section aria-label="Totals"><div class="tiles">{tiles}{whole}</div></section>'


def _stack(counts: dict[str, int]) -> str:
    """A bar of outcomes as SVG, whose geometry needs no style attribute (the policy forbids those)."""
    total = sum(counts.values()) or 1
    parts, start = [], 0.0
    for key, label in LABELS.items():
        width = 100 * counts.get(key, 0) / total
        if width:
            title = f"<title>{counts[key]} {label}</title>"
            parts.append(f'<rect class="{key}" x="{start:.3f}%" width="{width:.3f}%" height="14">{title}</rect>')
        start += width
    words = ", ".join(f"{counts[key]} {label}" for key, label in LABELS.items() if counts.get(key)) or "no host"
    return f'<svg role="img" aria-label="{words}">{"".join(parts)}</svg><p class="small quiet">{words}</p>'


def _rings(data: dict[str, Any]) -> str:
    rings = ""
    for ring in data["rings"]:
        verdict = f'<span class="mark {ring["verdict"]}">{VERDICTS[ring["verdict"]]}</span>' if ring["verdict"] else ""
        rings += (
            f'<div class="ring"><header><b>{esc(ring["name"])}</b>{verdict}'
            f'<span class="quiet small">{esc(ring["reason"])}</span></header>{_stack(ring["counts"])}</div>'
        )
    return f"<section><h2>Rings</h2>{rings}</section>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """Cells are markup already. On a phone each row becomes a card that names its cells."""
    marks = ['class="n"' if index in numbers else "" for index in range(len(head))]
    top = "".join(f"<th {mark}>{name}</th>" for name, mark in zip(head, marks, strict=True))
    body = "".join(
        "<tr>" + "".join(f'<td {m} data-k="{k}">{c}</td>' for c, k, m in zip(row, head, marks, strict=True)) + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table class="cards"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def _mark(outcome: str) -> str:
    return f'<span class="mark {outcome}">{LABELS[outcome]}</span>'


def _trouble(data: dict[str, Any]) -> str:
    """Why, grouped: forty hosts with one reason are one line."""
    reasons: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for host in data["hosts"]:
        if host["outcome"] not in ("ok", "waiting"):
            reason = host["reason"].replace(host["host"], "(the host)")
            reasons.setdefault((host["outcome"], reason), []).append(host)
    if not reasons:
        return ""
    order = list(LABELS)
    ranked = sorted(reasons.items(), key=lambda entry: (order.index(entry[0][0]), -len(entry[1])))
    rows = [
        # One host's reason stays as it was said: a host may be called "clock".
        [
            _mark(key[0]),
            str(len(some)),
            esc(key[1] if some[1:] else some[0]["reason"]),
            _names([h["host"] for h in some]),
        ]
        for key, some in ranked[:100]
    ]
    return f"<section><h2>What went wrong</h2>{_table(['Outcome', 'Hosts', 'Reason', 'Which'], rows, [1])}</section>"


def _names(names: list[str]) -> str:
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(esc(name) for name in names[:8]) + more


def _versions(data: dict[str, Any]) -> str:
    if not data["versions"]:
        return ""
    rows = [
        [esc(move["name"]), esc(move["before"] or "none"), esc(move["after"] or "none"), str(move["hosts"])]
        for move in data["versions"][:60]
    ]
    return f"<section><h2>Versions</h2>{_table(['What', 'Before', 'After', 'Hosts'], rows, [3])}</section>"


def _rules(data: dict[str, Any]) -> str:
    rows = [
        [
            f'<span class="mark {esc(rule["severity"])}">{esc(rule["severity"])}</span>',
            esc(rule["id"]),
            esc(rule["title"]),
            str(rule["hosts"]),
            ", ".join(f"{esc(team or 'no team')} {count}" for team, count in list(rule["teams"].items())[:6]),
        ]
        for rule in data["rules"]
    ]
    head = ["Severity", "Rule", "What", "Hosts", "By team"]
    return f"<section><h2>Findings by rule</h2>{_table(head, rows, [3])}</section>" if rows else ""


def _teams(data: dict[str, Any]) -> str:
    if len(data["teams"]) < 2:
        return ""
    rows = [
        [esc(team["team"] or "no team"), str(team["hosts"]), str(team["findings"]), _stack(team["outcomes"])]
        for team in data["teams"]
    ]
    return f"<section><h2>Teams</h2>{_table(['Team', 'Hosts', 'Findings', 'Outcomes'], rows, [1, 2])}</section>"


def _slowest(data: dict[str, Any]) -> str:
    slow = sorted((host for host in data["hosts"] if host["seconds"]), key=lambda host: -host["seconds"])[:SLOWEST]
    rows = []
    for host in slow:
        share = 100 * host["seconds"] / slow[0]["seconds"]
        stripe = f'<svg aria-hidden="true"><rect class="accent" width="{share:.2f}%" height="14"/></svg>'
        rows.append([esc(host["host"]), f"{host['seconds']:.1f}", stripe])
    return f"<section><h2>Slowest hosts</h2>{_table(['Host', 'Seconds', ''], rows, [1])}</section>" if rows else ""


def _hosts(data: dict[str, Any]) -> str:
    head = ["Host", "Ring", "Team", "Outcome", "Go", "gopls", "Seconds", "Findings", "Reason"]
    top = "".join(
        f"<th><button type=button {'data-n=1' if name == 'Seconds' else ''}>{name}</button></th>" for name in head
    )
    options = "".join(f'<option value="{key}">{label}</option>' for key, label in LABELS.items())
    return (
        '<section><h2>Hosts</h2><div class="controls"><input id="find" type="search" placeholder="Find a host, team, '
        'reason" aria-label="Find"><select id="outcome" aria-label="Outcome"><option value="">every outcome</option>'
        f'{options}</select><span id="shown" class="quiet"></span></div>'
        f'<div class="scroll"><table id="hosts" class="cards"><thead><tr>{top}</tr></thead>'
        f"<tbody>{''.join(_host_rows(data, head))}</tbody></table></div></section>"
    )


def _host_rows(data: dict[str, Any], head: Sequence[str]) -> Iterator[str]:
    for host in data["hosts"]:
        cells = [
            esc(host["host"]),
            esc(host["ring"]),
            esc(host["team"]),
            _mark(host["outcome"]),
            _move(host, "go"),
            _move(host, "gopls"),
            f"{host['seconds']:.1f}" if host["seconds"] else "",
            esc(" ".join(finding["id"] for finding in host["findings"])),
            esc(host["reason"]),
        ]
        row = "".join(
            f'<td class="{"long" if key in LONG else "word"}" data-k="{key}">{cell}</td>'
            for key, cell in zip(head, cells, strict=True)
        )
        yield f'<tr data-o="{host["outcome"]}">{row}</tr>\n'


def _move(host: dict[str, Any], name: str) -> str:
    before, after = host["before"].get(name, ""), host["after"].get(name, "")
    if not host["ended"] or before == after:
        return esc(before or after)
    return f"{esc(before or 'none')} → {esc(after or 'none')}"
