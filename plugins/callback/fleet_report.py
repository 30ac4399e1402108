# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells how a run on many hosts goes, and leaves a report."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_report
version_added: 0.1.0
type: aggregate
short_description: Progress of a run on many hosts, one JSON line for each, and a report at the end
description:
  - Counts hosts as they end. On a terminal the count is a line at its foot, in a log a plain line every half minute.
  - With O(dir) every host's result is a JSON line in C(hosts.jsonl) as it happens, and at the end there are
    C(report.html), C(report.csv) and C(report.json), as C(fleet_rollout) makes them.
  - A rollout writes its reports itself, beside its state; for one, O(dir) only brings C(hosts.jsonl).
  - It works beside every stdout callback, also in Automation Controller.
requirements:
  - Enable it with C(callbacks_enabled = gopherops.workstation.fleet_report) or C(ANSIBLE_CALLBACKS_ENABLED).
author:
  - The gopherops.workstation maintainers (@gopherops)
options:
  dir:
    description: Folder on the controller for the lines and reports. Empty means none.
    type: str
    default: ""
    env:
      - name: GOPHEROPS_REPORT_DIR
    ini:
      - section: callback_fleet_report
        key: dir
  progress:
    description: V(auto) tells progress when there is more than one host.
    type: str
    choices: [auto, never]
    default: auto
    env:
      - name: GOPHEROPS_REPORT_PROGRESS
    ini:
      - section: callback_fleet_report
        key: progress
  user_names:
    description: Whether names of people, as in paths of homes, may stand in lines and reports.
    type: bool
    default: false
    env:
      - name: GOPHEROPS_REPORT_USER_NAMES
    ini:
      - section: callback_fleet_report
        key: user_names
"""

import atexit
import os
import sys
import time
from pathlib import Path
from typing import Any, ClassVar

from ansible import context
from ansible.plugins.callback import CallbackBase

from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet import _journal
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._redact import redactor
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._reports import write_reports
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._rollout import fold
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._statusline import QUIET_SECONDS, StatusLine
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._steps import utc_now
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._watch import (
    CAPABILITIES,
    PREFIX,
    Watch,
    progress,
)

OURS = {PREFIX + name for name in (*CAPABILITIES, "fleet", "verdict")}


class CallbackModule(CallbackBase):  # type: ignore[misc]  # ansible-core ships no type information
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE: ClassVar[str] = "aggregate"
    CALLBACK_NAME: ClassVar[str] = "gopherops.workstation.fleet_report"
    CALLBACK_NEEDS_ENABLED: ClassVar[bool] = True

    def set_options(self, *args: Any, **kwargs: Any) -> None:
        super().set_options(*args, **kwargs)
        folder = self.get_option("dir")
        self._folder = Path(folder).expanduser() if folder else None
        self._records: list[dict[str, Any]] = []
        redact = redactor(keep_names=bool(self.get_option("user_names")))
        self._watch = Watch(emit=self._emit, now=utc_now, redact=redact)
        self._begun = self._told = time.monotonic()
        self._line: StatusLine | None = None
        if StatusLine.possible(sys.stdout, dict(os.environ)):
            self._line = StatusLine(sys.stdout)
            atexit.register(self._line.close)

    def _emit(self, record: dict[str, Any]) -> None:
        self._records.append(record)
        if self._folder:
            _journal.append(self._folder / "hosts.jsonl", record)

    def v2_playbook_on_play_start(self, play: Any) -> None:
        hosts = play.get_variable_manager()._inventory.get_hosts(play.hosts) if play.hosts else []
        self._watch.hosts(host.get_name() for host in hosts)

    def v2_runner_on_ok(self, result: Any) -> None:
        ours = result.task.action in OURS
        self._watch.ok(result.host.get_name(), result.task.action, result.result if ours else {}, self._planning)
        self._tell()

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            self._watch.failed(result.host.get_name(), result.task.action, result.result)
        self._tell()

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._watch.unreachable(result.host.get_name(), str(result.result.get("msg") or "unreachable"))
        self._tell()

    def v2_playbook_on_stats(self, stats: Any) -> None:
        self._watch.close(self._planning, [host for host in stats.processed if stats.failures.get(host)])
        self._tell(last=True)
        if self._line:
            self._line.close()
        if self._folder and self._records and not self._watch.rollout:
            paths = write_reports(fold(self._records), self._folder)
            self._display.display(f"Report: {paths['html']}")

    @property
    def _planning(self) -> bool:
        return bool(context.CLIARGS.get("check"))

    def _tell(self, *, last: bool = False) -> None:
        now = time.monotonic()
        if self.get_option("progress") == "never" or self._watch.total < 2:
            return
        text = progress(self._watch, now - self._begun)
        if self._line and not last:
            self._line.show(text)
        elif last or now - self._told >= QUIET_SECONDS:
            self._told = now
            self._display.display(text)
