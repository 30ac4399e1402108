# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: one run of ``go_tools`` on a target, from options to result."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._changes import changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.engine import Step, Toolbox
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.machine import Machine, Run, this_machine
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.wanted import (
    Tool,
    Wanted,
    wanted_tools,
    warning,
)


@dataclass(frozen=True)
class Effects:
    """What a run does to the world, so that tests can watch it."""

    run: Run
    process: Mapping[str, str]
    check_mode: bool


def run_tools(options: dict[str, Any], effects: Effects) -> dict[str, Any]:
    plan = options["_plan"]
    process = {**effects.process, **_texts(options["environment"])}
    machine = this_machine(options["go"], options["go_version"] or "", process)
    bin_dir = _bin_dir(options["bin_dir"] or (machine.env.bin_dir() if machine.env else ""), options["state"])
    wanted = _wanted(plan, machine, options["state"])
    toolbox = Toolbox(bin_dir, options["verify"], options["keep"])
    survey = partial(_steps, toolbox, wanted, options, machine)
    steps = survey()
    if not effects.check_mode and any(step.pending for step in steps):
        needs = _needs(steps, machine) if plan.get("ask") else []
        if needs:
            return {"needs": needs}
        steps = _work(toolbox, survey, machine, effects.run, options)
    elif toolbox.touched and not effects.check_mode:
        _refresh(toolbox, survey)
    result = _result(steps, bin_dir, machine)
    warnings = [text for one in wanted if (text := warning(one))] if options["state"] == "present" else []
    return {**result, "warnings": warnings + toolbox.warnings}


def _steps(toolbox: Toolbox, wanted: list[Wanted], options: dict[str, Any], machine: Machine) -> list[Step]:
    steps = toolbox.survey(wanted, options["state"])
    if options["exclusive"] and options["state"] == "present":
        steps += toolbox.strangers(wanted, machine.goos)
    return steps


def _refresh(toolbox: Toolbox, survey: Callable[[], list[Step]]) -> None:
    """Note the fingerprints again, so that the next look is cheap, over what other runs have noted since.

    Where another run is at work, or the folder is not ours to write, the next look hashes once more.
    """
    with contextlib.suppress(OSError, WorkstationError), toolbox.records.locked(wait=0):
        survey()
        toolbox.records.save()


def _work(
    toolbox: Toolbox, survey: Callable[[], list[Step]], machine: Machine, run: Run, options: dict[str, Any]
) -> list[Step]:
    """Do what is pending, once nobody else is at work here, and return all that was found then."""
    # Only now: loading what builds takes longer than looking at ten programs.
    from ansible_collections.gopherops.workstation.plugins.module_utils._tools.work import (  # noqa: PLC0415
        Source,
        Workbench,
    )

    source = Source(machine, run, _texts(options["environment"]), options["_plan"].get("delivered", {}))
    bench = Workbench(toolbox, source)
    done: list[Step] = []
    try:
        with toolbox.records.locked():
            steps = survey()  # another run may have done it while this one waited
            for step in steps:
                if step.pending:
                    bench.apply(step)
                    done.append(step)
            return steps
    except OSError as error:
        raise WorkstationError(
            "write",
            "folder",
            toolbox.records.folder,
            error.strerror or str(error),
            "Check who may write there (role go_caches repairs it)",
        ) from error
    except WorkstationError as error:
        error.details.update(changes_result([step.change() for step in done]))
        raise


def _wanted(plan: dict[str, Any], machine: Machine, state: str) -> list[Wanted]:
    tools = [Tool.from_plan(entry) for entry in plan["tools"]]
    if state == "absent":
        return [Wanted(tool, tool.releases[0], "", machine.goos, machine.goarch) for tool in tools]
    return wanted_tools(tools, machine.go_version, machine.goos, machine.goarch)


def _bin_dir(path: str, state: str) -> str:
    path = os.path.normpath(os.path.expanduser(path))
    if not os.path.isabs(path):
        raise WorkstationError("use", "folder", path, "it is not absolute", "Correct GOBIN, or give bin_dir")
    there = path
    while not os.path.exists(there) and there != os.path.dirname(there):
        there = os.path.dirname(there)
    if not os.path.isdir(there):
        raise WorkstationError("use", "folder", path, f"'{there}' is no folder", "Move it away or name another folder")
    if state == "present" and os.statvfs(there).f_flag & getattr(os, "ST_NOEXEC", 8):
        raise WorkstationError(
            "use",
            "folder",
            path,
            "its filesystem is mounted noexec, so no program can start from it",
            "Name another folder",
        )
    return path


def _needs(steps: list[Step], machine: Machine) -> list[dict[str, str]]:
    """What the controller has to build for this host."""
    return [
        {
            "name": step.wanted.tool.name,
            "version": step.wanted.release.version,
            "go_version": machine.go_version,
            "goos": machine.goos,
            "goarch": machine.goarch,
        }
        for step in steps
        if step.act in ("create", "replace") and machine.goos not in step.wanted.tool.built_on_target
    ]


def _result(steps: list[Step], bin_dir: str, machine: Machine) -> dict[str, Any]:
    changes = [step.change() for step in steps if step.pending]
    before = "".join(f"{step.path}: {_claim(step.before)}\n" for step in steps if step.act != "create" and step.before)
    after = "".join(
        f"{step.path}: {step.wanted.tool.package}@{step.wanted.release.version}\n"
        for step in steps
        if step.act not in ("remove", "absent")
    )
    return {
        **changes_result(changes),
        "tools": [_tool(step) for step in steps],
        "bin_dir": bin_dir,
        "go_version": machine.go_version,
        "platform": machine.platform,
        "diff": {"before": before, "after": after, "before_header": bin_dir, "after_header": bin_dir},
    }


def _claim(info: Any) -> str:
    return f"{info.path}@{info.version}"


def _tool(step: Step) -> dict[str, Any]:
    wanted = step.wanted
    info = step.after if step.act == "ok" or step.after is not step.before else None
    gone = step.act in ("remove", "absent")
    return {
        "name": wanted.tool.name,
        "path": step.path,
        "package": wanted.tool.package,
        "module": info.module if info else wanted.tool.module,
        "version": "" if gone else wanted.release.version,
        "sum": "" if gone else (info.sum if info else wanted.release.sum),
        "go_version": "" if gone else (info.release if info else wanted.go_version),
        "act": step.act,
        "reason": step.reason,
    }


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in values.items()}
