# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a tool for dev containers does with a folder like ``examples/devcontainer``, by what its files say.

As https://github.com/devcontainers/cli does it on Linux: the image; a layer on it in which the account has the number
of whoever opens it, and its home belongs to that number; a container with the volumes and the workspace below
``/workspaces``; then commands with the variables that a login shell of the account shows, the image's PATH kept.
"""

from __future__ import annotations

import json
import re
import secrets
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dev.containers import HANDED_ON
from dev.environ import ca_bundle
from dev.errors import DevError
from dev.paths import ROOT

from .transcript import Transcript

FOLDER = ROOT / "examples" / "devcontainer"
# Where a company's base image has its own authorities; Debian's ca-certificates takes them up when it is installed.
AUTHORITIES = "/usr/local/share/ca-certificates/machine.crt"


def described(folder: Path = FOLDER) -> dict[str, Any]:
    """devcontainer.json without its comments, each of which has a line of its own."""
    text = (folder / "devcontainer.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))
    return found


@dataclass(frozen=True)
class Opened:
    """A container in which the tool runs commands."""

    tool: Tool
    name: str
    variables: Mapping[str, str] = field(default_factory=dict)

    def run(self, *words: str, user: str = "") -> subprocess.CompletedProcess[str]:
        variables = [word for name, value in self.variables.items() for word in ("--env", f"{name}={value}")]
        account = ("--user", user or self.tool.account, "--workdir", self.tool.workspace)
        return self.tool.podman("exec", *account, *variables, self.name, *words)

    def type(self, command: str) -> str:
        """What a command says; it has to succeed."""
        done = self.answer(command)
        if done.returncode:
            raise DevError(f"'{command}' ended with status {done.returncode}: {done.stdout.strip()[-900:]}")
        return done.stdout

    def answer(self, command: str) -> subprocess.CompletedProcess[str]:
        done = self.run("/bin/sh", "-c", command)
        self.tool.log.add(command, done)
        return done

    def probed(self) -> dict[str, str]:
        """The variables of a login shell; what it forgets of the image's PATH stays in front."""
        image = dict(line.split("=", 1) for line in self.run("env").stdout.splitlines() if "=" in line)
        shown = self.run("/bin/bash", "-lic", "printf '\\001'; env -0; printf '\\001'").stdout
        found = dict(line.split("=", 1) for line in shown.split("\001")[1].split("\0") if "=" in line)
        shell = found["PATH"].split(":")
        lost = [entry for entry in image["PATH"].split(":") if entry not in shell and "/sbin" not in entry]
        return {name: value for name, value in found.items() if name != "PWD"} | {"PATH": ":".join([*lost, *shell])}


@dataclass
class Tool:
    """One folder with a devcontainer.json, opened by an account with this number; ``close`` leaves nothing."""

    owner: int
    group: int
    env: Mapping[str, str]
    log: Transcript
    folder: Path = FOLDER
    name: str = field(default_factory=lambda: f"gopherops-devcontainer-{secrets.token_hex(4)}")

    def __post_init__(self) -> None:
        self.says = described(self.folder)
        self.account: str = self.says["remoteUser"]
        self.image, self.workspace = f"localhost/{self.name}:image", "/workspaces/hello"
        self.containers: list[str] = []

    def podman(self, *words: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        given: dict[str, Any] = {"input": text} if text is not None else {"stdin": subprocess.DEVNULL}
        return subprocess.run(
            ["podman", *words], env=dict(self.env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", check=False, **given,
        )  # fmt: skip

    def need(self, *words: str, text: str | None = None) -> str:
        done = self.podman(*words, text=text)
        self.log.add(f"podman {' '.join(words)}", done)
        if done.returncode:
            raise DevError(f"Cannot run 'podman {words[0]}': {done.stdout.strip()[-900:]}")
        return done.stdout

    def build(self, base: str, collection: Path) -> None:
        """The image, from a stand-in for Debian's own, this machine's authorities, the collection of this tree."""
        # Some images set HOME for everybody, whoever is to work in them.
        self.need("build", "--tag", f"{self.image}-base", "-", text=f"FROM {base}\nENV HOME=/root\n")
        found = ca_bundle(self.env)
        options = ["--volume", f"{collection.parent}:/media:ro"]
        options += ["--volume", f"{found}:{AUTHORITIES}:ro"] if found else []
        options += [word for name in HANDED_ON if self.env.get(name) for word in ("--env", name)]
        arguments = {"BASE": f"{self.image}-base", "COLLECTION": f"/media/{collection.name}"}
        options += [word for name, value in arguments.items() for word in ("--build-arg", f"{name}={value}")]
        docker = self.folder / self.says["build"]["dockerfile"]
        # Without layers of single steps nothing is left over when one of them fails.
        place = ("--layers=false", "--tag", self.image, "--file", str(docker), str(self.folder))
        self.need("build", *options, *place)

    def renumber(self) -> None:
        """The numbers in the account files, and the home; nothing else that the account owns."""
        if not self.says.get("updateRemoteUserUID", True):
            self.need("tag", self.image, f"{self.image}-own")
            return
        old = self.need("run", "--rm", self.image, "sh", "-c", f"id -u {self.account}; id -g {self.account}")
        uid, gid = old.split()
        accounts = f"s/^({self.account}:[^:]*):{uid}:{gid}:/\\1:{self.owner}:{self.group}:/"
        groups = f"s/^([^:]*:[^:]*):{gid}:/\\1:{self.group}:/"
        own = f"chown -R {self.owner}:{self.group} $(getent passwd {self.account} | cut -d: -f6)"
        steps = f"sed -i -E '{accounts}' /etc/passwd && sed -i -E '{groups}' /etc/group && {own}"
        layer = f"FROM {self.image}\nUSER root\nRUN {steps}\nUSER {self.account}\n"
        self.need("build", "--layers=false", "--tag", f"{self.image}-own", "-", text=layer)

    def open(self, workspace: Path, volumes: Sequence[str]) -> Opened:
        name = f"{self.name}-{len(self.containers)}"
        self.containers.append(name)
        mounts = [f"type=bind,source={workspace},target={self.workspace}", *volumes]
        options = ["--detach", "--rm", "--stop-signal", "9", "--timeout", "7200", "--name", name]
        options += [word for mount in mounts for word in ("--mount", mount)]
        self.need("run", *options, f"{self.image}-own", "sleep", "infinity")
        said: dict[str, str] = self.says.get("remoteEnv", {})
        return Opened(self, name, Opened(self, name).probed() | said)

    @property
    def mounts(self) -> list[str]:
        """The volumes; ``devcontainerId`` is the one variable that is known here."""
        mounts = [str(mount).replace("${devcontainerId}", self.name) for mount in self.says["mounts"]]
        if unknown := [mount for mount in mounts if "${" in mount]:
            raise DevError(f"Cannot mount {unknown}: nobody here says what stands for that variable.")
        return mounts

    def volume(self, target: str) -> Path:
        """Where the volume that is mounted there lies on this machine."""
        mount = next((mount for mount in self.mounts if f"target={target}," in mount), "")
        if not mount:
            raise DevError(f"Cannot find the volume of {target}: devcontainer.json mounts none there.")
        name = re.findall(r"source=([^,]+)", mount)[0]
        return Path(self.need("volume", "inspect", "--format", "{{.Mountpoint}}", name).strip())

    def leave(self, opened: Opened) -> None:
        self.podman("rm", "--force", "--time", "0", opened.name)

    def close(self) -> None:
        """Containers, volumes and images, whether they came to be or not."""
        for name in self.containers:
            self.podman("rm", "--force", "--time", "0", name)
        for mount in self.says["mounts"]:
            name = re.findall(r"source=([^,]+)", str(mount))[0].replace("${devcontainerId}", self.name)
            self.podman("volume", "rm", "--force", name)
        for kind in ("-own", "", "-base"):
            self.podman("image", "rm", "--force", f"{self.image}{kind}")
