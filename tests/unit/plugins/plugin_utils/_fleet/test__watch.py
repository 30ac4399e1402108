"""What a run's events become: one record for each host as it ends, and a line that tells how far it is."""

from __future__ import annotations

import io
from typing import Any

from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._redact import redactor
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._rollout import fold
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._statusline import StatusLine
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._watch import Watch, progress

DOCTOR = {"functional": {"passed": True, "seconds": 1, "steps": []}, "findings": [{"id": "GD014", "title": "t"}]}


class Run:
    """A watch and what it emitted."""

    def __init__(self, *hosts: str) -> None:
        self.records: list[dict[str, Any]] = []
        self.watch = Watch(emit=self.records.append, now=lambda: "2026-01-01T00:00:00+00:00", redact=redactor())
        self.watch.hosts(hosts)

    def outcomes(self) -> dict[str, str]:
        return {name: host.outcome for name, host in fold(self.records).hosts.items()}


def test_hosts_end_with_their_verdict() -> None:
    run = Run("a", "b", "c", "d")
    run.watch.ok("a", "gopherops.workstation.go_doctor", DOCTOR)
    run.watch.ok("a", "gopherops.workstation.verdict", {"failure": ""})
    run.watch.failed("b", "gopherops.workstation.go_sdk", {"msg": "disk full in /home/bob"})
    run.watch.ok("b", "gopherops.workstation.verdict", {"failure": "disk full in /home/bob"})
    run.watch.unreachable("c", "no route")
    assert run.outcomes() == {"a": "ok", "b": "failed", "c": "away", "d": "waiting"}
    assert "bob" not in str(run.records)
    assert fold(run.records).hosts["a"].findings[0]["id"] == "GD014"


def test_a_host_that_fell_silent_is_unknown_and_not_away() -> None:
    run = Run("a")
    run.watch.ok("a", "ansible.builtin.setup", {})
    run.watch.unreachable("a", "gone")
    run.watch.close(False, [])
    assert run.outcomes() == {"a": "unknown"}


def test_a_rescued_failure_is_no_failure() -> None:
    run = Run("a", "b")
    for host in ("a", "b"):
        run.watch.failed(host, "ansible.builtin.command", {"msg": "no"})
    run.watch.close(False, ["b"])
    assert run.outcomes() == {"a": "ok", "b": "failed"}


def test_a_rollout_is_counted_and_keeps_its_own_record() -> None:
    run = Run("a", "b")
    batches = [{"hosts": ["a", "b"]}, {"hosts": ["c"]}]
    run.watch.ok("a", "gopherops.workstation.fleet", {"batches": batches})
    run.watch.ok("a", "gopherops.workstation.fleet", {"outcome": "rolled_back", "host": {"outcome": "rolled_back"}})
    assert progress(run.watch, 60) == "1 of 3 hosts done, 1 failed, 0 away, 2 to go"


def test_the_time_left_is_told_once_it_can_be_known() -> None:
    run = Run(*map(str, range(100)))
    run.watch.done = {str(number): "ok" for number in range(25)}
    assert progress(run.watch, 50) == "25 of 100 hosts done, 0 failed, 0 away, about 2:30 left"


class Terminal(io.StringIO):
    """A terminal of eighty by ten."""

    def isatty(self) -> bool:
        return True


class Line(StatusLine):
    def _size(self) -> tuple[int, int]:
        return 80, 10


def test_the_line_stands_below_the_rows_that_scroll_and_leaves_the_terminal_whole() -> None:
    terminal = Terminal()
    line = Line(terminal)
    line.show("x" * 200)
    line.show("two")
    assert terminal.getvalue().count("\x1b[1;9r") == 1
    assert "x" * 80 not in terminal.getvalue()
    line.close()
    line.close()
    assert terminal.getvalue().endswith("\x1b7\x1b[r\x1b[10;1H\x1b[2K\x1b8")


def test_without_a_terminal_there_is_no_line() -> None:
    assert not StatusLine.possible(io.StringIO(), {"TERM": "xterm"})
    assert not StatusLine.possible(Terminal(), {"TERM": "dumb"})
    assert StatusLine.possible(Terminal(), {"TERM": "xterm"})
