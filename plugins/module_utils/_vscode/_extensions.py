# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: which extensions are really there, and how one gets in without the editor's help.

The command line of VS Code exits 0 without having done anything, so only the disk is asked: the list
``extensions.json``, the folder that it names, and the manifest in that folder.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from ansible_collections.gopherops.workstation.plugins.module_utils._atomic import replace_file
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._vsix import Package, unpack


@dataclass(frozen=True)
class Installed:
    """One extension as it is on disk."""

    name: str
    version: str
    path: str
    pinned: bool
    pre_release: bool


class Store:
    """One folder of extensions with its list."""

    join: ClassVar[Callable[..., str]] = staticmethod(os.path.join)

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.list = self.join(folder, "extensions.json")

    def find(self, name: str) -> Installed | None:
        """The extension, if its entry, its folder and the manifest in there agree."""
        for entry in self._entries():
            if _id(entry) == name.lower():
                path = self._path(entry)
                manifest = self._json(self.join(path, "package.json"))
                there = isinstance(manifest, dict) and str(manifest.get("version")) == entry.get("version")
                if there and _base(path) not in self._obsolete():
                    about = entry.get("metadata") or {}
                    early = about.get("preRelease") is True or about.get("isPreReleaseVersion") is True
                    return Installed(name.lower(), str(entry["version"]), path, about.get("pinned") is True, early)
        return None

    def listed(self, name: str) -> bool:
        """Whether anything of the extension is left: an entry or a folder."""
        return any(_id(entry) == name.lower() for entry in self._entries()) or bool(self._folders(name))

    def install(self, path: str, package: Package) -> None:
        """Unpack beside, rename, then put it on the list: at every moment the list is right."""
        final = self._lay(path, package)
        entries = self._entries()
        old = [_base(self._path(entry)) for entry in entries if _id(entry) == package.name]
        kept = [entry for entry in entries if _id(entry) != package.name]
        self._write([*kept, _entry(package, self._location(final))])
        # A running editor may still use the old folder; it removes what is marked when it starts next.
        self._mark_obsolete([one for one in old if one != package.folder], package.folder)

    def pin(self, name: str) -> None:
        """Tell the editor not to update this one by itself."""
        entries = self._entries()
        for entry in entries:
            if _id(entry) == name.lower():
                entry["metadata"] = {**(entry.get("metadata") or {}), "pinned": True}
        self._write(entries)

    def remove(self, name: str) -> None:
        """Off the list first, then the folders."""
        entries = self._entries()
        kept = [entry for entry in entries if _id(entry) != name.lower()]
        if len(kept) < len(entries):
            self._write(kept)
        for folder in self._folders(name):
            self._delete(folder)

    def _entries(self) -> list[dict[str, Any]]:
        try:
            content = json.loads(self._read(self.list).decode("utf-8"))
        except FileNotFoundError:
            # An editor older than the list, or none yet: the editor too would make the list from the folders.
            return [self._found(name) for name in self._all_folders()]
        except (OSError, ValueError) as error:
            raise self._broken(str(error)) from error
        if not isinstance(content, list) or not all(isinstance(one, dict) for one in content):
            raise self._broken("it is no list of extensions")
        return content

    def _broken(self, cause: str) -> WorkstationError:
        return WorkstationError(
            "read", "list of extensions", self.list, cause, "Start the editor once, or move the file away"
        )

    def _write(self, entries: list[dict[str, Any]]) -> None:
        self._replace(self.list, json.dumps(entries, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))

    def _path(self, entry: dict[str, Any]) -> str:
        relative, location = entry.get("relativeLocation"), entry.get("location")
        if isinstance(relative, str):
            return self.join(self.folder, relative)
        return str(location.get("path", "")) if isinstance(location, dict) else ""

    def _all_folders(self) -> list[str]:
        gone = self._obsolete()
        return [name for name in self._names() if not name.startswith(".") and name not in gone]

    def _folders(self, name: str) -> list[str]:
        """Folders of any version of an extension; its name may be the beginning of another's."""
        found = []
        for folder in self._all_folders():
            manifest = self._json(self.join(self.folder, folder, "package.json"))
            if isinstance(manifest, dict) and manifest_id(manifest) == name.lower():
                found.append(folder)
        return found

    def _obsolete(self) -> dict[str, bool]:
        content = self._json(self.join(self.folder, ".obsolete"))
        return content if isinstance(content, dict) else {}

    def _mark_obsolete(self, old: list[str], current: str) -> None:
        before = self._obsolete()
        after = {**{name: flag for name, flag in before.items() if name != current}, **dict.fromkeys(old, True)}
        if after != before:
            self._replace(self.join(self.folder, ".obsolete"), json.dumps(after, separators=(",", ":")).encode())

    def _found(self, folder: str) -> dict[str, Any]:
        path = self.join(self.folder, folder)
        manifest = self._json(self.join(path, "package.json"))
        about = manifest if isinstance(manifest, dict) else {}
        return {
            "identifier": {"id": manifest_id(about)},
            "version": str(about.get("version", "")),
            "location": {"$mid": 1, "path": self._location(path), "scheme": "file"},
            "relativeLocation": folder,
            "metadata": about.get("__metadata", {}),
        }

    def _json(self, path: str) -> Any:
        try:
            return json.loads(self._read(path).decode("utf-8-sig"))
        except (OSError, ValueError):
            return None

    # What touches the disk; a host that is reached in another way brings its own.

    def _location(self, path: str) -> str:
        return path

    def _read(self, path: str) -> bytes:
        with open(path, "rb") as file:
            return file.read()

    def _names(self) -> list[str]:
        """Folders that hold a manifest."""
        try:
            names = sorted(os.listdir(self.folder))
        except OSError:
            return []
        return [name for name in names if os.path.isfile(os.path.join(self.folder, name, "package.json"))]

    def _replace(self, path: str, content: bytes) -> None:
        replace_file(path, content)

    def _lay(self, path: str, package: Package) -> str:
        """Unpack beside and rename."""
        os.makedirs(self.folder, exist_ok=True)
        final = os.path.join(self.folder, package.folder)
        # VS Code ignores folders that begin with a dot, and removes leftovers of its own of that kind.
        staged = os.path.join(self.folder, f".{secrets.token_hex(8)}")
        try:
            os.mkdir(staged)
            unpack(path, staged)
            if os.path.lexists(final):  # left by a run that was killed, or damaged: not on the list, or not right
                os.rename(final, os.path.join(self.folder, f".{secrets.token_hex(8)}"))
            os.rename(staged, final)
        except OSError as error:
            raise WorkstationError(
                "install", "extension", package.name, error.strerror or str(error), "Check space and rights there"
            ) from error
        finally:
            shutil.rmtree(staged, ignore_errors=True)
        return final

    def _delete(self, folder: str) -> None:
        path = os.path.join(self.folder, folder)
        try:
            shutil.rmtree(path)
        except OSError as error:
            cause, advice = error.strerror or str(error), "Check who owns what is in that folder"
            raise WorkstationError("remove", "extension", path, cause, advice) from error


def _entry(package: Package, path: str) -> dict[str, Any]:
    return {
        "identifier": {"id": package.name},
        "version": package.version,
        "location": {"$mid": 1, "path": path, "scheme": "file"},
        "relativeLocation": package.folder,
        "metadata": {
            "installedTimestamp": int(time.time() * 1000),
            "pinned": True,
            "source": "vsix",
            "targetPlatform": package.platform or "undefined",
            "isPreReleaseVersion": package.pre_release,
            "preRelease": package.pre_release,
        },
    }


def manifest_id(manifest: dict[str, Any]) -> str:
    return f"{manifest.get('publisher', '')}.{manifest.get('name', '')}".lower()


def _id(entry: dict[str, Any]) -> str:
    identifier = entry.get("identifier")
    return str(identifier.get("id", "")).lower() if isinstance(identifier, dict) else ""


def _base(path: str) -> str:
    return re.split(r"[\\/]", path)[-1]
