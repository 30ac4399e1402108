"""One run of go_sdk's target half as a process: options as JSON in, result or message as JSON out."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

sys.path[:0] = sys.argv[2:]

from ansible.module_utils.urls import open_url  # noqa: E402

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import (  # noqa: E402
    WorkstationError,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk import _filesystem  # noqa: E402
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._job import read_job  # noqa: E402
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._network import Network  # noqa: E402
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._run import run  # noqa: E402


def execute(arguments: Sequence[str]) -> tuple[int, str, str]:
    clean = {"PATH": "/usr/bin:/bin", "GOTOOLCHAIN": "local", "GOENV": "off"}
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, env=clean, cwd="/")
    return done.returncode, done.stdout, done.stderr


def noted(name: str, call: Callable[..., Any], sites: list[str]) -> Callable[..., Any]:
    """The same call, with a note of the line of code that wanted it: a sync without its line is to be missed."""

    @functools.wraps(call)
    def wrapped(*arguments: Any, **more: Any) -> Any:
        frame, inner = sys._getframe(1), ""
        while frame.f_back and frame.f_code.co_filename.rpartition("/")[2] not in _OUTER:
            inner = inner or frame.f_code.co_name
            frame = frame.f_back
        sites.append(f"{name} in {frame.f_code.co_name}:{frame.f_lineno} {inner}".rstrip())
        return call(*arguments, **more)

    return wrapped


_OUTER = ("_apply.py", "_stage.py", "_run.py", "_refresh.py")


def main() -> int:
    sites: list[str] = []
    for name in ("fsync", "rename", "replace"):
        setattr(os, name, noted(name, getattr(os, name), sites))
    for name in ("sync_tree", "exchange"):
        setattr(_filesystem, name, noted(name, getattr(_filesystem, name), sites))
    options = json.loads(sys.argv[1])
    network = Network(open_url, connect_timeout=30, sleep=lambda _: None)
    try:
        job = read_job(options, next(iter(options["_plan"]["platforms"])))
        answer, status = run(job, lambda: network, execute, check_mode=False), 0
    except WorkstationError as error:
        answer, status = {"msg": error.message}, 1
    print(json.dumps({**answer, "sites": sites}))
    return status


if __name__ == "__main__":
    sys.exit(main())
