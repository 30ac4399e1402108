# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs of Windows in the container: how one is started, where files lie, and which Go and gopls they are."""

from __future__ import annotations

import subprocess
from typing import Any

GO = "1.26.6"  # the newest of which the wheel for Windows is pinned and small enough for this
GOPLS = "v0.24.0"
HOME = r"C:\users\dev"
KEY = r"HKCU\Environment"
DRIVE = "/home/dev/.wine/drive_c"
# Wine takes names from the locale.
ENVIRONMENT = {"WINEDEBUG": "-all", "XDG_RUNTIME_DIR": "/tmp/wine-runtime", "HOME": "/home/dev", "LC_ALL": "C.UTF-8"}
RUNTIME = tuple(part for name, value in ENVIRONMENT.items() for part in ("--env", f"{name}={value}"))


class Windows:
    """Programs in the container, by their paths on drive C."""

    def __init__(self, container: str) -> None:
        self.container = container

    def podman(self, *words: str, sent: bytes = b"", seconds: int = 600) -> subprocess.CompletedProcess[bytes]:
        command = ["podman", *words]
        return subprocess.run(command, input=sent, capture_output=True, check=False, timeout=seconds)

    def run(self, *words: str, folder: str = HOME, sent: bytes = b"", **variables: str) -> tuple[int, str]:
        """Exit status and output of a program."""
        given = [part for name, value in variables.items() for part in ("--env", f"{name}={value}")]
        place = ["--interactive", "--user", "dev", "--workdir", self.unix(folder), *RUNTIME, *given, self.container]
        done = self.podman("exec", *place, "timeout", "--kill-after=5", "540", "wine", *words, sent=sent)
        return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")

    def text(self, *words: str, **more: Any) -> str:
        status, said = self.run(*words, **more)
        assert status == 0, said
        return said.replace("\r\n", "\n").strip()

    def write(self, path: str, data: bytes) -> None:
        place = self.unix(path)
        script = 'mkdir -p "${1%/*}" && cat > "$1"'
        done = self.podman("exec", "-i", "--user", "dev", self.container, "sh", "-c", script, "sh", place, sent=data)
        assert done.returncode == 0, done.stderr

    @staticmethod
    def unix(path: str) -> str:
        return DRIVE + path.removeprefix("C:").replace("\\", "/")
