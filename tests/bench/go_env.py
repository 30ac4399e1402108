# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What go_env costs beside ``ansible.builtin.ping`` on the same connection, one container over ssh.

One task per scope brings twenty variables through each channel: Go's env file or the machine's ``go.env``, and the
environment of every shell, of systemd and (machine) of PAM. ``noop`` has nothing to do, ``write`` changes every
variable in every file. Scope machine is measured beside a ping that becomes root as well. Of every play the time of an
empty one is taken off. Medians of GOPHEROPS_BENCH_RUNS (5) runs of ten tasks.
"""

from __future__ import annotations

import subprocess
import sys
import urllib.error
from functools import partial
from pathlib import Path
from typing import Any

from dev.errors import DevError

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.provision import Bench, medians, reached

LIMIT = 1.5
MANY = 10
TEXTS = (
    *("GOAUTH", "GOCACHEPROG", "GOFLAGS", "GOINSECURE", "GONOPROXY", "GONOSUMDB", "GOPRIVATE", "GOPROXY", "GOVCS"),
    *("AR", "CC", "CXX", "FC", "CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_FFLAGS", "CGO_LDFLAGS"),
    *("PKG_CONFIG", "GOSUMDB"),
)
SHELLS = ["sh", "bash", "zsh", "fish", "systemd"]
PING: dict[str, Any] = {"ansible.builtin.ping": {}}


def task(scope: str, turn: int = 0) -> dict[str, Any]:
    """Twenty variables in each channel of the scope; another turn has other values."""
    machine = scope == "machine"
    words = {
        "scope": scope,
        "path": ["/usr/local/go/bin" if machine else "~/sdk/go/bin", "~/go/bin"],
        "shells": [*SHELLS, "pam"] if machine else SHELLS,
        "variables": {name: f"-x{turn}" if name == "GOFLAGS" else f"value{turn}" for name in TEXTS},
        "environment": {f"BENCH_{number}": f"value {turn} of {number}" for number in range(len(TEXTS))},
    }
    return rooted({"gopherops.workstation.go_env": words}) if machine else {"gopherops.workstation.go_env": words}


def rooted(words: dict[str, Any]) -> dict[str, Any]:
    return {**words, "become": True}


def measure(bench: Bench, scope: str) -> None:
    account = {"ansible_user": "admin"} if scope == "machine" else {}
    ping = rooted(PING) if scope == "machine" else PING
    plays = {
        "empty": bench.tasks("empty"),
        "ping": bench.tasks("ping", *[ping] * MANY),
        # The write before it ends with what this one finds.
        "write": bench.tasks("write", *[task(scope, turn) for turn in range(1, MANY)], task(scope)),
        "noop": bench.tasks("noop", *[task(scope)] * MANY),
    }
    bench.play(bench.tasks("first", task(scope)), **account)
    said = bench.play(plays["noop"], **account)
    if "changed=0 " not in said or f"ok={MANY} " not in said:
        raise DevError(f"Cannot measure: a second run still changes something:\n{said}")
    if f"changed={MANY} " not in bench.play(plays["write"], **account):
        raise DevError("Cannot measure: other values are no change")
    taken = medians({name: partial(bench.play, play, **account) for name, play in plays.items()})
    for name, value in taken.items():
        print(f"{scope}_{name}_seconds {value:.3f} -", flush=True)
    for name in ("noop", "write"):
        ratio = (taken[name] - taken["empty"]) / (taken["ping"] - taken["empty"])
        print(f"{scope}_{name}_ratio {ratio:.3f} {LIMIT}", flush=True)


def main() -> int:
    with reached() as bench:
        container = bench.container
        container.need("cp", "-r", "/home/dev/.ssh", "/home/admin/", user="root")
        container.need("chown", "-R", "admin:admin", "/home/admin/.ssh", user="root")
        container.need("sh", "-c", "mkdir -p /usr/local/go && echo '# shipped' > /usr/local/go/go.env", user="root")
        for scope in ("user", "machine"):
            measure(bench, scope)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (DevError, urllib.error.URLError, subprocess.CalledProcessError) as error:
        sys.exit(f"{error}")
