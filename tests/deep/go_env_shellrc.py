# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""100,000 generated shell files through the block editor: bytes outside stay, twice is once, absent is the original.

A case is a block of a thousand seeds. The gate runs a few hundred files of Hypothesis (tests/unit).
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "collections"))

from ansible_collections.gopherops.workstation.plugins.module_utils import _shellrc
from ansible_collections.gopherops.workstation.plugins.module_utils._env import _shellread

BLOCK, BLOCKS = 1000, 100
BODY = [b'if [ -r "$HOME/x" ]; then . "$HOME/x"; fi']
PIECES = [
    *(
        b"#!/bin/sh\n",
        b"#!/bin/bash",
        b"\n",
        b"\r\n",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\0",
        b"export A=1\n",
        b"return\n",
    ),
    *(
        b"case $- in *i*) ;; *) return;; esac\n",
        b"cat <<EOF\n",
        b"EOF\n",
        b"'",
        b'"',
        b"\\\n",
        b"# BEGIN\n",
        b"if x; then\n",
    ),
    *(
        b"export GOROOT=/usr/lib/go\n",
        b"  set -gx GOROOT /x\n",
        b"setenv GOROOT /x\n",
        b"GOROOT='/a b'; export GOROOT\n",
    ),
    *(b"\xc3\x28", b"\t", b" ", b"fi\n", b"# END gopherops", b"x" * 300),
]


def check(seed: int) -> str:
    """What is wrong with one file, or nothing."""
    chance = random.Random(seed)
    data = b"".join(
        chance.randbytes(chance.randrange(20)) if chance.random() < 0.2 else chance.choice(PIECES)
        for _ in range(chance.randrange(30))
    )
    given, at_top = (None if seed % 50 == 0 else data), chance.random() < 0.5
    once = _shellrc.put_block(given, BODY, path="f", at_top=at_top)
    place, end = once.index(_shellrc.BEGIN), once.index(_shellrc.END) + len(_shellrc.END) + 1
    outside = once[:place] + once[end:]
    if given is not None and outside not in {data, once[:place].removesuffix(b"\n") + b"\n"}:
        return "bytes outside the block changed"
    if _shellrc.put_block(once, BODY, path="f", at_top=at_top) != once:
        return "twice is not once"
    if _shellrc.take_block(once, path="f") != given:
        return "absent is not the original"
    whole = {one.line for one in _shellread.assignments(data, {"GOROOT"}) if one.whole and one.name == "GOROOT"}
    if _shellread.OFF not in data and _shellread.switch_on(_shellread.switch_off(data, whole)) != data:
        return "lines switched off and on are not the original"
    return ""


def main(words: list[str]) -> int:
    if words[:1] == ["list"]:
        print("\n".join(f"seeds-{number}" for number in range(BLOCKS)))
        return 0
    for case in words[1:]:
        start = int(case.rpartition("-")[2]) * BLOCK
        wrong = next((f"seed {seed}: {why}" for seed in range(start, start + BLOCK) if (why := check(seed))), "")
        print(f"fail {case} {wrong}" if wrong else f"ok {case}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
