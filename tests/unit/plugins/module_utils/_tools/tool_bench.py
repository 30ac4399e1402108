# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A go command and its programs, as small as the engine lets them be."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._tools.run import Effects, run_tools

MACHINES = {"amd64": 62, "arm64": 183}


def program(
    package: str = "example.com/tool",
    version: str = "v1.0.0",
    total: str = "h1:good=",
    go: str = "1.27.4",
    **changes: str,
) -> bytes:
    """A little ELF file with build info; settings can be overridden by name."""
    settings = {"-trimpath": "true", "CGO_ENABLED": "0", "GOARCH": "amd64", "GOOS": "linux", **changes}
    module = settings.pop("module", package)
    text = f"path\t{package}\nmod\t{module}\t{version}\t{total}\n"
    text += "".join(f"build\t{key}={value}\n" for key, value in settings.items())
    marked = b"0" * 16 + text.encode() + b"1" * 16
    release = f"go{go}".encode()
    blob = b"\xff Go buildinf:\x08\x02" + bytes(16) + varint(len(release)) + release + varint(len(marked)) + marked
    base, offset = 0x400000, 0x1000
    head = b"\x7fELF\x02\x01\x01" + bytes(9)
    machine = MACHINES[settings["GOARCH"]]
    head += struct.pack("<HHIQQQIHHHHHH", 2, machine, 1, base, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    head += struct.pack("<IIQQQQQQ", 1, 6, offset, base, base, len(blob), len(blob), 4096)
    return head.ljust(offset, b"\0") + blob


def varint(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


@dataclass
class Bench:
    """One account with a Go, and a record of what was run."""

    home: Path
    built: list[str] = field(default_factory=list)
    environments: list[dict[str, str]] = field(default_factory=list)
    make: Callable[[str, str], bytes] | None = None
    failure: tuple[int, str] = (0, "")
    retracted: str = ""

    @property
    def bin(self) -> Path:
        return self.home / "go" / "bin"

    @property
    def go(self) -> Path:
        return self.home / "sdk" / "go" / "bin" / "go"

    def use_go(self, version: str) -> None:
        self.go.parent.mkdir(parents=True, exist_ok=True)
        self.go.write_bytes(program("cmd/go", version, "", version, module=""))

    def run(self, command: list[str], environment: dict[str, str], folder: str) -> tuple[int, str, str]:
        if command[1] == "list":
            return 0, self.retracted + "\n", ""
        package, _at, version = command[-1].partition("@")
        self.built.append(command[-1])
        self.environments.append(environment)
        if self.failure[0]:
            return self.failure[0], "", self.failure[1]
        name = package.rsplit("/", 1)[-1]
        content = self.make(package, version) if self.make else program(package, version, go=self.go_version())
        Path(environment["GOBIN"], name).write_bytes(content)
        return 0, "", self.failure[1]

    def go_version(self) -> str:
        data = self.go.read_bytes()
        return data[data.index(b"go1.") + 2 :].split(b"0000", 1)[0][:6].decode()

    def __call__(self, *tools: dict[str, Any], check: bool = False, **options: Any) -> dict[str, Any]:
        """Run the target half."""
        defaults: dict[str, Any] = {
            "state": "present", "exclusive": False, "go": str(self.go), "go_version": None, "bin_dir": None,
            "environment": {}, "verify": "stat", "keep": 1, "_plan": {"tools": list(tools)},
        }  # fmt: skip
        process = {"HOME": str(self.home), "PATH": "/usr/bin:/bin"}
        return run_tools({**defaults, **options}, Effects(self.run, process, check))


def entry(version: str = "v1.0.0", name: str = "tool", total: str = "h1:good=", **facts: Any) -> dict[str, Any]:
    release = {
        "version": version,
        "sum": total,
        "go_build": facts.pop("go_build", ""),
        "go_max": facts.pop("go_max", ""),
    }
    return {"name": name, "package": f"example.com/{name}", "module": "", "releases": [release], **facts}
