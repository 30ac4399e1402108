# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: read and unpack a ``.vsix``, on the controller and on the target."""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
import zlib
from dataclasses import dataclass

from ansible_collections.gopherops.workstation.plugins.module_utils._digest import sha256
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

MAX_UNPACKED = 2 * 1024**3
_PLATFORM = re.compile(rb'<Identity\b[^>]*\bTargetPlatform="([^"]*)"')
_PRE_RELEASE = re.compile(rb'Id="Microsoft\.VisualStudio\.Code\.PreRelease"\s+Value="true"')
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*\.[A-Za-z0-9][A-Za-z0-9._-]*")
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.+-]+)?")


@dataclass(frozen=True)
class Package:
    """What a ``.vsix`` says about itself."""

    name: str  # publisher.name, in lower case
    version: str
    platform: str  # empty for one that runs everywhere
    pre_release: bool
    sha256: str

    @property
    def folder(self) -> str:
        """The name of its folder, as VS Code makes it."""
        return f"{self.name}-{self.version}" + (f"-{self.platform}" if self.platform else "")


def inspect(path: str) -> Package:
    """Identity and hash of a package; raises for what is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = archive.read("extension/package.json")
            about = archive.read("extension.vsixmanifest") if "extension.vsixmanifest" in archive.namelist() else b""
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise _cannot(
            "read", path, str(error) or type(error).__name__, "Fetch it again; it is no VS Code package"
        ) from error
    return describe(path, manifest, about, sha256(path))


def describe(path: str, content: bytes, about: bytes, digest: str) -> Package:
    """Identity of a package by its two manifests."""
    try:
        manifest = json.loads(content)
        name, version = f"{manifest['publisher']}.{manifest['name']}", str(manifest["version"])
    except (KeyError, ValueError, TypeError) as error:
        raise _cannot("read", path, str(error), "Fetch it again; it is no VS Code package") from error
    # Both become the name of a folder.
    if not _NAME.fullmatch(name) or not _VERSION.fullmatch(version):
        raise _cannot("read", path, f"its name or version is odd: {name!r} {version!r}", "Fetch it again")
    platform = _PLATFORM.search(about)
    found = platform.group(1).decode("ascii", "replace") if platform else ""
    return Package(
        name.lower(), version, "" if found == "universal" else found, bool(_PRE_RELEASE.search(about)), digest
    )


def unpack(path: str, folder: str) -> None:
    """The extension's files into a new folder; no entry can reach outside it."""
    try:
        with zipfile.ZipFile(path) as archive:
            _unpack(archive, path, os.path.realpath(folder))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise _cannot("unpack", path, f"it is damaged ({error})", "Fetch it again") from error


def _unpack(archive: zipfile.ZipFile, path: str, root: str) -> None:
    members = [info for info in archive.infolist() if info.filename.startswith("extension/")]
    if sum(info.file_size for info in members) > MAX_UNPACKED:
        raise _cannot("unpack", path, f"it holds more than {MAX_UNPACKED // 1024**3} GiB", "Use another package")
    for info in members:
        relative = info.filename[len("extension/") :]
        target = os.path.normpath(os.path.join(root, relative))
        if target != root and not target.startswith(root + os.sep):
            raise _cannot("unpack", path, f"an entry points outside: {info.filename!r}", "Do not trust this file")
        if info.is_dir():
            os.makedirs(target, exist_ok=True)
            continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(info) as source, open(target, "xb") as file:
            shutil.copyfileobj(source, file, 1 << 20)
        if info.external_attr >> 16 & 0o111:  # language servers and debuggers come as programs
            os.chmod(target, 0o755)
    if "extension.vsixmanifest" in archive.namelist():
        with open(os.path.join(root, ".vsixmanifest"), "wb") as file:
            file.write(archive.read("extension.vsixmanifest"))


def _cannot(verb: str, path: str, cause: str, advice: str) -> WorkstationError:
    return WorkstationError(verb, "extension package", path, cause, advice)
