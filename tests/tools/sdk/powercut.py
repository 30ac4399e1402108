"""One operation, and every disk that a power cut may leave of it."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sdk.mirror import Mirror
from sdk.operations import Bench, Operation
from sdk.replay import Act, Disk, Entries
from sdk.tracing import ENVIRONMENT, names
from sdk.world import World, command

BARRIERS = ("sync", "sync all", "rename", "swap")


class PowerCut:
    """The traced run, its model, and the questions asked of each disk."""

    def __init__(self, operation: Operation, folder: pathlib.Path, mirror: Mirror) -> None:
        self.operation, self._folder, self._mirror = operation, folder, mirror
        self.bench = Bench(operation, folder, mirror)
        world = self.bench.world()
        self._home = world.home
        self.disk = Disk(world.home)
        log = folder / "replay.log"
        trace = ["strace", "-f", "-qq", "-y", "-xx", "-s", "300000", "-o", str(log), "-e", f"trace={names()}"]
        done = subprocess.run(
            [*trace, *command(self.bench.options(world))],
            capture_output=True,
            text=True,
            check=False,
            env=ENVIRONMENT,
            cwd=world.home,
        )
        if done.returncode:
            raise AssertionError(done.stdout + done.stderr)
        self.disk.trace(log)
        self.sites: list[str] = json.loads(done.stdout)["sites"]
        self._expected = self._outcome(world)
        shutil.rmtree(world.home)

    @property
    def acts(self) -> Sequence[Act]:
        return self.disk.acts

    def without(self, site: str) -> list[Act]:
        """The run as it would have been without this line of code."""
        barriers = [at for at, act in enumerate(self.acts) if act.what in BARRIERS]
        if len(barriers) != len(self.sites):
            raise AssertionError(f"{len(barriers)} calls in the trace, {len(self.sites)} in the run: {self.sites}")
        gone = {at for at, name in zip(barriers, self.sites, strict=True) if name == site}
        return [act for at, act in enumerate(self.acts) if at not in gone]

    def states(
        self, acts: Sequence[Act], *, ended: bool = False
    ) -> Iterator[tuple[str, Entries, dict[int, bytes], bool]]:
        """Every different disk: where in the run, names, bytes, and whether the run had ended."""
        seen = set()
        points = list(enumerate(acts))
        for end, act in points[-1:] if ended else points:
            last = end == len(acts) - 1
            if act.what == "write" and not last:
                continue  # changes nothing that is on disk for certain
            for kind, entries, data in self.disk.disks(acts, end):
                key = (Disk.key(entries, data), last)
                if key not in seen:
                    seen.add(key)
                    yield f"after act {end} ({act.what} {act.text}), {kind}", entries, data, last

    def problem(self, entries: Entries, data: dict[int, bytes], *, ended: bool) -> str:
        """Empty when the host is well, and gets well by one run. The model's paths are those of the traced home."""
        world = World(self._home, self._mirror, self.operation.machine)
        self.disk.build(entries, data, world.home)
        try:
            problems = self.bench.problems(world)
            if ended and not problems and self._outcome(world) != self._expected:
                problems = [f"what the run reported is gone: {self._outcome(world)}, not {self._expected}"]
            problems = problems or self.bench.repaired(world)
        finally:
            shutil.rmtree(world.home)
        return "; ".join(problems)

    def first_problem(self, acts: Sequence[Act], *, only_ended: bool = False) -> str:
        for where, entries, data, ended in self.states(acts, ended=only_ended):
            try:
                problem = self.problem(entries, data, ended=ended)
            except Exception as error:  # whatever goes wrong on such a disk is what we look for
                problem = f"{type(error).__name__}: {error}"
            if problem:
                return f"{where}: {problem}"
        return ""

    def _outcome(self, world: World) -> dict[str, Any]:
        """What must outlive a power cut once the run has said that it is done."""
        if self.operation.after is None:
            return {"link": os.path.lexists(world.link), "root": world.root.exists()}
        seen = world.go(*self.operation.versions, check=True, **self.operation.options)
        acts = [change["act"] for change in seen["changes"] if "interrupted" not in change["what"]]
        keep = ("version", "previous", "source", "proof", "versions")
        return {"acts": acts, **{name: seen["sdk"][name] for name in keep}}


# Loses nothing but the time of one full look.
IDLE = ("replace in refresh", "fsync in refresh")


def missed(operations: Iterable[Operation], folder: pathlib.Path, mirror: Mirror) -> list[str]:
    """Lines of code that sync or rename and that nobody would miss: there should be none."""
    cuts = []
    for operation in operations:
        (folder / operation.name).mkdir()
        cuts.append(PowerCut(operation, folder / operation.name, mirror))
    sites = dict.fromkeys(site for cut in cuts for site in cut.sites if not site.startswith(IDLE))
    return [site for site in sites if not _seen(site, cuts)]


def _seen(site: str, cuts: Sequence[PowerCut]) -> bool:
    """Most are missed when the run has ended, and that is quick to see; the others somewhere on the way."""
    mine = [cut for cut in cuts if site in cut.sites]
    return any(cut.first_problem(cut.without(site), only_ended=True) for cut in mine) or any(
        cut.first_problem(cut.without(site)) for cut in mine
    )
