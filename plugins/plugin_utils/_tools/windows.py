# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: ``go_tools`` on a Windows host. Programs are built on the controller, and only there.

What a program is was verified when it was built; its record on the host names the bytes, and ``win_go_tools`` hashes
those that stand. So nothing has to be read out of an executable over there.
"""

from __future__ import annotations

import base64
import json
import ntpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ansible_collections.gopherops.workstation.plugins.module_utils._buildinfo import BuildInfo
from ansible_collections.gopherops.workstation.plugins.module_utils._changes import changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.engine import Step
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.names import file_name
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.wanted import (
    Tool,
    Wanted,
    wanted_tools,
    warning,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.brain import Decision
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.workshop import Parcel

Execute = Callable[[dict[str, Any]], dict[str, Any]]
PROCESSORS = {"AMD64": "amd64", "ARM64": "arm64"}


class Builder(Protocol):
    """Makes a program for another platform."""

    def parcel(self, wanted: Wanted) -> Parcel: ...


@dataclass(frozen=True)
class Host:
    """How to reach it: run the target half, and bring a parcel there."""

    execute: Execute
    send: Callable[[str, Parcel], str]


def run(
    options: Mapping[str, Any], decision: Decision, host: Host, builder: Callable[[], Builder], *, check: bool
) -> dict[str, Any]:
    """The action's result."""
    tools = [Tool.from_plan(request.as_plan()) for request in decision.requests]
    go, bin_dir = (_of_windows(options[name] or "") for name in ("go", "bin_dir"))
    files = [file_name(tool.name, "windows") for tool in tools]
    seen = host.execute({"action": "read", "go": go, "bin_dir": bin_dir, "files": files})
    if seen.get("failed"):
        return seen
    toolbox = Toolbox(options, seen)
    steps = toolbox.survey(tools)
    result = toolbox.result(steps)
    if check or not any(step.pending for step in steps):
        return result
    orders, warnings = [], list(result["warnings"])
    for step in (one for one in steps if one.pending):
        order = {"file": ntpath.basename(step.path), "before": toolbox.digest(step), "source": "", "sha256": ""}
        if step.act != "remove":
            parcel = builder().parcel(toolbox.buildable(step.wanted))
            order |= {"source": host.send(step.wanted.tool.name, parcel), "sha256": parcel.sha256}
            warnings += parcel.warnings
        toolbox.record(step, order["sha256"])
        orders.append(order)
    records = base64.b64encode(toolbox.dump()).decode("ascii")
    done = host.execute({"action": "apply", "bin_dir": seen["bin_dir"], "steps": orders, "records": records})
    if done.get("failed"):
        return {**done, "changed": False, "changes": []}
    return {**result, "warnings": warnings}


class Toolbox:
    """One folder of programs, as the host has told."""

    def __init__(self, options: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
        self.options, self.seen, self.bin_dir = options, seen, str(seen["bin_dir"])
        goarch = PROCESSORS.get(seen["processor"].upper())
        if goarch is None:
            advice = "Leave this host out (--limit)"
            raise WorkstationError("install tools on", "platform", seen["processor"], "Go has no such one", advice)
        self.goarch = goarch
        self.go_version = seen["go"].removeprefix("go") or options["go_version"] or ""
        self.records = _records(seen["records"])

    def survey(self, tools: list[Tool]) -> list[Step]:
        if self.options["state"] == "absent":
            steps = [self._judge_absent(Wanted(tool, tool.releases[0], "", "windows", self.goarch)) for tool in tools]
        else:
            steps = [self._judge(one) for one in wanted_tools(tools, self.go_version, "windows", self.goarch)]
            steps += self._strangers(steps) if self.options["exclusive"] else []
        return steps

    def digest(self, step: Step) -> str:
        """Of what stands there now; a stranger is one of ours, so its record knows."""
        name = ntpath.basename(step.path)
        known = self.records.get(step.wanted.tool.name, {}).get("sha256", "absent")
        return str(self.seen["files"].get(name, known))

    def buildable(self, wanted: Wanted) -> Wanted:
        if not self.go_version:
            cause = "the host has no Go to build it for"
            raise WorkstationError("install", "tool", wanted.title, cause, "Install Go first (role go_sdk)")
        return wanted

    def record(self, step: Step, digest: str) -> None:
        """What will be true once the step is done."""
        wanted = step.wanted
        if step.act == "remove":
            self.records.pop(wanted.tool.name, None)
            return
        self.records[wanted.tool.name] = {
            "name": wanted.tool.name,
            "package": wanted.tool.package,
            "module": wanted.tool.module,
            "version": wanted.release.version,
            "sum": wanted.release.sum,
            "go_version": wanted.go_version,
            "goos": wanted.goos,
            "goarch": wanted.goarch,
            "file": ntpath.basename(step.path),
            "sha256": digest,
        }

    def dump(self) -> bytes:
        return json.dumps({"tools": self.records, "previous": []}, indent=1, sort_keys=True).encode() + b"\n"

    def result(self, steps: list[Step]) -> dict[str, Any]:
        present = self.options["state"] == "present"
        told = [text for step in steps if (text := warning(step.wanted))] if present else []
        return {
            **changes_result([step.change() for step in steps if step.pending]),
            "tools": [_told(step) for step in steps],
            "bin_dir": self.bin_dir,
            "go_version": self.go_version,
            "platform": f"windows/{self.goarch}",
            "warnings": told,
            "diff": {**dict.fromkeys(("before_header", "after_header"), self.bin_dir), **_diff(steps, self.records)},
        }

    def _judge(self, wanted: Wanted) -> Step:
        step = Step(wanted, self._path(wanted))
        found = self.seen["files"][ntpath.basename(step.path)]
        if found == "directory":
            raise WorkstationError("install", "tool", step.path, "a folder of that name is in the way", "Move it away")
        if found == "absent":
            step.act = "create"
        else:
            step.reason = self._fault(wanted, step.path, found)
            step.act = "replace" if step.reason else "ok"
        return step

    def _fault(self, wanted: Wanted, path: str, found: str) -> str:
        record = self.records.get(wanted.tool.name)
        if record is None or record.get("file") != ntpath.basename(path):
            return "nothing proves its content: it was not installed by this collection"
        if found != record.get("sha256"):
            return "its content changed since it was installed"
        return wanted.fault(_info(record))

    def _judge_absent(self, wanted: Wanted) -> Step:
        step = Step(wanted, self._path(wanted), "absent")
        found = self.seen["files"][ntpath.basename(step.path)]
        if found == "absent":
            return step
        if found != self.records.get(wanted.tool.name, {}).get("sha256"):
            cause, advice = "it was not installed by this collection", "Remove it by hand if you mean it"
            raise WorkstationError("remove", "tool", step.path, cause, advice)
        step.act, step.reason = "remove", wanted.tool.name
        return step

    def _strangers(self, steps: list[Step]) -> list[Step]:
        """Programs that this collection installed and the list no longer names."""
        listed = {step.wanted.tool.name for step in steps}
        found = []
        for name, entry in sorted(self.records.items()):
            if name not in listed and steps:
                gone = Wanted(Tool(name, str(entry.get("package", ""))), steps[0].wanted.release, "", "", "")
                path = ntpath.join(self.bin_dir, str(entry.get("file", file_name(name, "windows"))))
                found.append(Step(gone, path, "remove", f"{name} is not in the list"))
        return found

    def _path(self, wanted: Wanted) -> str:
        return ntpath.join(self.bin_dir, file_name(wanted.tool.name, "windows"))


def _info(record: Mapping[str, Any]) -> BuildInfo:
    """What the build info of the recorded bytes said when they were built; other bytes are refused before."""
    settings = {"GOOS": str(record.get("goos")), "GOARCH": str(record.get("goarch"))}
    return BuildInfo(
        go_version=f"go{record.get('go_version')}",
        path=str(record.get("package")),
        module=str(record.get("module")),
        version=str(record.get("version")),
        sum=str(record.get("sum")),
        settings={**settings, "CGO_ENABLED": "0", "-trimpath": "true"},
    )


def _diff(steps: list[Step], records: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    known = {step.path: records.get(step.wanted.tool.name) for step in steps}
    before = [f"{path}: {one['package']}@{one['version']}\n" for path, one in known.items() if one]
    after = [
        f"{step.path}: {step.wanted.tool.package}@{step.wanted.release.version}\n"
        for step in steps
        if step.act not in {"remove", "absent"}
    ]
    return {"before": "".join(before), "after": "".join(after)}


def _told(step: Step) -> dict[str, Any]:
    wanted, gone = step.wanted, step.act in {"remove", "absent"}
    return {
        "name": wanted.tool.name,
        "path": step.path,
        "package": wanted.tool.package,
        "module": wanted.tool.module,
        "version": "" if gone else wanted.release.version,
        "sum": "" if gone else wanted.release.sum,
        "go_version": "" if gone else wanted.go_version,
        "act": step.act,
        "reason": step.reason,
    }


def _records(content: str | None) -> dict[str, dict[str, Any]]:
    """A list that is missing or broken means that nothing is proved."""
    try:
        tools = json.loads(base64.b64decode(content or ""))["tools"]
        return {name: entry for name, entry in tools.items() if isinstance(entry, dict)}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _of_windows(path: str) -> str:
    return ("%USERPROFILE%" + path[1:] if path.startswith("~") else path).replace("/", "\\")
