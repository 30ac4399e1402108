# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: go_sdk from its options to its result. Look, decide, and only then act."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ansible_collections.gopherops.workstation.plugins.module_utils._atomic import make_directories
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk import (
    _decide,
    _report,
    _stage,
    _state,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._job import Job, Runner
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._layout import STAGE, Layout, version_key
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._refresh import refresh

if TYPE_CHECKING:
    from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._network import Network

_ADVICE = {
    errno.ENOSPC: "Free about 400 MB on that filesystem and run again",
    errno.EDQUOT: "Raise the quota or free about 400 MB, and run again",
    errno.EROFS: "The filesystem is read-only: choose other paths with root and link",
    errno.EACCES: "Check who may write there, or use scope: user",
    errno.EPERM: "Check who may write there, or use scope: user",
}


def run(job: Job, network: Callable[[], Network], runner: Runner, *, check_mode: bool) -> dict[str, Any]:
    """The module's result."""
    with _plain_words(job):
        standing = _state.standing_versions(job.layout)
        state, steps = look(job)
        failed: list[str] = []
        if not check_mode:
            if steps:
                state, steps, standing, failed = _act(job, network, runner)
            for tree in state.trees.values():
                if tree.status == "intact":
                    refresh(job.layout, tree)
        return _report.result(job, state, steps, failed, standing)


def look(job: Job, *, made_root: bool = False) -> tuple[_decide.State, list[_decide.Step]]:
    """What stands, and what is to be done. Changes nothing. ``made_root``: this run has just created it."""
    layout = job.layout
    link, history = _state.read_link(layout), _state.read_history(layout)
    ours = _state.managed_versions(layout)
    root_exists = _is_directory(layout) and not made_root
    trees = _trees(job, link, history)
    state = _decide.State(
        root_exists=root_exists,
        trees=trees,
        link=link,
        ours=sorted(ours, key=version_key),
        history=history,
        leftovers=_stage.leftovers(layout),
        others=_others(layout, ours, link),
        link_tree=_link_tree(job, link),
        **_defaults(job, link, trees),
    )
    if job.state == "absent":
        return state, _decide.absent(state, job.versions, layout)
    if job.state == "rollback":
        return state, _decide.rollback(state, layout)
    return state, _decide.present(state, _decide.Wish(job.versions, job.active, job.keep), layout)


def _trees(job: Job, link: _state.Link, history: _state.History) -> dict[str, _state.Tree]:
    if job.state == "absent":
        return {}
    wanted = list(job.versions)
    if job.state == "rollback":
        target = _decide.rollback_target(link, history)
        wanted = [target] if target else []
    return {version: _state.read_version(job.layout, job.expected(version), full=job.full) for version in wanted}


def _link_tree(job: Job, link: _state.Link) -> _state.Tree | None:
    if link.status != "directory" or link.version is None or job.state == "absent":
        return None
    return _state.read_tree(job.layout.link, os.devnull, job.expected(link.version), full=True)


def _defaults(job: Job, link: _state.Link, trees: Mapping[str, _state.Tree]) -> dict[str, tuple[bytes, ...]]:
    """Looked at only when the link is about to give another tree."""
    active = next(iter(trees), None) if job.state == "rollback" else job.active
    if active is None or link.status not in {"tree", "directory"} or (link.status, link.version) == ("tree", active):
        return {}
    from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._defaults import read  # noqa: PLC0415

    return {"defaults": read(job.layout.link), "next_defaults": read(job.layout.tree(active))}


def _act(
    job: Job, network: Callable[[], Network], runner: Runner
) -> tuple[_decide.State, list[_decide.Step], list[str], list[str]]:
    """Under the lock look again: another run may have done it meanwhile."""
    with _root(job) as made, _stage.locked(job.layout, job.lock_timeout):
        standing = _state.standing_versions(job.layout)
        state, steps = look(job, made_root=made)
        if not steps:
            return state, steps, standing, []
        # Only now: what unpacks and downloads is slow to import, and a run with nothing to do needs none of it.
        from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._apply import (  # noqa: PLC0415
            Workshop,
        )

        workshop = Workshop(job, network(), runner, state.link_tree)
        for step in steps:
            workshop.do(step, _history(job, state, step))
    return state, steps, standing, workshop.failed


@contextmanager
def _root(job: Job) -> Iterator[bool]:
    """The directory of versions; taken away again when nothing came of it."""
    root = job.layout.root
    made = not os.path.isdir(root)
    if made:
        make_directories(root)
    try:
        yield made
    except BaseException:
        if made and os.path.isdir(root) and not os.listdir(root):
            os.rmdir(root)
        raise


@contextmanager
def _plain_words(job: Job) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        fallback = "What stood there is as it was: run again once the cause is gone"
        where = f" ({os.fsdecode(error.filename)})" if error.filename else ""
        cause = f"{error.strerror or error}{where}"
        advice = _ADVICE.get(error.errno or 0, fallback)
        raise WorkstationError("change Go in", "directory", job.layout.root, cause, advice) from error


def _history(job: Job, state: _decide.State, step: _decide.Step) -> _state.History | None:
    """What to note before the link is switched."""
    if step.act not in {"switch", "adopt", "aside"}:
        return None
    if job.state == "rollback":
        return _state.History(step.version, None, state.link.version)
    return _state.History(step.version, state.link.version)


def _is_directory(layout: Layout) -> bool:
    if os.path.isdir(layout.root):
        return True
    if os.path.lexists(layout.root):
        cause = "a file or a dangling link stands there"
        advice = "Move it away, or choose another root"
        raise WorkstationError("install Go in", "directory", layout.root, cause, advice)
    return False


def _others(layout: Layout, ours: Mapping[str, Any], link: _state.Link) -> list[str]:
    """Names that keep the root from being removed."""
    known = {os.path.basename(layout.history)}
    if link.status == "tree":
        known.add(os.path.basename(layout.link))
    for version in ours:
        known |= {os.path.basename(layout.tree(version)), os.path.basename(layout.manifest(version))}
    try:
        names = os.listdir(layout.root)
    except OSError:
        return []
    passing = (name for name in names if name.startswith(STAGE) or name.endswith(".gopherops-new"))
    return sorted({*names} - known - {*passing})
