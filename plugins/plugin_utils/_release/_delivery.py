# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: fetch each release once on the controller, for hosts that reach nothing else.

The cache holds what was downloaded, beside a note with its SHA-256; it is taken only while the two agree. The host
proves the tree again by its own means.
"""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ansible_collections.gopherops.workstation.plugins.module_utils._digest import sha256
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._network import Network, SourceError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._pin import Release
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._sources import lay_down
from ansible_collections.gopherops.workstation.plugins.plugin_utils._controller import alone, cache_dir


@dataclass(frozen=True)
class Artifact:
    """A proved download on the controller."""

    path: str
    sha256: str
    source: str
    origin: str


def obtain(release: Release, sources: Sequence[dict[str, str]], network: Network, cache: pathlib.Path) -> Artifact:
    """From the cache, else from the first source that can give it."""
    kept = cache / f"go{release.version}.{release.platform}.archive"
    # Many hosts at once ask for the same release: one downloads, the others wait and take it.
    with alone(kept.with_suffix(".lock")):
        return _cached(kept) or _download(kept, release, sources, network)


def brought(
    release: Release, sources: Sequence[dict[str, str]], network: Network, send: Callable[[str], str]
) -> dict[str, str]:
    """The release as a source on the host; ``send`` takes a file there and says where it lies."""
    artifact = obtain(release, sources, network, cache_dir(os.environ) / "go")
    where = {"type": "local", "path": send(artifact.path), "only": release.version}
    return {**where, "name": artifact.source, "origin": artifact.origin}


def _cached(kept: pathlib.Path) -> Artifact | None:
    try:
        artifact = Artifact(str(kept), **json.loads(_note(kept).read_text(encoding="utf-8")))
        return artifact if sha256(kept) == artifact.sha256 else None
    except (OSError, ValueError, TypeError):
        return None


def _download(kept: pathlib.Path, release: Release, sources: Sequence[dict[str, str]], network: Network) -> Artifact:
    failed = []
    for source in sources:
        with tempfile.TemporaryDirectory(dir=kept.parent, prefix=".stage-") as stage:
            tree, spool = os.path.join(stage, "tree"), os.path.join(stage, "download")
            os.mkdir(tree)
            try:
                laid = lay_down(source, release, tree, spool, network, keep=True)
            except SourceError as error:
                where = source.get("url") or source.get("path", "")
                failed.append(f"{source.get('name', source['type'])} ({where}) {error}")
                continue
            if source["type"] == "local":
                shutil.copyfile(os.path.expanduser(source["path"]), spool)
            note = {"sha256": sha256(spool), "source": laid.source, "origin": laid.url}
            os.replace(spool, kept)
        _note(kept).write_text(json.dumps(note), encoding="utf-8")
        return Artifact(str(kept), **note)
    raise WorkstationError(
        "fetch",
        "Go",
        f"{release.version} for {release.platform}",
        "; ".join(["no source could give it to the controller", *failed]),
        "Check the network and proxy settings of the controller, or name reachable sources",
    )


def _note(kept: pathlib.Path) -> pathlib.Path:
    return kept.with_suffix(".json")
