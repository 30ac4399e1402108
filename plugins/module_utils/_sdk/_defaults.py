# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the machine's defaults in $GOROOT/go.env, which go_env wrote, follow the link.

Go reads them from the tree it runs from, so with another tree they would be gone. Only the marked block is carried:
the rest of the file belongs to the release, and its hash is part of the proof.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from ansible_collections.gopherops.workstation.plugins.module_utils import _shellrc
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError


def read(tree: str) -> tuple[bytes, ...]:
    """The lines of the block; none where there is no block, or none that can be told from the rest."""
    try:
        block = _shellrc.read_block(_content(tree), path=_path(tree))
    except (OSError, WorkstationError):
        return ()
    return tuple((block or b"").splitlines())


def with_defaults(tree: str, lines: Sequence[bytes]) -> bytes:
    """The tree's go.env with these lines as its block, at the top: there the first line of a name counts."""
    now = _content(tree)
    if lines:
        return _shellrc.put_block(now, lines, path=_path(tree), at_top=True)
    return _shellrc.take_block(now, path=_path(tree)) or b""


def _content(tree: str) -> bytes:
    with open(_path(tree), "rb") as stream:
        return stream.read()


def _path(tree: str) -> str:
    return os.path.join(tree, "go.env")
