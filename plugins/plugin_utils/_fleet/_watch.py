# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what a run's events say about each host, as records of the same kind as a rollout's.

For runs that are no rollout (``golang_dev``, ``doctor``) these records are the only trace; a rollout writes its own and
is only counted here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._outcome import describe
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._redact import Redact

PREFIX = "gopherops.workstation."
GATE = "fleet-gate-"
CAPABILITIES = {
    "go_sdk": "go_sdk",
    "go_env": "go_env",
    "go_caches": "go_caches",
    "go_tools": "go_tools",
    "vscode_settings": "vscode",
    "go_doctor": "go_doctor",
}
Record = dict[str, Any]


@dataclass
class Watch:
    """One run. ``emit`` takes each record as it happens."""

    emit: Callable[[Record], None]
    now: Callable[[], str]
    redact: Redact
    rollout: bool = False
    total: int = 0
    done: dict[str, str] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    _known: set[str] = field(default_factory=set)
    _begun: set[str] = field(default_factory=set)
    _results: dict[str, dict[str, Any]] = field(default_factory=dict)
    _failures: dict[str, str] = field(default_factory=dict)

    def hosts(self, names: Iterable[str]) -> None:
        """A play is about to run on these."""
        new = [name for name in names if name not in self._known and not name.startswith(GATE)]
        if self.rollout or not new:
            return
        self._known.update(new)
        self.total = len(self._known)
        placed = dict.fromkeys(new, "all")
        self.emit({"kind": "open", "at": self.now(), "rollout": "run", "rings": ["all"], "placed": placed})

    def ok(self, host: str, action: str, result: Mapping[str, Any], planning: bool = False) -> None:
        """A task ended well."""
        name = action.removeprefix(PREFIX)
        if name == "fleet":
            self._rollout(host, result)
        elif not self.rollout and host in self._known:
            self._begin(host)
            self._keep(host, name, result, planning)

    def failed(self, host: str, action: str, result: Mapping[str, Any]) -> None:
        """A task failed and nobody is known to have caught it yet."""
        if self.rollout or host not in self._known:
            return
        self._begin(host)
        self._failures[host] = str(result.get("msg") or "a task failed without a word")
        self._keep(host, action.removeprefix(PREFIX), result, planning=False)

    def unreachable(self, host: str, reason: str) -> None:
        if self.rollout or host not in self._known or host in self.done:
            return
        self.away.add(host)
        self.emit({"kind": "away", "at": self.now(), "host": host, "reason": self.redact(reason)})

    def close(self, planning: bool, unhappy: Iterable[str]) -> None:
        """The run is over: hosts without a verdict of their own get one."""
        for host in sorted(self._begun - self.done.keys() - self.away):
            failure = self._failures.get(host, "") if host in set(unhappy) else ""
            self._end(host, failure, planning)

    def _rollout(self, host: str, result: Mapping[str, Any]) -> None:
        if "batches" in result:
            self.rollout = True
            self.total = sum(len(batch["hosts"]) for batch in result["batches"])
            self.done.clear()
            self.away.clear()
        elif "outcome" in result:
            self.done[host] = str(result["outcome"])
            self.emit({**result["host"], "kind": "end", "at": self.now(), "host": host})

    def _begin(self, host: str) -> None:
        if host not in self._begun:
            self._begun.add(host)
            self.emit({"kind": "begin", "at": self.now(), "host": host, "before": {}})

    def _keep(self, host: str, name: str, result: Mapping[str, Any], planning: bool) -> None:
        if name in CAPABILITIES:
            self._results.setdefault(host, {})[CAPABILITIES[name]] = result
        elif name == "verdict":
            self._end(host, str(result.get("failure") or ""), planning)

    def _end(self, host: str, failure: str, planning: bool) -> None:
        results = self._results.pop(host, {})
        record = describe(
            results=results,
            failure=failure,
            restored={},
            # A run that had no doctor in it asked for no proof.
            planning=planning or "go_doctor" not in results,
            redact=self.redact,
        )
        self.done[host] = record["outcome"]
        self.emit({**record, "kind": "end", "at": self.now(), "host": host})


def progress(watch: Watch, seconds: float) -> str:
    """``37 of 120 hosts done, 2 failed, 5 away, about 3:10 left``."""
    done, away = len(watch.done), len(watch.away)
    bad = sum(1 for outcome in watch.done.values() if outcome != "ok")
    left = max(watch.total - done - away, 0)
    text = f"{done} of {watch.total} hosts done, {bad} failed, {away} away"
    if not left:
        return text
    if done < 3:
        return f"{text}, {left} to go"
    minutes, rest = divmod(round(seconds / done * left), 60)
    return f"{text}, about {minutes}:{rest:02d} left"
