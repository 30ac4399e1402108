# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One developer's account, as the target half of go_tools sees it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._tools.run import Effects, run_tools
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.workshop import run_here


@dataclass
class Account:
    """One developer; ``environment`` is what go_tools is given."""

    home: Path
    go: str
    environment: dict[str, str] = field(default_factory=dict)
    commands: list[list[str]] = field(default_factory=list)

    @property
    def bin(self) -> Path:
        return self.home / "go" / "bin"

    def run(self, command: list[str], environment: dict[str, str], folder: str) -> tuple[int, str, str]:
        self.commands.append(command)
        return run_here(command, {"HOME": str(self.home), **environment}, folder)

    def __call__(self, *tools: dict[str, Any], check: bool = False, **options: Any) -> dict[str, Any]:
        defaults: dict[str, Any] = {
            "state": "present", "exclusive": False, "go": self.go, "go_version": None, "bin_dir": None,
            "environment": self.environment, "verify": "stat", "keep": 1, "_plan": {"tools": list(tools)},
        }  # fmt: skip
        process = {"HOME": str(self.home), "PATH": os.environ["PATH"]}
        return run_tools({**defaults, **options}, Effects(self.run, process, check))

    def says(self, name: str) -> str:
        """What an installed program prints."""
        done = subprocess.run([str(self.bin / name)], capture_output=True, text=True, check=True)
        return done.stderr.strip()


def tool(
    version: str, total: str = "", package: str = "tools.example.test/kit/cmd/x", name: str = "x"
) -> dict[str, Any]:
    module = package.partition("/cmd/")[0]
    release = {"version": version, "sum": total, "go_build": "1.21", "go_max": ""}
    return {"name": name, "package": package, "module": module, "releases": [release]}
