# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: note what a full look has found intact."""

from __future__ import annotations

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk import _manifest
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._layout import Layout
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._state import Tree


def refresh(layout: Layout, tree: Tree) -> None:
    """Note again what a full look found intact, so that the next look is cheap. No change of anything that counts."""
    if tree.digests is None:
        return
    header = found(tree, tree.path, ours=tree.ours)
    try:
        _manifest.write(layout.manifest(tree.version), header, tree.digests)
    except WorkstationError:
        return  # somebody else's directory: then every look is a full one


def found(tree: Tree, path: str, *, ours: bool) -> _manifest.Header:
    old = tree.header
    return _manifest.Header(
        version=tree.version,
        platform=tree.platform,
        h1=tree.h1,
        proof=old.proof if old else "h1 equals the published pin",
        source=old.source if old else "found",
        source_url=old.source_url if old else path,
        ours=ours,
        stat=_manifest.stat_digest(path),
        go_env=_manifest.go_env_digest(path),
    )
