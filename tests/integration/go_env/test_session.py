# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What no shell file reaches: services of a user, and commands over ssh for a shell that reads nothing.

A container in which systemd really is process 1, with logind and PAM: ``systemd-run --user`` is the environment that a
desktop's programs get. The doors are environment.d and, where asked for, /etc/environment.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

from dev import environ  # noqa: E402
from dev.containers import Container, running  # noqa: E402
from dev.venvs import ensure  # noqa: E402

ASK = 'echo "$(command -v go)|$GODEBUG|$PATH"'
STAND_IN = "mkdir -p {0}/bin && printf '#!/bin/sh\\n' > {0}/bin/go && chmod 755 {0}/bin/go"


@pytest.fixture(scope="module")
def session() -> Iterator[Container]:
    env = environ.test_env(ensure("test"), os.environ)
    with running("bookworm-systemd", env, "--systemd=always", command=["/lib/systemd/systemd"]) as container:
        for _ in range(100):
            state = container.run("systemctl", "is-system-running", user="root").stdout.strip()
            if state in {"running", "degraded"}:
                break
            time.sleep(0.2)
        else:
            pytest.skip(f"systemd does not start in a container of this machine: {state}")
        pam = "sed -i 's/^UsePAM no/UsePAM yes/' /etc/ssh/sshd_config.d/gopherops.conf && systemctl restart ssh"
        container.need("sh", "-c", pam, user="root")
        yield container


def provision(container: Container, user: str, **variables: object) -> None:
    """The role as this account, over podman."""
    task = {"ansible.builtin.include_role": {"name": "gopherops.workstation.go_env"}, "vars": variables}
    play = [{"hosts": "all", "gather_facts": False, "tasks": [task]}]
    home = {"HOME": f"/home/{user}", "USER": user}
    host = {
        "ansible_connection": "containers.podman.podman",
        "ansible_host": container.name,
        "ansible_user": user,
        "ansible_podman_extra_env": home,
    }
    with tempfile.TemporaryDirectory(prefix="gopherops-session-") as name:
        book, hosts = Path(name) / "book.json", Path(name) / "hosts.json"
        book.write_text(json.dumps(play))
        hosts.write_text(json.dumps({"all": {"hosts": {"session": host}}}))
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(hosts), str(book)]
        done = subprocess.run(command, cwd=ROOT, env=dict(container.env), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]


def as_a_service(container: Container, user: str) -> str:
    """What a program gets that the user's systemd starts; no shell of the chain reads a file."""
    uid = container.need("id", "-u", user, user="root").strip()
    # As after the next log-in: a manager that still runs has the environment of its start.
    again = f"loginctl enable-linger {user} && systemctl restart user@{uid}"
    container.need("sh", "-c", again, user="root")
    bus = f"env -i PATH=/usr/bin:/bin HOME=/home/{user} XDG_RUNTIME_DIR=/run/user/{uid}"
    for _ in range(50):
        if container.run("test", "-S", f"/run/user/{uid}/bus", user="root").returncode == 0:
            break
        time.sleep(0.2)
    asked = f"{bus} systemd-run --user --wait --pipe --quiet sh -c '{ASK}'"
    return container.need("sh", "-c", asked, user=user).strip()


def over_ssh(container: Container, user: str) -> str:
    """What a command over ssh gets where the login shell is a dash, which then reads no file."""
    prepare = f"""umask 077; mkdir -p /home/{user}/.ssh; usermod --shell /bin/dash {user}
        test -e /root/key || ssh-keygen -q -t ed25519 -N '' -f /root/key
        cat /root/key.pub > /home/{user}/.ssh/authorized_keys; chown -R {user}:{user} /home/{user}/.ssh"""
    container.need("sh", "-c", prepare, user="root")
    options = "-qi /root/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
    return container.need("sh", "-c", f"ssh {options} {user}@127.0.0.1 '{ASK}'", user="root").strip().splitlines()[-1]


def test_an_account_reaches_the_services_of_its_session(session: Container) -> None:
    session.need("sh", "-c", STAND_IN.format("/home/dev/sdk/go"))
    provision(session, "dev", go_env_environment={"GODEBUG": "http2client=0"})
    found = as_a_service(session, "dev")
    assert found.startswith("/home/dev/sdk/go/bin/go|http2client=0|/home/dev/sdk/go/bin:/home/dev/go/bin:")
    assert found.endswith("/bin")


def test_a_machine_reaches_everybodys_services_and_by_pam_everybodys_logins(session: Container) -> None:
    session.need("sh", "-c", STAND_IN.format("/usr/local/go"), user="root")
    shells = ["sh", "bash", "zsh", "fish", "systemd"]
    given: dict[str, object] = {"go_env_scope": "machine", "go_env_environment": {"GODEBUG": "http2client=0"}}
    before = over_ssh(session, "gopher")
    assert before.startswith("||")
    provision(session, "admin", go_env_shells=shells, **given)
    found = as_a_service(session, "gopher")
    assert found.startswith("/usr/local/go/bin/go|http2client=0|/usr/local/go/bin:/home/gopher/go/bin:")
    assert over_ssh(session, "gopher") == before
    provision(session, "admin", go_env_shells=[*shells, "pam"], **given)
    assert over_ssh(session, "gopher").startswith("/usr/local/go/bin/go|http2client=0|/usr/local/go/bin:")
    inside = session.need("su", "-", "gopher", "-c", ASK, user="root").strip()
    assert inside.startswith("/usr/local/go/bin/go|http2client=0|/usr/local/go/bin:/home/gopher/go/bin:")
    provision(session, "admin", go_env_state="absent", go_env_scope="machine")
    assert over_ssh(session, "gopher") == before
