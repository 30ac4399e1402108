# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: from what stands and what is wanted to the steps between them. Pure.

Check mode stops here, so whatever a run does is in these steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._layout import Layout, version_key
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._state import History, Link, Tree


@dataclass(frozen=True)
class Step:
    """One thing to do, and how it shows in ``changes``."""

    act: str
    """clean | root | install | carry | adopt | aside | switch | drop | unlink | unroot"""
    changes: tuple[Change, ...]
    version: str | None = None
    path: str = ""
    """Where something that is not ours goes, or what is cleaned."""


@dataclass(frozen=True)
class State:
    """Everything that the decision looks at."""

    root_exists: bool
    trees: Mapping[str, Tree]
    link: Link
    ours: Sequence[str]
    history: History
    leftovers: Sequence[str] = ()
    others: Sequence[str] = ()
    """Names in the root that are not ours."""
    link_tree: Tree | None = None
    """The Go tree that stands where the link should be."""
    defaults: tuple[bytes, ...] = ()
    """The machine's defaults in the Go that the link gives."""
    next_defaults: tuple[bytes, ...] = ()
    """Those in the tree that the link is to give; a tree that is laid down anew has none."""


@dataclass(frozen=True)
class Wish:
    """What the options ask for, on this platform."""

    versions: Sequence[str]
    active: str | None
    keep: int | None = None


def present(state: State, wish: Wish, layout: Layout) -> list[Step]:
    """All wanted versions intact, the link on the active one, older ones pruned if asked."""
    _refuse_obstacles(state, layout)
    steps = _clean(state)
    if not state.root_exists:
        steps.append(Step("root", (Change(layout.root, "create", "directory for Go versions"),)))
    adopted = _adoptable(state)
    for version in wish.versions:
        if version != adopted:
            steps += _provide(state.trees[version], layout)
    steps += _switch(state, wish.active, adopted, layout)
    return steps + _prune(state, wish, adopted, layout)


def rollback(state: State, layout: Layout) -> list[Step]:
    """The link back on the version that was active before; no download, and only once."""
    _refuse_obstacles(state, layout)
    target = rollback_target(state.link, state.history)
    steps = _clean(state)
    if target is None:
        return steps
    tree = state.trees[target]
    if tree.status != "intact":
        raise WorkstationError(
            "roll back to",
            "Go",
            target,
            f"{tree.path} is {'not there any more' if tree.status == 'absent' else 'not what Go released'}",
            f'Install it anew: version: "{target}"',
        )
    return steps + _switch(state, target, None, layout)


def rollback_target(link: Link, history: History) -> str | None:
    """Where rolling back leads; nothing when it has been done."""
    if history.active == link.version and history.active is not None:
        if history.rolled_back_from:
            return None
        if history.previous:
            return history.previous
    elif history.rolled_back_from == link.version and history.active:
        return history.active
    elif history.previous == link.version and history.previous:
        return None
    raise WorkstationError(
        "roll back",
        "Go",
        link.version or "none",
        "no version was active before it",
        'Name the version you want instead: version: "1.26.6"',
    )


def absent(state: State, versions: Sequence[str], layout: Layout) -> list[Step]:
    """These versions gone, or all of ours; nobody else's."""
    steps = _clean(state)
    going = [version for version in state.ours if not versions or version in versions]
    if state.link.status == "tree" and (state.link.version in going or not versions):
        steps.append(Step("unlink", (Change(layout.link, "remove", f"link to Go {state.link.version}"),)))
    steps += [_drop(layout.tree(version), version) for version in sorted(going, key=version_key)]
    left = set(state.ours) - set(going) or state.others
    if state.root_exists and not left and (not versions or going):
        steps.append(Step("unroot", (Change(layout.root, "remove", "directory for Go versions"),)))
    return steps


def _clean(state: State) -> list[Step]:
    return [
        Step("clean", (Change(path, "remove", "left by an interrupted run"),), path=path) for path in state.leftovers
    ]


def _refuse_obstacles(state: State, layout: Layout) -> None:
    for tree in state.trees.values():
        if tree.status == "obstacle":
            _refuse(tree.path, tree.differences[0])
    link = state.link
    if link.status == "foreign":
        _refuse(layout.link, f"a symlink to {link.text}")
    if link.status in {"file", "mount"}:
        _refuse(layout.link, "a mount point" if link.status == "mount" else "a file")
    if link.status == "directory" and link.version is None:
        _refuse(layout.link, "a directory that holds no Go release")


def _refuse(path: str, what: str) -> None:
    raise WorkstationError(
        "install Go at",
        "path",
        path,
        f"{what} stands there, and it is not ours",
        "Move it away, or choose other paths with root and link",
    )


def _provide(tree: Tree, layout: Layout) -> list[Step]:
    install = Change(tree.path, "install", f"Go {tree.version}")
    if tree.status == "absent":
        return [Step("install", (install,), tree.version)]
    if tree.status == "intact":
        return []
    if tree.ours:
        what = f"Go {tree.version}: {_count(tree)} not as released"
        return [Step("install", (Change(tree.path, "replace", what),), tree.version)]
    aside = layout.set_aside(tree.version)
    move = Change(aside, "move", f"{tree.path}, which is not as released")
    return [Step("install", (move, install), tree.version, aside)]


def _count(tree: Tree) -> str:
    number = len(tree.differences)
    return "the tree is" if not number else f"{number} file is" if number == 1 else f"{number} files are"


def _adoptable(state: State) -> str | None:
    """The version of an intact tree that stands where the link should be."""
    tree = state.link_tree
    if tree and tree.status == "intact" and tree.version not in state.ours:
        known = state.trees.get(tree.version)
        if known is None or known.status == "absent":
            return tree.version
    return None


def _switch(state: State, active: str | None, adopted: str | None, layout: Layout) -> list[Step]:
    link = state.link
    if active is None or (link.status == "tree" and link.version == active):
        return []
    change = Change(layout.link, "link", f"Go {active}")
    if link.status != "directory":
        return [*_carry(state, active, layout), Step("switch", (change,), active)]
    if adopted:
        move = Change(layout.tree(adopted), "move", f"{layout.link}, taken over as Go {adopted}")
        return [*_carry(state, active, layout, adopted), Step("adopt", (move, change), active, layout.tree(adopted))]
    aside = layout.set_aside(link.version)
    why = "not as released" if state.link_tree and state.link_tree.status != "intact" else "there already"
    move = Change(aside, "move", f"{layout.link} (says Go {link.version}), which is {why}")
    return [*_carry(state, active, layout), Step("aside", (move, change), active, aside)]


def _carry(state: State, active: str, layout: Layout, adopted: str | None = None) -> list[Step]:
    """Before the link is switched: a run killed in between carries again."""
    if state.link.status == "absent" or active == adopted or state.defaults == state.next_defaults:
        return []
    path = layout.tree(active)
    what = (
        "the machine's defaults, carried over"
        if state.defaults
        else "the machine's defaults of an earlier time taken out"
    )
    return [Step("carry", (Change(f"{path}/go.env", "edit", what),), active, path)]


def _prune(state: State, wish: Wish, adopted: str | None, layout: Layout) -> list[Step]:
    if wish.keep is None:
        return []
    before = state.link.version if state.link.version != wish.active else state.history.previous
    old = {*state.ours, *([adopted] if adopted else [])} - set(wish.versions)
    ranked = sorted(old, key=lambda version: (version == before, version_key(version)), reverse=True)
    return [_drop(layout.tree(version), version) for version in ranked[wish.keep :] if version != adopted]


def _drop(path: str, version: str) -> Step:
    return Step("drop", (Change(path, "remove", f"Go {version}"),), version)
