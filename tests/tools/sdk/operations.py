"""What go_sdk does to a host, each as: how the host is made ready, what is run, and what may stand afterwards."""

from __future__ import annotations

import os
import pathlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._manifest import read_header
from sdk.mirror import Mirror
from sdk.synthetic import NEW, OLD, pin, release, tree_h1
from sdk.world import World


@dataclass(frozen=True)
class Operation:
    """``allowed``: the versions that the link may give, at any instant; ``None`` is no link."""

    name: str
    prepare: Callable[[World], None]
    versions: tuple[str, ...]
    allowed: frozenset[str | None]
    after: str | None
    options: dict[str, Any] = field(default_factory=dict)
    machine: bool = False
    stomped_before: bool = False
    """The tree that the link gives is damaged to begin with, so it may be found so."""


def _nothing(world: World) -> None:
    world.home.mkdir(exist_ok=True)


def _old(world: World) -> None:
    world.go(OLD)


def _both(world: World) -> None:
    world.go(OLD)
    world.go(NEW)
    world.go(OLD)


def _new_after_old(world: World) -> None:
    world.go(OLD)
    world.go(NEW)


def _stomped(world: World) -> None:
    world.go(NEW)
    world.stomp(NEW)


def _defaults(prepare: Callable[[World], None]) -> Callable[[World], None]:
    """With the machine's defaults in the Go that the link gives."""

    def prepared(world: World) -> None:
        prepare(world)
        path = world.link / "go.env"
        path.write_bytes(DEFAULTS + path.read_bytes())

    return prepared


DEFAULTS = b"# BEGIN gopherops.workstation\nGOTOOLCHAIN=local\n# END gopherops.workstation\n"


def _directory(version: str, *, damaged: bool = False) -> Callable[[World], None]:
    def prepare(world: World) -> None:
        _lay(world.link, version)
        if damaged:
            (world.link / "src" / "mine.go").write_text("package mine\n")

    return prepare


def _theirs_damaged(world: World) -> None:
    world.go(OLD)
    _lay(world.root / f"go{NEW}", NEW)
    (world.root / f"go{NEW}" / "src" / "mine.go").write_text("package mine\n")


def _theirs_active(world: World) -> None:
    world.go(NEW)
    (world.root / f".go{NEW}.manifest").unlink()
    world.stomp(NEW)
    (world.root / f"go{NEW}" / "src" / "mine.go").write_text("package mine\n")


def _lay(tree: pathlib.Path, version: str) -> None:
    for name, data in release(version).items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o755 if name.startswith(("bin/", "pkg/tool")) else 0o644)


def _of(*versions: str | None) -> frozenset[str | None]:
    return frozenset(versions)


OPERATIONS = {
    operation.name: operation
    for operation in (
        Operation("install", _nothing, (NEW,), _of(None, NEW), NEW),
        Operation("install-machine", _nothing, (NEW,), _of(None, NEW), NEW, machine=True),
        Operation("upgrade", _old, (NEW,), _of(OLD, NEW), NEW),
        Operation("upgrade-prune", _old, (NEW,), _of(OLD, NEW), NEW, {"keep": 0}),
        Operation("switch", _both, (NEW,), _of(OLD, NEW), NEW),
        Operation("rollback", _new_after_old, (), _of(OLD, NEW), OLD, {"state": "rollback"}),
        Operation("carry", _defaults(_old), (NEW,), _of(OLD, NEW), NEW),
        Operation("carry-switch", _defaults(_both), (NEW,), _of(OLD, NEW), NEW),
        Operation("repair", _stomped, (NEW,), _of(NEW), NEW, stomped_before=True),
        Operation("absent", _new_after_old, (), _of(NEW, None), None, {"state": "absent"}),
        Operation("absent-machine", _new_after_old, (), _of(NEW, None), None, {"state": "absent"}, machine=True),
        Operation("adopt", _directory(OLD), (OLD,), _of(OLD), OLD, machine=True),
        Operation("adopt-upgrade", _directory(OLD), (NEW,), _of(OLD, NEW), NEW),
        Operation(
            "aside", _directory(OLD, damaged=True), (NEW,), _of(OLD, NEW), NEW, machine=True, stomped_before=True
        ),
        Operation("theirs", _theirs_damaged, (NEW,), _of(OLD, NEW), NEW),
        Operation("theirs-active", _theirs_active, (NEW,), _of(NEW), NEW, stomped_before=True),
    )
}


class Bench:
    """One operation, made ready once and copied for each time it is tried."""

    def __init__(self, operation: Operation, folder: pathlib.Path, mirror: Mirror) -> None:
        self.operation, self._folder, self._mirror = operation, folder, mirror
        self._number = 0
        self._ready = World(folder / "ready", mirror, operation.machine)
        operation.prepare(self._ready)

    def world(self) -> World:
        """A fresh copy, with times kept, so that stat manifests fit as far as they may (change times do not)."""
        self._number += 1
        home = self._folder / f"copy{self._number}"
        shutil.copytree(self._ready.home, home, symlinks=True)
        return World(home, self._mirror, self.operation.machine)

    def options(self, world: World) -> dict[str, Any]:
        return world.options(*self.operation.versions, **self.operation.options)

    def problems(self, world: World) -> list[str]:
        """What is wrong on a host that was interrupted: the link, what it gives, and every tree."""
        operation, found = self.operation, []
        try:
            given = self._given(world)
        except (AssertionError, OSError, ValueError, IndexError) as error:
            return [f"{world.link} gives nothing that works: {error}"]
        if given not in operation.allowed:
            found.append(f"the link gives {given}")
        if (self._ready.link / "go.env").is_file() and DEFAULTS in (self._ready.link / "go.env").read_bytes():
            lines = (world.link / "go.env").read_bytes()
            if lines.count(DEFAULTS) != 1:
                found.append(f"the machine's defaults are lost: {lines!r}")
        for version in (OLD, NEW):
            tree = world.root / f"go{version}"
            intact = not tree.is_dir() or tree.is_symlink() or tree_h1(tree, version) == pin(version)["h1"]
            if not intact and operation.name not in {"repair", "theirs", "theirs-active"}:
                found.append(f"{tree} is a mixture")
        mine = list(world.home.rglob("mine.go"))
        if self._ready_mine() and not mine:
            found.append("the tree that was not ours is lost")
        return found

    def repaired(self, world: World) -> list[str]:
        """What is wrong after one more run without any disturbance."""
        done = world.go(*self.operation.versions, **self.operation.options)
        found = [] if world.active() == self.operation.after else [f"the link gives {world.active()}"]
        if self.operation.name in {"theirs", "aside"} and not list(world.root.glob("go*.set-aside*/src/mine.go")):
            found.append("the tree that was not ours is lost")
        litter = [name for name in world.names() if name.startswith(".stage") or name.endswith("-new")]
        litter += (
            [entry.name for entry in world.link.parent.iterdir() if entry.name.endswith("-new")]
            if (world.link.parent.is_dir())
            else []
        )
        found += [f"left lying: {name}" for name in litter]
        again = world.go(*self.operation.versions, **self.operation.options)
        if again["changed"]:
            found.append(f"the run after still changes {again['changes']}")
        if self.operation.name in {"upgrade", "switch"} and done["sdk"]["previous"] != OLD:
            found.append(f"the version before is forgotten ({done['sdk']['previous']})")
        for version in () if self.operation.name.startswith("theirs") else self.operation.versions:
            header = read_header(str(world.root / f".go{version}.manifest"))
            if header is None or not header.ours:
                found.append(f"{version} is not known as ours any more")
        return found

    def _given(self, world: World) -> str | None:
        if world.link.is_dir() and not world.link.is_symlink():
            stated = (world.link / "VERSION").read_text().split()[0][2:]
            if self.operation.stomped_before or tree_h1(world.link, stated) == pin(stated)["h1"]:
                return stated
            raise AssertionError("the directory is a mixture")
        if self.operation.stomped_before and world.link.is_symlink():
            # Damaged before, so it may still be; it must be there, and as a whole.
            tree = world.link.resolve(strict=True)
            if (tree / "src" / "fmt" / "left_over.go").exists() or (tree / "src" / "mine.go").exists():
                return (tree / "VERSION").read_text().split()[0][2:]
        if not os.path.lexists(world.link):
            return None
        return world.active()

    def _ready_mine(self) -> bool:
        return any(self._ready.home.rglob("mine.go"))
