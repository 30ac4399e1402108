# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: runs a program on the target with a deadline.

AnsibleModule.run_command knows no timeout, cannot take a variable out of the environment, leaves the program in this
process group and lets it read our standard input. A login shell, a hanging proxy or a language server needs all four.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

TIMED_OUT, NOT_STARTED = 124, 127
LIMIT = 4 << 20  # more output than any probe has to say; what comes after is read and dropped


@dataclass(frozen=True)
class Ran:
    """How a program ended. ``rc`` is 124 after a timeout and 127 when it could not be started."""

    rc: int
    out: str
    err: str
    seconds: float

    @property
    def ok(self) -> bool:
        return self.rc == 0

    @property
    def timed_out(self) -> bool:
        return self.rc == TIMED_OUT


Run = Callable[[Sequence[str], Mapping[str, str], str, float, bytes], Ran]


def run(argv: Sequence[str], env: Mapping[str, str], cwd: str, timeout: float, stdin: bytes = b"") -> Ran:
    """Run ``argv`` in its own session with exactly this environment; kill the whole group at the deadline."""
    begin = time.monotonic()
    if not os.path.isdir(cwd):
        return Ran(NOT_STARTED, "", f"{cwd}: no such directory", 0.0)
    _let_children_be_waited_for()
    pipes = [os.pipe(), os.pipe(), os.pipe()]
    pid = os.fork()
    if pid == 0:
        _become(argv, env, cwd, pipes)
    for ours, theirs in ((pipes[0][1], pipes[0][0]), (pipes[1][0], pipes[1][1]), (pipes[2][0], pipes[2][1])):
        os.close(theirs)
        os.set_blocking(ours, False)
    child = _Child(pid, begin + timeout)
    out, err = child.exchange(pipes[0][1], pipes[1][0], pipes[2][0], stdin)
    return Ran(child.finish(), out, err, time.monotonic() - begin)


def _let_children_be_waited_for() -> None:
    """A parent that ignores SIGCHLD hands that down, and waitpid then fails with ECHILD."""
    if signal.getsignal(signal.SIGCHLD) == signal.SIG_IGN:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def _become(argv: Sequence[str], env: Mapping[str, str], cwd: str, pipes: list[tuple[int, int]]) -> None:
    """In the child: no terminal, our pipes, the directory, the program. Never returns."""
    try:
        os.setsid()
        for number, end in enumerate((pipes[0][0], pipes[1][1], pipes[2][1])):
            os.dup2(end, number)
        os.closerange(3, 1024)
        os.chdir(cwd)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.execvpe(argv[0], list(argv), {**env, "PWD": cwd})
    except BaseException as error:  # nothing may run on in the child
        os.write(2, f"{argv[0]}: {getattr(error, 'strerror', '') or error}\n".encode("utf-8", "replace"))
    os._exit(NOT_STARTED)


class _Child:
    """A started program until its end or the deadline."""

    def __init__(self, pid: int, deadline: float) -> None:
        self.pid, self.deadline = pid, deadline
        self.status: int | None = None
        self.late = False

    def left(self) -> float:
        return self.deadline - time.monotonic()

    def ended(self) -> bool:
        if self.status is None:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = status if done else None
        return self.status is not None

    def exchange(self, feed: int, out: int, err: int, stdin: bytes) -> tuple[str, str]:
        """Feed and read until both outputs are closed, or the program is gone and says no more.

        A start-up file may leave a daemon behind that holds the pipe open: its end is not waited for.
        """
        texts = {out: bytearray(), err: bytearray()}
        readers, pending = [out, err], memoryview(stdin)
        if not pending:
            os.close(feed)
        while readers and (left := self.left()) > 0:
            over = self.ended()  # asked before the look: what it said last is then in the pipe
            readable, writable, _unused = select.select(readers, [feed] if pending else [], [], min(left, 0.1))
            for end in readable:
                chunk = os.read(end, 65536)
                texts[end] += chunk[: max(0, LIMIT - len(texts[end]))]
                if not chunk:
                    readers.remove(end)
            if writable:
                pending = _write(feed, pending)
            if over and not readable and not writable:
                break
        for end in (out, err, *((feed,) if pending else ())):
            os.close(end)
        return texts[out].decode("utf-8", "replace"), texts[err].decode("utf-8", "replace")

    def finish(self) -> int:
        """The exit status; a program that closed its output and stays is late as well."""
        while not self.ended() and self.left() > 0:
            time.sleep(0.001)
        if self.status is None:
            self.status = _kill(self.pid)
            self.late = True
        if self.late:
            return TIMED_OUT
        return os.WEXITSTATUS(self.status) if os.WIFEXITED(self.status) else 128 + os.WTERMSIG(self.status)


def _write(feed: int, pending: memoryview) -> memoryview:
    try:
        pending = pending[os.write(feed, pending[:65536]) :]
    except BrokenPipeError:
        pending = pending[:0]
    if not pending:
        os.close(feed)
    return pending


def _kill(pid: int) -> int:
    """Returns the status: who is waited for twice is no longer anybody's child."""
    for _attempt in range(2):  # the group, and then whatever of it was just being born
        try:
            os.killpg(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            break
    with contextlib.suppress(OSError):  # it may not have come as far as a group of its own; until waitpid it is ours
        os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]
