# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Windows side of this WSL distribution as a host of its own: no WinRM, no ssh, no password."""

from __future__ import annotations

DOCUMENTATION = r"""
name: wsl_interop
version_added: 0.1.0
short_description: Run on the Windows side of this WSL2 distribution
description:
  - Starts C(powershell.exe) through WSL's interop, as the Windows account that the distribution belongs to.
  - Only for an Ansible that runs inside WSL2 itself. Other distributions are reached by C(community.general.wsl).
  - Files go through the mounted Windows drive, or through PowerShell's standard input where the drive is not mounted.
author:
  - The gopherops.workstation maintainers (@gopherops)
options:
  executable:
    description:
      - PowerShell of Windows, as this distribution sees it.
        Empty means Windows PowerShell 5.1 on the mounted drives.
    type: str
    default: ""
    vars:
      - name: ansible_wsl_interop_executable
  mounts:
    description: The table of mounts, which says where Windows drives are.
    type: path
    default: /proc/self/mounts
    vars:
      - name: ansible_wsl_interop_mounts
notes:
  - There is no C(become) through this connection. Run an elevated terminal in Windows for what needs an administrator.
"""

import base64
import os
import re
import shlex
import shutil
import subprocess

from ansible.errors import AnsibleConnectionFailure, AnsibleError, AnsibleFileNotFound
from ansible.plugins.connection import ConnectionBase
from ansible.utils.display import Display

display = Display()

POWERSHELL = "Windows/System32/WindowsPowerShell/v1.0/powershell.exe"
ARGUMENTS = ["-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Unrestricted"]
# Base64 on the wire: PowerShell decodes its standard input by the console's code page.
_PUT = r"""
$ErrorActionPreference = 'Stop'
$stream = [IO.File]::Open('{path}', 'Create', 'Write')
try {{ while ($null -ne ($line = [Console]::In.ReadLine())) {{
    if ($line) {{ $bytes = [Convert]::FromBase64String($line); $stream.Write($bytes, 0, $bytes.Length) }} }} }}
finally {{ $stream.Dispose() }}
"""
_FETCH = r"""
$ErrorActionPreference = 'Stop'
[Convert]::ToBase64String([IO.File]::ReadAllBytes('{path}'))
"""


def drives(table: str) -> dict[str, str]:
    """Windows drives by letter, from the text of a table of mounts: ``{"C": "/mnt/c"}``."""
    found: dict[str, str] = {}
    for line in table.splitlines():
        words = line.split(" ")
        drive = re.match(r"([A-Za-z]):(?:\\134|\\|$)", words[0])
        if drive and len(words) > 2 and words[2] in ("9p", "drvfs", "virtiofs", "fuse.drvfs"):
            found.setdefault(drive.group(1).upper(), words[1].replace("\\040", " "))
    return found


def here(path: str, table: dict[str, str]) -> str:
    r"""``C:\Users\x`` as this side sees it; empty when its drive is not mounted."""
    match = re.match(r"([A-Za-z]):[\\/](.*)", path)
    point = table.get(match.group(1).upper(), "") if match else ""
    return os.path.join(point, match.group(2).replace("\\", "/")) if match and point else ""


def command_line(command: str, executable: str) -> list[str]:
    """The words to start: Ansible's own PowerShell commands as they are, anything else as a script."""
    if " -EncodedCommand " in command:
        return [executable, *(word.strip("'\"") for word in shlex.split(command, posix=False)[1:])]
    script = base64.b64encode(command.encode("utf-16-le")).decode("ascii")
    return [executable, *ARGUMENTS, "-EncodedCommand", script]


class Connection(ConnectionBase):  # type: ignore[misc]  # ansible-core ships no type information
    transport = "gopherops.workstation.wsl_interop"
    module_implementation_preferences = (".ps1", ".exe", "")
    allow_executable = False
    has_pipelining = True
    always_pipeline_modules = True

    def __init__(self, *args: object, **kwargs: object) -> None:
        self._shell_type = "powershell"
        self._drives: dict[str, str] = {}
        self._executable = ""
        super().__init__(*args, **kwargs)
        self._connected: bool = False

    def _connect(self) -> Connection:
        if self._connected:
            return self
        try:
            with open(self.get_option("mounts"), encoding="utf-8", errors="surrogateescape") as stream:
                self._drives = drives(stream.read())
        except OSError as error:
            raise AnsibleConnectionFailure(f"Cannot read table of mounts: {error}.") from error
        candidates = [self.get_option("executable")] if self.get_option("executable") else []
        candidates += [os.path.join(point, POWERSHELL) for point in self._drives.values()]
        self._executable = next((path for path in candidates if os.path.isfile(path)), "")
        if not self._executable:
            raise AnsibleConnectionFailure(
                f"Cannot connect to Windows side '{self._play_context.remote_addr}': no powershell.exe on its drives "
                f"({', '.join(sorted(self._drives.values())) or 'none is mounted'}). Run Ansible inside WSL2, with "
                "automount on, or set ansible_wsl_interop_executable."
            )
        self._connected = True
        return self

    def exec_command(self, cmd: str, in_data: bytes | None = None, sudoable: bool = True) -> tuple[int, bytes, bytes]:
        super().exec_command(cmd, in_data=in_data, sudoable=sudoable)
        display.vvv("EXEC (through WSL interop)", host=self._play_context.remote_addr)
        return self._run(command_line(cmd, self._executable), in_data or b"")

    def _run(self, argv: list[str], data: bytes) -> tuple[int, bytes, bytes]:
        # A working directory inside the distribution would reach Windows as \\wsl.localhost\..., which cmd refuses.
        folder = os.path.dirname(self._executable)
        try:
            done = subprocess.run(argv, input=data, capture_output=True, cwd=folder, check=False)
        except OSError as error:
            raise AnsibleConnectionFailure(
                f"Cannot start '{self._executable}': {error.strerror}. Interop may be off: see [interop] in "
                "/etc/wsl.conf, and run 'wsl --shutdown' in Windows."
            ) from error
        return done.returncode, done.stdout, done.stderr

    def put_file(self, in_path: str, out_path: str) -> None:
        super().put_file(in_path, out_path)
        out_path = out_path.strip("'\"")
        if not os.path.isfile(in_path):
            raise AnsibleFileNotFound(f"Cannot send file '{in_path}': it does not exist.")
        display.vvv(f"PUT {in_path} TO {out_path}", host=self._play_context.remote_addr)
        place = here(out_path, self._drives)
        if place and os.path.isdir(os.path.dirname(place)):
            shutil.copyfile(in_path, place)
            return
        with open(in_path, "rb") as stream:
            lines = [base64.b64encode(chunk) for chunk in iter(lambda: stream.read(57 * 1024), b"")]
        self._script(_PUT, out_path, b"\r\n".join(lines) + b"\r\n" if lines else b"\r\n", f"send file '{in_path}'")

    def fetch_file(self, in_path: str, out_path: str) -> None:
        super().fetch_file(in_path, out_path)
        in_path = in_path.strip("'\"")
        display.vvv(f"FETCH {in_path} TO {out_path}", host=self._play_context.remote_addr)
        place = here(in_path, self._drives)
        if place and os.path.isfile(place):
            shutil.copyfile(place, out_path)
            return
        answer = self._script(_FETCH, in_path, b"", f"fetch file '{in_path}'")
        with open(out_path, "wb") as stream:
            stream.write(base64.b64decode(answer.strip()))

    def _script(self, script: str, path: str, data: bytes, what: str) -> bytes:
        self._connect()
        text = script.format(path=path.replace("'", "''"))
        rc, out, err = self._run(command_line(text, self._executable), data)
        if rc != 0:
            raise AnsibleError(f"Cannot {what}: {err.decode('utf-8', 'replace').strip() or f'status {rc}'}.")
        return out

    def close(self) -> None:
        self._connected = False
