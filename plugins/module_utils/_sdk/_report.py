# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what go_sdk tells about itself, the same keys in every mode and branch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._changes import changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk import _manifest
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._decide import State, Step
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._job import Job
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._layout import Layout, version_key

NAMED = 20
"""Of the files that are not as released, so many are named."""
_PACKAGED = (
    "/usr/bin/go",
    "/usr/lib/go/bin/go",
    "/usr/lib/golang/bin/go",
    "/snap/bin/go",
    "/opt/homebrew/bin/go",
    "/usr/local/bin/go",
)


def result(
    job: Job, state: State, steps: Sequence[Step], failed: Sequence[str], standing: Sequence[str]
) -> dict[str, Any]:
    """``standing``: the versions that stood before the run."""
    told = changes_result([change for step in steps for change in step.changes])
    version = active(state, steps)
    versions = versions_after(job.layout, standing, steps)
    header = _manifest.read_header(job.layout.manifest(version)) if version else None
    told["sdk"] = {
        "version": version,
        "platform": job.platform,
        "goroot": job.layout.tree(version) if version else None,
        "link": job.layout.link,
        "bin": os.path.join(job.layout.link, "bin"),
        "source": header.source if header else None,
        "source_url": header.source_url if header else None,
        "proof": header.proof if header else None,
        "h1": (header.h1 if header else None) or job.pins.get(version or ""),
        "previous": previous(state, version, rolled_back=job.state == "rollback"),
        "versions": versions,
        "stomped": {
            name: list(tree.differences[:NAMED]) for name, tree in state.trees.items() if tree.status == "stomped"
        },
        "failed_sources": list(failed),
        "notices": list(job.notices),
        "packaged": [path for path in _PACKAGED if os.path.lexists(path)],
    }
    told["missing"] = [step.version for step in steps if step.act == "install"]
    told["diff"] = {
        "before_header": job.layout.root,
        "after_header": job.layout.root,
        "before": _text(job, _before(state), standing, state),
        "after": _text(job, f"go{version}" if version else _link_left(state), versions, None),
    }
    return told


def _before(state: State) -> str:
    link = state.link
    return {"tree": f"go{link.version}", "foreign": link.text}.get(link.status, link.status)


def _link_left(state: State) -> str:
    return "absent" if state.link.status == "tree" else _before(state)


def _text(job: Job, link: str, versions: Sequence[str], state: State | None) -> str:
    trees = state.trees if state else {}
    lines = [f"{job.layout.link}: {link}"]
    for version in sorted(versions, key=version_key):
        bad = version in trees and trees[version].status == "stomped"
        lines.append(f"Go {version}{', not as released' if bad else ''}")
        lines += [f"  {name}" for name in trees[version].differences[:NAMED]] if bad else []
    return "\n".join(lines) + "\n"


def active(state: State, steps: Sequence[Step]) -> str | None:
    """The version that the link names after these steps."""
    for step in reversed(steps):
        if step.act in {"switch", "adopt", "aside"}:
            return step.version
        if step.act == "unlink":
            return None
    return state.link.version if state.link.status == "tree" else None


def previous(state: State, version: str | None, *, rolled_back: bool) -> str | None:
    """Where rolling back would lead once ``version`` is active."""
    if version is None or rolled_back:
        return None
    if state.link.version not in {None, version}:
        return state.link.version
    return state.history.previous if state.history.active == version else None


def versions_after(layout: Layout, standing: Sequence[str], steps: Sequence[Step]) -> list[str]:
    """What stands after these steps, newest first."""
    versions = set(standing)
    for step in steps:
        adopted = layout.version_of(step.path) if step.act == "adopt" else None
        versions |= {name for name in (adopted, step.version if step.act == "install" else None) if name}
        if step.act == "drop":
            versions.discard(step.version or "")
    return sorted(versions, key=version_key, reverse=True)
