# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``vscode_install`` on a real Debian: from a package source that the test signs and serves, and from one that is away.

The package is a stand-in: what is shown is that the source is written, its key checked, and the package asked for.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dev.containers import Container, running

ROOT = Path(__file__).resolve().parents[3]
PORT = 8000
SOURCE = "/etc/apt/sources.list.d/vscode.sources"
KEY = "/usr/share/keyrings/vscode.asc"
# What Ansible needs for apt comes first; afterwards Debian's archive is out of the way, so that no update takes long.
PACKAGE = """
set -eu
apt-get -qq update
apt-get -qq install python3-apt >/dev/null
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /var/lib/apt/lists/*
mkdir -p /tmp/code/DEBIAN /tmp/code/usr/bin
printf '#!/bin/sh\\necho 1.139.1\\n' > /tmp/code/usr/bin/code
chmod 755 /tmp/code/usr/bin/code
printf 'Package: code\\nVersion: 1.139.1\\nArchitecture: all\\nMaintainer: a test <test@example.test>\\n' \
  > /tmp/code/DEBIAN/control
echo 'Description: a stand-in' >> /tmp/code/DEBIAN/control
dpkg-deb --build --root-owner-group /tmp/code /srv/code.deb
rm -r /tmp/code
"""


def sign(folder: Path) -> None:
    """Make a package source of ``code.deb``, as apt wants it, with a key of its own."""
    home = folder / "gnupg"
    home.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""]
    subprocess.run([*gpg, "--quick-generate-key", "test@example.test", "rsa3072", "sign", "never"], check=True)
    subprocess.run([*gpg, "--armor", "--output", str(folder / "key.asc"), "--export"], check=True)
    package = (folder / "code.deb").read_bytes()
    index = (
        "Package: code\nVersion: 1.139.1\nArchitecture: all\nMaintainer: a test <test@example.test>\n"
        f"Filename: code.deb\nSize: {len(package)}\nSHA256: {hashlib.sha256(package).hexdigest()}\n"
        "Description: a stand-in\n"
    ).encode()
    dist = folder / "dists" / "stable"
    for architecture in ("amd64", "arm64"):
        binary = dist / "main" / f"binary-{architecture}"
        binary.mkdir(parents=True)
        (binary / "Packages").write_bytes(index)
    listed = "".join(
        f" {hashlib.sha256(index).hexdigest()} {len(index)} main/binary-{name}/Packages\n"
        for name in ("amd64", "arm64")
    )
    release = "Origin: test\nSuite: stable\nCodename: stable\nDate: Thu, 01 Jan 2026 09:00:00 UTC\n"
    release += f"Architectures: amd64 arm64 all\nComponents: main\nSHA256:\n{listed}"
    (folder / "Release").write_text(release, "utf-8")
    subprocess.run([*gpg, "--output", str(dist / "InRelease"), "--clearsign", str(folder / "Release")], check=True)
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "gpg-agent"], check=False)


class Laptop:
    """A container with an account that may become root, and the role's tasks run on it."""

    def __init__(self, container: Container, folder: Path) -> None:
        self.container, self.folder = container, folder

    def install(self, *arguments: str, **variables: str) -> dict[str, Any]:
        """The role's installing part: what became of each task, and how it ended."""
        role = {"name": "gopherops.workstation.vscode", "tasks_from": "install"}
        task = {"name": "It", "ansible.builtin.include_role": role, "vars": variables}
        book = self.folder / "play.json"
        book.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": [task]}]), "utf-8")
        inventory = self.folder / "hosts.json"
        host = {
            "ansible_connection": "containers.podman.podman",
            "ansible_host": self.container.name,
            "ansible_user": "admin",
            "ansible_pipelining": True,
            "ansible_podman_extra_env": {"HOME": "/home/admin"},
        }
        inventory.write_text(json.dumps({"all": {"hosts": {"laptop": host}}}), "utf-8")
        environment = {
            **os.environ,
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
        }
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(inventory), *arguments, str(book)]
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
        assert "{" in done.stdout, done.stdout + done.stderr
        said = json.loads(done.stdout[done.stdout.index("{") :])
        tasks = [task["hosts"]["laptop"] for play in said["plays"] for task in play["tasks"] if task["hosts"]]
        return {**said["stats"]["laptop"], "msg": [str(task["msg"]) for task in tasks if "msg" in task]}

    def has(self, path: str) -> bool:
        return self.container.run("test", "-e", path).returncode == 0


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laptop]:
    if not shutil.which("gpg"):
        pytest.skip("gpg is not installed; it signs the package source of this test")
    folder = tmp_path_factory.mktemp("source")
    with running("trixie", os.environ, "--volume", f"{folder}:/srv") as container:
        container.need("sh", "-c", PACKAGE, user="root")
        sign(folder)
        serve = f"cd /srv && exec python3 -m http.server {PORT} --bind 127.0.0.1 >/dev/null 2>&1"
        answers = f"curl --silent --fail --output /dev/null http://127.0.0.1:{PORT}/key.asc"
        wait = f"for i in $(seq 600); do {answers} && exit; sleep 0.2; done; exit 1"
        subprocess.run(container.command("sh", "-c", f"({serve}) & {wait}", user="root"), check=True)
        yield Laptop(container, folder)


def source(laptop: Laptop, port: int = PORT) -> dict[str, str]:
    return {
        "vscode_install_repository": f"http://127.0.0.1:{port}",
        "vscode_install_key": f"http://127.0.0.1:{PORT}/key.asc",
        "vscode_install_key_sha256": hashlib.sha256((laptop.folder / "key.asc").read_bytes()).hexdigest(),
    }


def test_away_or_wrong_it_says_one_sentence_and_leaves_nothing(laptop: Laptop) -> None:
    for wrong, why in (
        ({"vscode_install_key": "http://127.0.0.1:9/key.asc"}, "Request failed"),
        ({"vscode_install_key_sha256": "0" * 64}, "checksum"),
        ({"vscode_install_repository": "http://127.0.0.1:9"}, ""),
    ):
        ended = laptop.install(**{**source(laptop), **wrong})
        assert ended["failures"] == 1 and ended["rescued"] == 1, ended
        said = ended["msg"][-1]
        assert said.startswith("Cannot install 'VS Code' from 'http://127.0.0.1:") and why in said
        assert "set vscode_install_repository" in said and "\n" not in said
        assert not laptop.has(SOURCE) and not laptop.has(KEY) and not laptop.has("/usr/bin/code")


def test_it_is_predicted_installed_and_then_left_alone(laptop: Laptop) -> None:
    predicted = laptop.install("--check", **source(laptop))
    assert predicted["changed"] == 1 and f"Would install VS Code from {SOURCE}" in predicted["msg"]
    assert not laptop.has(SOURCE) and not laptop.has(KEY)
    first = laptop.install(**source(laptop))
    assert first["failures"] == 0 and first["changed"] > 0, first
    assert laptop.container.need("code").strip() == "1.139.1"
    assert "Signed-By: /usr/share/keyrings/vscode.asc" in laptop.container.need("cat", SOURCE)
    assert "root root 644" in laptop.container.need("stat", "--format", "%U %G %a", SOURCE, KEY)
    again = laptop.install(**source(laptop))
    assert again["failures"] == again["changed"] == 0, again
