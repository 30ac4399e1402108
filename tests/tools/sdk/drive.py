"""One run of go_sdk's target half as a process: options as JSON in, result or message as JSON out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

sys.path[:0] = sys.argv[2:]

from ansible.module_utils.urls import open_url  # noqa: E402

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import (  # noqa: E402
    WorkstationError,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._job import read_job  # noqa: E402
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._network import Network  # noqa: E402
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._run import run  # noqa: E402


def execute(arguments: Sequence[str]) -> tuple[int, str, str]:
    clean = {"PATH": "/usr/bin:/bin", "GOTOOLCHAIN": "local", "GOENV": "off"}
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, env=clean, cwd="/")
    return done.returncode, done.stdout, done.stderr


def main() -> int:
    options = json.loads(sys.argv[1])
    network = Network(open_url, connect_timeout=2, sleep=lambda _: None)
    try:
        job = read_job(options, next(iter(options["_plan"]["platforms"])))
        answer, status = run(job, network, execute, check_mode=False), 0
    except WorkstationError as error:
        answer, status = {"msg": error.message}, 1
    print(json.dumps(answer))
    return status


if __name__ == "__main__":
    sys.exit(main())
