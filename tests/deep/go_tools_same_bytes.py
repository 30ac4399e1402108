# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""gopls and dlv, each built twice in different places with nothing shared but Go itself: the same bytes.

For this machine's own platform the one is built as on the controller and the other as on a target; the gate does the
same with a small module (tests/integration/go_tools).
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
GO = "1.27.4"
CASES = ("gopls:linux/amd64", "gopls:windows/amd64", "gopls:darwin/arm64", "dlv:linux/amd64", "dlv:windows/arm64")
PLACES = ("one", "a second place/with a longer name")


def digests(case: str, folder: Path) -> list[str]:
    """The SHA-256 of each build; nothing is reused."""
    from ansible_collections.gopherops.workstation.plugins.module_utils._digest import sha256  # noqa: PLC0415
    from ansible_collections.gopherops.workstation.plugins.module_utils._tools.build import Builder  # noqa: PLC0415
    from ansible_collections.gopherops.workstation.plugins.module_utils._tools.machine import ARCHES  # noqa: PLC0415
    from ansible_collections.gopherops.workstation.plugins.module_utils._tools.wanted import (  # noqa: PLC0415
        Tool,
        Wanted,
        choose,
    )
    from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools import catalog  # noqa: PLC0415
    from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.sdk import obtain_go  # noqa: PLC0415
    from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.workshop import (  # noqa: PLC0415
        controller_settings,
        run_here,
    )

    sdk = TESTS.parent / ".cache" / "go"
    if not (sdk / f"go{GO}").exists():
        sdk.mkdir(parents=True, exist_ok=True)
        obtain_go(GO, sdk)
    name, platform = case.split(":")
    (request,) = catalog.understand([{"name": name}], catalog.load())
    tool = Tool.from_plan(request.as_plan())
    wanted = Wanted(tool, choose(tool, GO), GO, *platform.split("/"))
    here = os.uname()
    own = platform == f"{here.sysname.lower()}/{ARCHES.get(here.machine)}"
    found = []
    for number, place in enumerate(PLACES):
        home = folder / place
        stage = home / "stage"
        stage.mkdir(parents=True)
        caches = {"GOCACHE": str(home / "build"), "GOMODCACHE": str(home / "mod"), "GOFLAGS": "-modcacherw"}
        settings = controller_settings({**os.environ, "HOME": str(home)}, caches)
        builder = Builder(str(sdk / f"go{GO}" / "bin" / "go"), run_here, settings)
        found.append(sha256(builder.build(wanted, str(stage), cross=number == 0 or not own)[0]))
    return found


def run(cases: list[str]) -> None:
    from ansible.plugins.loader import init_plugin_loader  # noqa: PLC0415  # only a run needs Ansible

    init_plugin_loader([str(TESTS.parent / "collections")])
    for case in cases:
        with tempfile.TemporaryDirectory(prefix="gopherops-same-bytes-") as folder:
            found = digests(case, Path(folder))
        print(f"ok {case} SHA-256 {found[0]}" if found[0] == found[1] else f"fail {case} {found}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["list"]:
        print("\n".join(CASES))
    else:
        run(sys.argv[2:])
