# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the doctor's words for a person at a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import UNKNOWN, Verdict
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._clean import clean

WIDTH = 100
COLOURS = {"error": "red", "warning": "bright yellow", "info": "cyan"}

Line = tuple[str, "str | None"]


def text(
    host: str, found: Sequence[Verdict], verdicts: Sequence[Verdict], functional: Mapping[str, Any]
) -> Iterator[Line]:
    """Lines with a colour: the worst first; one line when all is well."""
    passed = functional.get("passed")
    # What was not proved is not drawn as health.
    calm = COLOURS.get(found[0].severity) if found else "green" if passed else None
    yield f"{clean(host)}: {_headline(found, functional)}", "red" if passed is False else calm
    for one in found:
        yield "", None
        yield from _finding(one, verdicts)
    for step in functional.get("steps") or []:
        if not step.get("ok"):
            yield "", None
            yield from _wrapped("proof", f"{clean(step.get('name'))} failed: {clean(step.get('detail'))}", "red")
            break
    unknown = [one for one in verdicts if one.verdict == UNKNOWN and not one.ignored]
    if unknown and (found or not passed):
        yield "", None
        yield from _wrapped("not known", ", ".join(f"{one.id} ({clean(one.reason)})" for one in unknown), None)


def _headline(found: Sequence[Verdict], functional: Mapping[str, Any]) -> str:
    counts = [(kind, sum(one.severity == kind for one in found)) for kind in ("error", "warning", "info")]
    words = [f"{number} {kind}{'s' if number > 1 and kind != 'info' else ''}" for kind, number in counts if number]
    passed = functional.get("passed")
    seconds = functional.get("seconds")
    proof = {
        True: f"Go and gopls work ({seconds} s)",
        False: "the functional check failed",
        None: f"the functional check did not run: {clean(functional.get('reason'))}",
    }[passed if passed is None else bool(passed)]
    return "; ".join([", ".join(words) or "nothing found", proof])


def _finding(one: Verdict, verdicts: Sequence[Verdict]) -> Iterator[Line]:
    yield f"{one.severity.upper()} {one.id} {clean(one.title)}", COLOURS.get(one.severity)
    for index, line in enumerate(one.evidence[:6]):
        yield from _wrapped("found" if index == 0 else "", clean(line), None)
    if len(one.evidence) > 6:
        yield from _wrapped("", f"and {len(one.evidence) - 6} more", None)
    yield from _wrapped("why", clean(one.cause), None)
    yield from _wrapped("mend", clean(one.remedy), None)
    if one.mended_by:
        yield from _wrapped("", f"The role {one.mended_by} does it.", None)
    if one.command:
        yield f"  {'run':>9}  {clean(one.command)}", "green"
    consequences = [other.id for other in verdicts if other.suppressed_by == one.id]
    if consequences:
        yield from _wrapped("explains", ", ".join(consequences), None)


def _wrapped(label: str, words: str, colour: str | None) -> Iterator[Line]:
    lines = textwrap.wrap(words, WIDTH - 13, break_long_words=False, break_on_hyphens=False) or [""]
    for index, line in enumerate(lines):
        yield f"  {label if index == 0 else '':>9}  {line}", colour
