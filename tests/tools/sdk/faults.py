"""Disturb one operation at one call, then look, then let it run once more and look again."""

from __future__ import annotations

import json
import pathlib
import shutil

from sdk.mirror import Mirror
from sdk.operations import Bench, Operation
from sdk.tracing import Call, calls, traced

# Calls at which a disk can say no.
_NO_SPACE = {"open", "openat", "write", "mkdir", "symlink", "rename", "renameat2", "fsync", "syncfs"}
_BROKEN = _NO_SPACE | {"unlink", "unlinkat", "rmdir", "fchmod", "chmod"}


class Campaign:
    """The points of one operation, and what happens at each."""

    def __init__(self, operation: Operation, folder: pathlib.Path, mirror: Mirror) -> None:
        self.bench = Bench(operation, folder, mirror)
        self._log = folder / "strace.log"

    def kills(self) -> list[Call]:
        """Every call that changes something, in the order of an undisturbed run."""
        world = self.bench.world()
        done = traced(world, self.bench.options(world), self._log)
        if done.returncode:
            raise AssertionError(f"the undisturbed run failed: {done.stdout}{done.stderr}")
        found = calls(self._log, world.home)
        shutil.rmtree(world.home)
        return found

    def errors(self, error: str) -> list[Call]:
        some = _NO_SPACE if error == "ENOSPC" else _BROKEN
        return [call for call in self.kills() if call.name in some]

    def killed_at(self, call: Call) -> str:
        """Empty when all is well."""
        world = self.bench.world()
        done = traced(world, self.bench.options(world), self._log, f"{call.name}:signal=KILL:when={call.number}")
        if done.returncode not in {-9, 137}:
            return f"was not killed but ended with {done.returncode}: {done.stdout[-300:]}{done.stderr[-300:]}"
        problems = self.bench.problems(world) or self.bench.repaired(world)
        shutil.rmtree(world.home)
        return "; ".join(problems)

    def failed_at(self, call: Call, error: str) -> str:
        world = self.bench.world()
        done = traced(world, self.bench.options(world), self._log, f"{call.name}:error={error}:when={call.number}")
        if "Traceback" in done.stderr or done.returncode not in {0, 1}:
            return f"ended with {done.returncode}: {done.stderr[-600:]}"
        problems = [] if done.returncode == 0 else _message_problems(done.stdout)
        problems += self.bench.problems(world)
        problems += self.bench.repaired(world)
        shutil.rmtree(world.home)
        return "; ".join(problems)


def _message_problems(stdout: str) -> list[str]:
    message = json.loads(stdout)["msg"]
    words = ("No space left on device", "Input/output error")
    return [] if any(word in message for word in words) else [f"the message does not say why: {message}"]
