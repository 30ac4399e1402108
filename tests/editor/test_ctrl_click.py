# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl+Click for real: the roles provision an account, code-server starts there, a browser opens a Go file in it.

The extension is a stand-in, since no package registry carries golang.go: it reads the same settings and starts the
gopls that they name. What golang.go asks or installs by itself is not shown here.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from dev.containers import Container, running
from dev.paths import CACHE, ROOT
from vscode import editor

PORT = 8080
GOPLS = "/home/dev/go/bin/gopls"
PROGRAM = 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("hello")\n}\n'
PICTURE = CACHE / "logs" / "ctrl-click.png"
ROLES = ("go_sdk", "go_env", "go_tools", "vscode")


def provision(container: Container, package: Path) -> None:
    """What a user's playbook does, without root; code-server is the product."""
    variables = {
        "go_sdk_delivery": "controller",  # kept there: a second run downloads and builds nothing
        "go_tools_delivery": "controller",
        "go_tools_list": [{"name": "gopls"}],
        "vscode_products": ["code-server"],
        "vscode_extensions": [{"name": "gopherops.standin", "vsix": str(package)}],
        "vscode_settings": {"security.workspace.trust.enabled": False, "workbench.startupEditor": "none"},
    }
    roles = [{"role": f"gopherops.workstation.{name}"} for name in ROLES]
    play = {"hosts": "all", "gather_facts": False, "vars": variables, "roles": roles}
    host = {
        "ansible_connection": "containers.podman.podman",
        "ansible_host": container.name,
        "ansible_user": "dev",
        "ansible_podman_extra_env": {"HOME": "/home/dev", "USER": "dev"},
    }
    book, inventory = package.parent / "play.json", package.parent / "hosts.json"
    book.write_text(json.dumps([play]), "utf-8")
    inventory.write_text(json.dumps({"all": {"hosts": {"desk": host}}}), "utf-8")
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(inventory), str(book)]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def start(container: Container) -> None:
    """As the developer starts it, from a login shell: Go is where the roles put it."""
    container.need("mkdir", "project")
    for name, content in (("main.go", PROGRAM), ("go.mod", "module example.test/project\n\ngo 1.26\n")):
        container.need("sh", "-c", 'printf %s "$1" > "project/$2"', "sh", content, name)
    entry = f"{editor.INSTALLED}/editor/node_modules/code-server/out/node/entry.js"
    options = f"--auth none --bind-addr 127.0.0.1:{PORT} --disable-telemetry --disable-update-check"
    line = f"exec {editor.NODE}/bin/node {entry} {options} ~/project > ~/code-server.log 2>&1"
    subprocess.run(container.command("bash", "-lc", f"({line}) & sleep 1"), check=True, stdin=subprocess.DEVNULL)
    ask = f"import urllib.request as r; r.urlopen('http://127.0.0.1:{PORT}/healthz', timeout=5)"
    for _attempt in range(300):
        if container.run("python3", "-c", ask).returncode == 0:
            return
        time.sleep(1)
    pytest.fail(f"code-server does not serve:\n{container.run('cat', 'code-server.log').stdout}")


def line_of_println(container: Container) -> str:
    source = container.need("bash", "-lc", "cd project && echo $(go env GOROOT)/src/fmt/print.go").strip()
    return container.need("grep", "--line-number", "^func Println(", source).partition(":")[0]


@dataclass(frozen=True)
class Seen:
    """What stood on the screen after F12 and after Ctrl+Click, and the machine on which it did."""

    container: Container
    by: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    try:
        there = editor.install(os.environ)
    except editor.UnavailableError as error:
        pytest.skip(f"no editor to try it in: {error}")
    volumes = ("--volume", f"{there}:{editor.INSTALLED}:ro", "--volume", f"{editor.HERE}:/opt/tools:ro")
    with running("editor", os.environ, *volumes) as container:
        provision(container, editor.standin(there, tmp_path_factory.mktemp("standin")))
        start(container)
        modules = f"NODE_PATH={editor.INSTALLED}/editor/node_modules"
        driver = ("env", modules, f"{editor.NODE}/bin/node", "/opt/tools/drive.js")
        words = ("main.go", "Println", line_of_println(container), "/tmp/ctrl-click.png")
        done = container.run(*driver, f"http://127.0.0.1:{PORT}/", *words)
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        copy = ["podman", "cp", f"{container.name}:/tmp/ctrl-click.png", str(PICTURE)]
        subprocess.run(copy, env=os.environ, check=False, capture_output=True)
        log = container.run("tail", "--lines=40", "code-server.log").stdout
        assert done.returncode == 0, f"{done.stdout}\n{log}"
        yield Seen(container, json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("how", ["F12", "Ctrl+Click"])
def test_it_lands_in_the_standard_library(seen: Seen, how: str) -> None:
    screen = seen.by[how]
    assert screen["tab"] == "print.go"
    assert f"Ln {line_of_println(seen.container)}," in screen["cursor"]
    assert re.search(r"src\W*fmt\W*print\.go", screen["crumbs"]), screen["crumbs"]


def test_the_gopls_that_answered_is_the_pinned_one(seen: Seen) -> None:
    running_one = seen.container.need("sh", "-c", "readlink /proc/$(pgrep --oldest --exact gopls)/exe").strip()
    assert running_one == GOPLS
    settings = seen.container.need("cat", ".local/share/code-server/User/settings.json")
    assert json.loads(settings)["go.alternateTools"] == {"gopls": GOPLS}


def test_a_picture_is_kept(seen: Seen) -> None:
    assert seen.by
    assert PICTURE.read_bytes().startswith(b"\x89PNG") and PICTURE.stat().st_size > 10_000
