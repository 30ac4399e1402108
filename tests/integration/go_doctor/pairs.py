"""Two faults at once: both are found, or one is named as the cause of what cannot be seen any more."""

from __future__ import annotations

import itertools
import random
import re
from typing import Any

from faults import FAULTS, Fault  # type: ignore[import-not-found]

SEED, NUMBER = 67, 120
# What two faults must not both set: the later one would simply take the earlier one away.
THINGS = re.compile(
    r"\b(GO[A-Z0-9]{2,}|CGO_ENABLED|HTTPS?_PROXY|TMPDIR)\b|go\.mod|src/ws|Code/User/settings|go/env|go env -w|/sdk|"
    r"bin/gopls|bin/dlv|/usr/bin/go\b|golang\.go-|\.cache/go-build|~/bin"
)
SAME = {"go env -w": "go/env"}
NEEDS_GO = re.compile(r"\bgo (?:env|work|mod|vet)\b")


def things(one: Fault) -> set[str]:
    found = {match[0] for match in THINGS.finditer(f"{one.root} {one.dev} {' '.join(one.run)} {one.before}")}
    return {SAME.get(thing, thing) for thing in found}


def alone(one: Fault) -> bool:
    """Another account altogether: nothing can be added to that one."""
    return bool(one.user != "dev")


def compatible(one: Fault, other: Fault) -> bool:
    return one.id != other.id and not alone(one) and not alone(other) and not things(one) & things(other)


def pairs() -> dict[str, tuple[Fault, Fault]]:
    """The sample, the same each time, by name."""
    every = [pair for pair in itertools.combinations(FAULTS, 2) if compatible(*pair)]
    chosen = random.Random(SEED).sample(every, NUMBER)
    return {f"{FAULTS.index(one)}-{one.id}+{FAULTS.index(other)}-{other.id}": (one, other) for one, other in chosen}


def both(one: Fault, other: Fault) -> Fault:
    """The two as one; who needs Go to be made comes first, for the other may take it away."""
    first, second = sorted((one, other), key=lambda fault: not NEEDS_GO.search(fault.dev))
    options: dict[str, Any] = {**first.options, **second.options}
    options["policy"] = {**first.options.get("policy", {}), **second.options.get("policy", {})}
    return Fault(
        id=f"{one.id}+{other.id}",
        dev=f"({first.dev or ':'}\n)\n({second.dev or ':'}\n)",
        root=f"({first.root or ':'}\n)\n({second.root or ':'}\n)",
        options=options,
        run=(*first.run, *second.run),
        before=first.before + second.before,
        also=first.also | second.also,
        background="\n".join(_beside(text) for text in (first.background, second.background) if text),
    )


def _beside(program: str) -> str:
    return f"import threading\nthreading.Thread(target=exec, args=({program!r}, {{}})).start()"


def judged(one: Fault, other: Fault, verdicts: dict[str, Any]) -> str:
    """What is wrong with the answer; empty: nothing. Each is found, folded into a cause, or beyond what can be told."""
    open_ = {id_ for id_, said in verdicts.items() if said.verdict == "fail" and not said.suppressed_by}
    if not open_ & {one.id, other.id} and not any(
        verdicts[id_].suppressed_by in open_ for id_ in (one.id, other.id) if verdicts[id_].verdict == "fail"
    ):
        return f"neither is found: {one.id} and {other.id} among {sorted(open_)}"
    for fault in (one, other):
        said = verdicts[fault.id]
        if said.verdict == "fail" and (not said.suppressed_by or said.suppressed_by in open_):
            continue
        if said.verdict in ("unknown", "skipped") and open_ & {one.id, other.id}:
            continue  # the other one is named, and this one is not called well
        return f"{fault.id} is {said.verdict} ({said.reason or said.suppressed_by}), found are {sorted(open_)}"
    return ""
