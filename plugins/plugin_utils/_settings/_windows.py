# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: ``vscode_settings`` on a Windows host, merged on the controller by the same engine.

``win_vscode_settings`` reads bytes and writes bytes. What will be needed is asked for at once; a path that only the
answer names (a profile, a portable editor) costs one more question.
"""

from __future__ import annotations

import base64
import hashlib
import ntpath
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._changes import changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._policy import wishes_of
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._places import (
    System,
    installations,
    places,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._settings import Files, Manager

Execute = Callable[[dict[str, Any]], dict[str, Any]]
HOME, APPDATA = "%USERPROFILE%", "%APPDATA%"


class HostError(Exception):
    """The host's own failure, to be handed on as it is."""

    def __init__(self, result: dict[str, Any]) -> None:
        self.result = result
        super().__init__(str(result.get("msg", "")))


class Disk:
    """The host's files as far as they were asked for; writes are collected, and sent at the end."""

    def __init__(self, execute: Execute, first: list[str], commands: list[str]) -> None:
        self._execute, self._known = execute, dict[str, dict[str, Any]]()
        answer = self._ask(first, commands)
        self.environment: dict[str, str] = {name: value for name, value in answer["environment"].items() if value}
        self.commands = set(answer["commands"])
        self.writes: list[dict[str, Any]] = []

    def look(self, path: str) -> dict[str, Any]:
        key = _key(path)
        if key not in self._known:
            self._ask([path.replace("/", "\\")], [])
        return self._known[key]

    def known(self, path: str) -> dict[str, Any] | None:
        """What was told already; asks nothing."""
        return self._known.get(_key(path))

    def exists(self, path: str) -> bool:
        return bool(self.look(path)["kind"] != "absent")

    def read(self, path: str) -> bytes | None:
        found = self.look(path)
        if found["kind"] == "directory":
            cause, advice = "it is no regular file", "Move it away or mend it"
            raise WorkstationError("read", "settings file", found["path"], cause, advice)
        return None if found["content"] is None else base64.b64decode(found["content"])

    def read_or_raise(self, path: str) -> bytes:
        content = self.read(path)
        if content is None:
            raise FileNotFoundError(path)
        return content

    def write(self, path: str, content: bytes) -> None:
        before = self.read(path)
        digest = "absent" if before is None else hashlib.sha256(before).hexdigest()
        data = base64.b64encode(content).decode("ascii")
        self.writes.append({"path": ntpath.normpath(path), "before": digest, "content": data})

    def backup(self, path: str, content: bytes) -> str:
        now = time.time_ns()  # once: names are in the order of their making
        stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime(now // 10**9)) + f"{now % 10**9:09d}"
        copy = f"{ntpath.normpath(path)}.gopherops-{stamp}.bak"
        data = base64.b64encode(content).decode("ascii")
        self.writes.append({"path": copy, "before": "absent", "content": data})
        return copy

    def refuse_read_only(self, path: str) -> None:
        """Also in check mode, so that a prediction is not more than a run can keep."""
        if (self.known(path) or {}).get("read_only"):
            cause, advice = "it is read-only", "Take the attribute away (attrib -r) and run again; nothing was changed"
            raise WorkstationError("write", "settings file", path, cause, advice)

    def send(self) -> dict[str, Any]:
        return self._execute({"action": "write", "writes": self.writes})

    def _ask(self, paths: list[str], commands: list[str]) -> dict[str, Any]:
        return self._say({"action": "read", "paths": paths, "commands": commands})

    def _say(self, question: dict[str, Any]) -> dict[str, Any]:
        """The host's answer; what it tells of places is remembered."""
        answer = self._execute(question)
        if answer.get("failed"):
            raise HostError(answer)
        for one in answer["places"]:
            self._known[_key(one["asked"])] = self._known[_key(one["path"])] = one
        return answer


def run(options: Mapping[str, Any], plan: dict[str, Any], execute: Execute, *, check: bool) -> dict[str, Any]:
    """The action's result."""
    products = plan["products"]
    try:
        disk = Disk(execute, _first(options, products), [name for one in products.values() for name in one["commands"]])
        environment = {**disk.environment, "APPDATA": disk.environment.get("APPDATA", "")}
        home = disk.environment["USERPROFILE"]
        system = System("windows", home, environment, disk.exists, disk.read_or_raise, disk.commands.__contains__)
        found = installations(system, products, options["products"], options["user_data_dir"] or "")
        wishes = wishes_of(options["settings"], options["policies"], options["state"] == "absent")
        files = Files(disk.read, disk.write, disk.backup, lambda path: str(disk.look(path)["missing"]))
        manager = Manager(wishes, {**plan, "backup": options["backup"]}, files, check)
        wanted = [
            replace(place, path=ntpath.normpath(place.path)) for place in places(system, found, options["targets"])
        ]
        report = manager.run(wanted)
        for change in report.changes:
            disk.refuse_read_only(change.path)
        written = disk.send() if disk.writes else {}
    except HostError as error:
        return error.result
    if written.get("failed"):
        return written
    return {**changes_result(report.changes), "files": report.files, "diff": report.diff}


def _first(options: Mapping[str, Any], products: Mapping[str, Any]) -> list[str]:
    """What nearly every run needs, before anything is known of the host."""
    marks = {"home": HOME, "appdata": APPDATA, "config": rf"{HOME}\.config", "data": rf"{HOME}\.local\share"}
    targets = options["targets"]
    documents = {target.get("document") or "settings" for target in targets if target["kind"] == "user"}
    paths = []
    for one in products.values():
        base = options["user_data_dir"] or one["user_data"]["windows"].format(**marks)
        paths += [base, *(f"{base}/User/{document}.json" for document in sorted(documents))]
        if any(target["kind"] == "machine" for target in targets) and one["server"]:
            paths.append(one["server"].format(**marks))
    for target in targets:
        if target["kind"] == "workspace" and target.get("path"):
            folder = str(target["path"]).replace("~", HOME, 1) if str(target["path"])[0] == "~" else str(target["path"])
            paths.append(f"{folder.rstrip('/')}/.vscode/{target.get('document') or 'settings'}.json")
    return [path.replace("/", "\\") for path in dict.fromkeys(paths)]


def _key(path: str) -> str:
    return ntpath.normcase(ntpath.normpath(path))
