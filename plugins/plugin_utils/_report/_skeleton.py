# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the frame of every HTML page: one file, offline, light and dark, phone and desk.

Its Content-Security-Policy forbids every request and every script but the one it carries, so a hostile name that got
past the escaping could still neither run nor call home.
"""

from __future__ import annotations

import base64
import hashlib
import html

from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._clean import clean

# Colours of outcomes keep 4.5:1 on their ground in both modes; every coloured mark carries its word too.
STYLE = """
:root{color-scheme:light dark;--ground:#f6f7f9;--card:#fff;--ink:#1b2130;--quiet:#596275;--line:#dfe3ea;
--accent:#00698c;
--ok:#1d7a3e;--failed:#b3261e;--rolled_back:#9a5b00;--away:#5b6477;--unknown:#7a3fb0;--waiting:#8b93a3;
--error:#b3261e;--warning:#9a5b00;--info:#00698c}
@media (prefers-color-scheme:dark){:root{--ground:#11151c;--card:#1a202b;--ink:#e7eaf0;--quiet:#a3adbf;
--line:#2e3646;
--accent:#5ec8ee;--ok:#5fd38a;--failed:#ff8a80;--rolled_back:#f2b35c;--away:#a8b2c6;--unknown:#cda2f7;--waiting:#76819a;
--error:#ff8a80;--warning:#f2b35c;--info:#5ec8ee}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1120px;margin:0 auto;padding:24px 16px 64px}
h1{font-size:1.6rem;line-height:1.25;margin:.2em 0;overflow-wrap:anywhere}
h2{font-size:1.1rem;margin:0 0 12px}
p{margin:.4em 0}.quiet{color:var(--quiet)}.small{font-size:.875rem}
section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px;margin:16px 0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(104px,1fr));gap:8px}
.tile{border:1px solid var(--line);border-radius:10px;padding:10px 12px;background:var(--card)}
.tile b{display:block;font-size:1.7rem;line-height:1.15;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;padding:6px 10px 6px 0;border-bottom:1px solid var(--line);vertical-align:top;
overflow-wrap:anywhere}
th{color:var(--quiet);font-weight:600;white-space:nowrap}
th button{all:unset;cursor:pointer}th button:focus-visible{outline:2px solid var(--accent)}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr:last-child td{border-bottom:0}
td.word{overflow-wrap:normal}td.long{min-width:7rem;max-width:20rem}
.mark{font-weight:600;white-space:nowrap}
svg{display:block;width:100%;height:14px;border-radius:7px;background:var(--line)}
.ok{color:var(--ok);fill:var(--ok)}.failed,.error,.stop{color:var(--failed);fill:var(--failed)}
.rolled_back,.warning,.pause{color:var(--rolled_back);fill:var(--rolled_back)}.away{color:var(--away);
fill:var(--away)}
.unknown{color:var(--unknown);fill:var(--unknown)}.waiting{color:var(--quiet);fill:var(--waiting)}
.info{color:var(--info);fill:var(--info)}.go{color:var(--ok)}.accent{fill:var(--accent)}
.ring{margin:0 0 14px}.ring header{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline;margin-bottom:4px}
input,select{font:inherit;color:inherit;background:var(--ground);border:1px solid var(--line);border-radius:8px;
padding:6px 10px}
.controls{display:flex;flex-wrap:wrap;align-items:center;gap:8px;margin-bottom:8px}
.controls input{flex:1 1 200px;min-width:0}
a{color:var(--accent)}code{font-size:.9em}
@media (max-width:640px){main{padding:16px 10px 48px}section{padding:12px}
table.cards thead{position:absolute;left:-9999px}table.cards tr{display:block;padding:8px 0;
border-bottom:1px solid var(--line)}
table.cards td{display:flex;gap:8px;border:0;padding:1px 0;text-align:left;white-space:normal;
max-width:none}
table.cards td:empty{display:none}table.cards td::before{content:attr(data-k);flex:0 0 84px;color:var(--quiet)}}
@media print{body{background:#fff}section{break-inside:avoid}.controls{display:none}}
""".strip()


def esc(value: object) -> str:
    """Any text from a host, as text: control characters visible, markup inert, also inside a quoted attribute."""
    return html.escape(clean(value), quote=True)


def page(title: str, body: str, script: str = "", style: str = STYLE) -> str:
    """A whole document; ``title`` is anybody's, the rest is ours."""
    allowed = f"'sha256-{_digest(script)}'" if script else "'none'"
    policy = (
        f"default-src 'none'; img-src data:; style-src 'sha256-{_digest(style)}'; script-src {allowed}; base-uri 'none'"
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        # A browser asks for /favicon.ico otherwise: the one request that no markup causes.
        '<link rel="icon" href="data:,">\n'
        f"<title>{esc(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
        f"{f'<script>{script}</script>' if script else ''}\n</body>\n</html>\n"
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
