"""The loopback WinRM endpoint: pywinrm, and Ansible's own connection through it, really talk to it."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure
from ansible.playbook.play_context import PlayContext
from ansible.plugins.loader import connection_loader
from windows.winrm_endpoint import Endpoint, words_of

winrm = pytest.importorskip("winrm", reason="pywinrm is not installed")

# Stands in for PowerShell: says back what it was to run and what it was sent, and ends with a status of its own.
POWERSHELL = """
import base64, sys
script = base64.b64decode(sys.argv[sys.argv.index('-EncodedCommand') + 1]).decode('utf-16-le')
sys.stdout.write('ran ' + script + '\\n')
if '$input' in script:
    data = sys.stdin.buffer.read()
    sys.stdout.write(f'got {len(data)} bytes\\n')
sys.stderr.write('a warning\\n')
sys.exit(7)
"""


def start(words: Sequence[str]) -> list[str]:
    if words[0].lower().removesuffix(".exe") in {"powershell", "pwsh"}:
        return [sys.executable, "-c", POWERSHELL, *words[1:]]
    return list(words)


@pytest.fixture(name="endpoint")
def running_endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)  # pywinrm warns of it, also where nothing is encrypted
    with Endpoint(start, "ada", "hunter2") as endpoint:
        yield endpoint


def client(endpoint: Endpoint, password: str = "hunter2") -> Any:
    return winrm.Protocol(endpoint.url, transport="basic", username="ada", password=password)


def test_a_command_gives_output_errors_and_status(endpoint: Endpoint) -> None:
    protocol = client(endpoint)
    shell = protocol.open_shell()
    command = protocol.run_command(shell, "sh", ["-c", "'echo out; echo err >&2; exit 3'"])
    assert protocol.get_command_output(shell, command) == (b"out\n", b"err\n", 3)
    protocol.cleanup_command(shell, command)
    protocol.close_shell(shell)
    assert endpoint.asked[0] == "Create"
    assert endpoint.asked[-2:] == ["Signal", "Delete"]
    assert endpoint.shells == {}


def test_a_slow_command_is_waited_for_and_much_output_is_whole(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It says nothing until it was asked a third time, however long that takes."""
    monkeypatch.setattr("windows.winrm_endpoint.PATIENCE", 0.1)

    def release() -> None:
        while endpoint.asked.count("Receive") <= 2:
            time.sleep(0.01)
        (tmp_path / "go").touch()

    threading.Thread(target=release, daemon=True).start()
    protocol = client(endpoint)
    shell = protocol.open_shell()
    script = f"'until [ -e {tmp_path}/go ]; do sleep 0.05; done; head -c 300000 /dev/zero'"
    command = protocol.run_command(shell, "sh", ["-c", script])
    out, _err, status = protocol.get_command_output(shell, command)
    assert (out, status) == (bytes(300000), 0)
    assert endpoint.asked.count("Receive") > 2


def test_a_wrong_password_and_an_unknown_shell_are_refused(endpoint: Endpoint) -> None:
    with pytest.raises(winrm.exceptions.InvalidCredentialsError):
        client(endpoint, "wrong").open_shell()
    with pytest.raises(winrm.exceptions.WinRMError):
        client(endpoint).run_command("nowhere", "true")


def test_words_are_split_as_windows_does() -> None:
    assert words_of("powershell -File", [r"C:\a\b.ps1", '"C:\\Program Files\\x"', "'y z'"]) == [
        "powershell",
        "-File",
        r"C:\a\b.ps1",
        r"C:\Program Files\x",
        "y z",
    ]


def test_ansibles_own_connection_runs_scripts_and_sends_what_they_read(endpoint: Endpoint, tmp_path: Path) -> None:
    connection = connection_loader.get("ansible.builtin.winrm", PlayContext())
    port = int(endpoint.url.rsplit(":", 1)[1].split("/", maxsplit=1)[0])
    connection.set_options(
        var_options={"_extras": {}},
        direct={
            "remote_addr": "127.0.0.1",
            "remote_user": "ada",
            "remote_password": "hunter2",
            "port": port,
            "scheme": "http",
            "transport": ["basic"],
        },
    )
    try:
        status, out, err = connection.exec_command("Get-Date")
        assert status == 7
        assert b"ran " in out and b"Get-Date" in out
        assert b"a warning" in err
        sent = connection.exec_command("$input | Measure-Object", in_data=b"x" * 100_000)
        assert b"got 100000 bytes" in sent[1]
    finally:
        connection.close()


def test_ansible_says_that_the_password_is_wrong(endpoint: Endpoint) -> None:
    connection = connection_loader.get("ansible.builtin.winrm", PlayContext())
    port = int(endpoint.url.rsplit(":", 1)[1].split("/", maxsplit=1)[0])
    login = {"remote_addr": "127.0.0.1", "remote_user": "ada", "remote_password": "no", "port": port}
    connection.set_options(var_options={"_extras": {}}, direct={**login, "scheme": "http", "transport": ["basic"]})
    with pytest.raises(AnsibleConnectionFailure, match=r"rejected|credentials"):
        connection.exec_command("Get-Date")
