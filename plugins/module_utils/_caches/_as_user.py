# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: work in a child process; root acts in a developer's home only as that developer."""

from __future__ import annotations

import json
import os
import pwd
import traceback
from collections.abc import Callable
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError


def as_user(account: pwd.struct_passwd, work: Callable[[], Any]) -> Any:
    """What ``work`` returns (JSON values), done with the account's user, group and groups."""
    if os.geteuid() == account.pw_uid:
        return work()

    def become_and_work() -> Any:
        # Groups first: without root they cannot be changed any more.
        os.initgroups(account.pw_name, account.pw_gid)
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
        os.environ.update(HOME=account.pw_dir, USER=account.pw_name, LOGNAME=account.pw_name)
        os.chdir("/")
        return work()

    return Child(become_and_work).answer("act as", "account", account.pw_name)


class Child:
    """Work that a child process does, begun when this is made."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.reader, writer = os.pipe()
        try:
            self.pid = os.fork()
        except OSError:
            os.close(self.reader)
            os.close(writer)
            raise
        if self.pid == 0:
            os.close(self.reader)
            _do(work, writer)
        os.close(writer)

    def answer(self, verb: str, kind: str, name: str) -> Any:
        """What the work returned; what it raised is raised here."""
        with os.fdopen(self.reader, "rb") as stream:
            answer = stream.read()
        _pid, status = os.waitpid(self.pid, 0)
        if not answer:
            raise WorkstationError(verb, kind, name, f"the child process ended with status {status}")
        outcome = json.loads(answer)
        if "error" in outcome:
            raise WorkstationError(*outcome["error"], **outcome["details"])
        if "trace" in outcome:
            raise WorkstationError(verb, kind, name, outcome["trace"])
        return outcome["value"]


def _do(work: Callable[[], Any], writer: int) -> None:
    try:
        outcome: dict[str, Any] = {"value": work()}
    except WorkstationError as error:
        words = [error.verb, error.kind, error.name, error.cause, error.advice]
        outcome = {"error": words, "details": error.details}
    except BaseException:
        # The parent reports it; nothing of this process may run on.
        outcome = {"trace": traceback.format_exc(limit=-2)}
    try:
        with os.fdopen(writer, "wb") as stream:
            stream.write(json.dumps(outcome).encode("utf-8", "surrogateescape"))
    finally:
        os._exit(0)
