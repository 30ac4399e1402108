"""The connection against a powershell.exe that is a small program of ours on a drive of ours."""

from __future__ import annotations

import base64
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.playbook.play_context import PlayContext
from ansible.plugins.loader import connection_loader

from ansible_collections.gopherops.workstation.plugins.connection.wsl_interop import (
    POWERSHELL,
    command_line,
    drives,
    here,
)

# Understands the three scripts that the plugin sends; fails on anything else, as an unknown command would.
STAND_IN = f"""#!{sys.executable}
import base64, os, re, sys
words = ["-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Unrestricted", "-EncodedCommand"]
assert sys.argv[1:6] == words, sys.argv
script = base64.b64decode(sys.argv[6]).decode("utf-16-le")
root = os.environ["WINDOWS_ROOT"]
def path():
    return os.path.join(root, re.search(r"'([A-Z]:.*?)'[,)]", script).group(1).replace("''", "'").replace("\\\\", "_"))
if "ReadAllBytes" in script:
    print(base64.b64encode(open(path(), "rb").read()).decode() + "\\r")
elif "FromBase64String" in script:
    data = b"".join(base64.b64decode(line) for line in sys.stdin.buffer.read().split())
    open(path(), "wb").write(data)
elif script.startswith("echo "):
    assert os.getcwd().endswith("v1.0"), os.getcwd()
    sys.stdout.write(script[5:] + sys.stdin.read())
    sys.exit(3)
else:
    sys.stderr.write("unknown script: " + script)
    sys.exit(9)
"""
TABLE = (
    "/dev/sdc / ext4 rw,relatime,discard 0 0\n"
    "drivers /usr/lib/wsl/drivers 9p ro,dirsync,aname=drivers;fmask=222,mmap 0 0\n"
    "C:\\134 {root}/mnt/c 9p rw,noatime,aname=drvfs;path=C:\\134;uid=1000;metadata;symlinkroot=/mnt/,mmap 0 0\n"
)


@pytest.fixture
def connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    shell = tmp_path / "mnt/c" / POWERSHELL
    shell.parent.mkdir(parents=True)
    shell.write_text(STAND_IN)
    shell.chmod(shell.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "mounts").write_text(TABLE.format(root=tmp_path))
    monkeypatch.setenv("WINDOWS_ROOT", str(tmp_path))
    made = connection_loader.get("gopherops.workstation.wsl_interop", PlayContext(), None)
    made.set_options(var_options={"ansible_wsl_interop_mounts": str(tmp_path / "mounts")})
    return made


def test_it_is_a_windows_connection(connection: Any) -> None:
    assert connection._shell._IS_WINDOWS
    assert connection.module_implementation_preferences[0] == ".ps1"
    assert connection.is_pipelining_enabled()


def test_command_runs_on_the_drive_with_its_input_and_status(connection: Any) -> None:
    assert connection.exec_command("echo Grüße ", in_data=b"from Linux") == (3, "Grüße from Linux".encode(), b"")


def test_ansibles_own_powershell_command_is_not_wrapped_twice() -> None:
    script = base64.b64encode("exit 0".encode("utf-16-le")).decode()
    given = f"PowerShell -NoProfile -NonInteractive -ExecutionPolicy Unrestricted -EncodedCommand '{script}'"
    assert command_line(given, "/x/powershell.exe") == [
        "/x/powershell.exe",
        *("-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Unrestricted", "-EncodedCommand", script),
    ]


@pytest.mark.parametrize("size", [0, 1, 300_000])
@pytest.mark.parametrize("drive", ["C", "D"])
def test_files_go_both_ways_by_drive_and_by_standard_input(
    connection: Any, tmp_path: Path, size: int, drive: str
) -> None:
    connection._connect()
    content = bytes(range(256)) * (size // 256 + 1)
    (tmp_path / "sent").write_bytes(content[:size])
    connection.put_file(str(tmp_path / "sent"), f"{drive}:\\it's.bin")
    landed = tmp_path / ("mnt/c/it's.bin" if drive == "C" else "D:_it's.bin")
    assert landed.read_bytes() == content[:size]
    connection.fetch_file(f"{drive}:\\it's.bin", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == content[:size]


def test_failure_in_windows_is_told(connection: Any, tmp_path: Path) -> None:
    with pytest.raises(AnsibleError, match=r"(?s)Cannot fetch file 'E:\\none': .*No such file"):
        connection.fetch_file("E:\\none", str(tmp_path / "back"))


def test_linux_without_windows_says_so(connection: Any, tmp_path: Path) -> None:
    (tmp_path / "mounts").write_text("/dev/sda / ext4 rw 0 0\n")
    with pytest.raises(AnsibleConnectionFailure, match="none is mounted"):
        connection._connect()


def test_interop_switched_off_says_so(connection: Any, tmp_path: Path) -> None:
    (tmp_path / "mnt/c" / POWERSHELL).chmod(0o644)
    with pytest.raises(AnsibleConnectionFailure, match="Interop may be off"):
        connection.exec_command("echo x")


def test_drives_and_paths() -> None:
    table = drives(TABLE.format(root="") + "D: /mnt/My\\040Disk drvfs rw 0 0\nE:\\134 /mnt/e virtiofs rw 0 0\n")
    assert table == {"C": "/mnt/c", "D": "/mnt/My Disk", "E": "/mnt/e"}
    assert here("c:\\Users\\dev\\x.txt", table) == "/mnt/c/Users/dev/x.txt"
    assert here("D:/x", table) == "/mnt/My Disk/x"
    assert here("Z:\\x", table) == here("\\\\server\\share\\x", table) == ""
