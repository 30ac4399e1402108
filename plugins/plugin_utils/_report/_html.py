# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: one page for people, for a host or a fleet: offline, on a phone, in the dark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import UNKNOWN, Verdict
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._examined import Examined
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._skeleton import esc, page

STYLE = """
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--soft:#5b6470;--line:#d7dce2;--card:#f6f8fa;
--error:#b3261e;--warning:#8a5a00;--info:#0b5cad;--ok:#1a7f37;--unknown:#5b6470}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--soft:#9aa4b0;--line:#30363d;--card:#161b22;
--error:#ff7b72;--warning:#e3b341;--info:#79c0ff;--ok:#56d364;--unknown:#9aa4b0}}
*{box-sizing:border-box}body{margin:0 auto;max-width:70rem;padding:1rem;background:var(--bg);color:var(--fg);
font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}h1{font-size:1.5rem}h2{font-size:1.1rem;margin:.2rem 0}
.soft{color:var(--soft)}.cards{display:flex;flex-wrap:wrap;gap:.6rem;padding:0;list-style:none}
.cards li{border:1px solid var(--line);border-radius:.5rem;padding:.4rem .9rem}.cards b{font-size:1.4rem;display:block}
details{border:1px solid var(--line);border-radius:.5rem;margin:.4rem 0;background:var(--card)}
summary{cursor:pointer;padding:.5rem .8rem}article{border-top:1px solid var(--line);padding:.6rem .8rem}
pre{white-space:pre-wrap;margin:.3rem 0;padding:.5rem;border:1px solid var(--line);border-radius:.3rem}
.error{color:var(--error)}.warning{color:var(--warning)}.info{color:var(--info)}.ok{color:var(--ok)}
.unknown{color:var(--unknown);font-style:italic}
table{border-collapse:collapse}td,th{padding:.15rem .8rem .15rem 0;text-align:left}
"""
WORDS = {"error": "✖ error", "warning": "▲ warning", "info": "ⓘ hint", "ok": "✔ well", "unknown": "? unknown"}
ORDER = tuple(WORDS)


def as_html(hosts: Sequence[Examined], title: str = "Go workstations") -> str:
    return page(title, "".join(_body(hosts, title)), style=STYLE)


def _body(hosts: Sequence[Examined], title: str) -> Iterator[str]:
    yield f"<h1>{esc(title)}</h1>"
    states = {id(one): one.state for one in hosts}
    counts = Counter(states.values())
    yield '<ul class="cards">'
    yield from (f'<li class="{name}"><b>{counts[name]}</b>{WORDS[name]}</li>' for name in ORDER if counts[name])
    yield "</ul>"
    yield from _frequent(hosts)
    for one in sorted(hosts, key=lambda host: (ORDER.index(states[id(host)]), host.host)):
        yield from _host(one, states[id(one)], open_=len(hosts) == 1)


def _frequent(hosts: Sequence[Examined]) -> Iterator[str]:
    if len(hosts) < 2:
        return
    seen: Counter[tuple[str, str]] = Counter()
    for host in hosts:
        seen.update((one.id, one.title) for one in host.findings)
    often = sorted(seen.items(), key=lambda entry: (-entry[1], entry[0]))[:15]
    yield "<h2>Most frequent</h2><table><tr><th>hosts</th><th>rule</th></tr>"
    yield from (f"<tr><td>{number}</td><td>{esc(id_)} {esc(title)}</td></tr>" for (id_, title), number in often)
    yield "</table>"


def _host(one: Examined, state: str, open_: bool) -> Iterator[str]:
    yield f'<details{" open" if open_ else ""}><summary><b class="{state}">{WORDS[state]}</b> <b>{esc(one.host)}</b> '
    proof = {"passed": "ok", "failed": "error"}.get(one.proof, "unknown")
    yield f'<span class="soft">{esc(one.summary())}</span> '
    yield f'<span class="{proof}">functional check: {one.proof}</span></summary>'
    for finding in one.findings:
        yield from _finding(finding)
    failed = [step for step in one.functional.get("steps") or [] if not step.get("ok")]
    for step in failed[:3]:
        yield f'<article><h2 class="error">{esc(step.get("name"))} failed</h2>'
        yield f"<pre>{esc(step.get('detail'))}</pre></article>"
    unknown: dict[str, list[str]] = {}
    for verdict in one.verdicts:
        if verdict.verdict == UNKNOWN:
            unknown.setdefault(verdict.reason, []).append(verdict.id)
    if unknown:
        listed = "; ".join(f"{esc(', '.join(ids))} ({esc(reason)})" for reason, ids in unknown.items())
        yield f'<article class="unknown">Not known: {listed}</article>'
    yield "</details>"


def _finding(one: Verdict) -> Iterator[str]:
    yield f'<article><h2 class="{one.severity}">{esc(one.id)} {esc(one.title)}</h2><ul>'
    yield from (f"<li>{esc(line)}</li>" for line in one.evidence[:20])
    yield f"</ul><p>{esc(one.cause)}</p><p>{esc(one.remedy)}"
    yield f" The role <b>{esc(one.mended_by)}</b> does it.</p>" if one.mended_by else "</p>"
    yield f"<pre>{esc(one.command)}</pre></article>" if one.command else "</article>"
