# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the examination as Markdown, for an issue or a chat."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import UNKNOWN, Verdict
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._clean import clean
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._examined import Examined

MARKS = {"error": "✖ error", "warning": "▲ warning", "info": "ⓘ info", "ok": "✔ well", "unknown": "? unknown"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~&$-])")


def plain(text: object) -> str:
    """No character of it means anything to Markdown or HTML."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match[1])};", clean(text))


def as_markdown(hosts: Sequence[Examined]) -> str:
    return "\n".join(line for host in hosts for line in _host(host)) + "\n"


def _host(host: Examined) -> Iterator[str]:
    yield f"## {plain(host.host)}: {MARKS[host.state]}"
    yield ""
    yield f"{plain(host.summary())}. Functional check: {host.proof}, {plain(host.functional.get('seconds'))} s."
    yield ""
    if host.findings:
        yield "| | rule | found | how to mend |"
        yield "|---|---|---|---|"
        yield from (_row(one) for one in host.findings)
        yield ""
    unknown = [one.id for one in host.verdicts if one.verdict == UNKNOWN]
    if unknown:
        yield f"Not known: {', '.join(unknown)}."
        yield ""


def _row(one: Verdict) -> str:
    mend = one.remedy + (f" Run: {one.command}" if one.command else "")
    return f"| {MARKS[one.severity]} | {one.id} {plain(one.title)} | {plain('; '.join(one.evidence))} | {plain(mend)} |"
