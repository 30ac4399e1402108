# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example of a module, a plugin and a role's README runs on a machine as it is written.

What an example counts on is arranged in ``_arranged.py``; what is not named there runs for real.
"""

from __future__ import annotations

import json
import re

import pytest
from _arranged import BEFORE, LAST, NOT_RUN, ORDER, REPLACED, SHOWN  # type: ignore[import-not-found]
from _examples import Example, gathered  # type: ignore[import-not-found]
from _stage import Ran, runnable  # type: ignore[import-not-found]
from docsite import catalogue, returned

EXAMPLES = runnable()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.id)
def test_it_runs(ran: Ran, example: Example) -> None:
    results = ran.results.get(example.id, [])
    assert results, f"it did not run:\n{ran.text[-3000:]}"
    assert [one for one in results if one.get("failed")] == []


@pytest.mark.parametrize("module", sorted(catalogue.documents()))
def test_it_returns_what_its_page_says(ran: Ran, module: str) -> None:
    name = f"{catalogue.COLLECTION}.{module}"
    ours = [one for some in ran.results.values() for one in some if one.get("action") == name]
    told = [one for one in ours if not one.keys() & {"results", "skipped", "censored"}]
    assert told
    assert [line for one in told for line in returned.complaints(module, one)] == []


def test_no_two_examples_have_one_name() -> None:
    names = [example.id for example in gathered()]
    assert sorted(set(names)) == sorted(names)


def test_what_is_arranged_is_still_needed() -> None:
    """A table's entry that no example answers to is a leftover, or a name mistyped."""
    names = [example.id for example in gathered()]
    sources = {example.source for example in gathered()}
    text = "\n".join(json.dumps(example.body) for example in gathered())
    assert {*BEFORE, *SHOWN} <= set(names)
    assert {*ORDER, *LAST} <= sources
    assert [written for written in REPLACED if written not in text] == []
    assert [name for name in NOT_RUN if not any(re.fullmatch(name, one) for one in names)] == []
