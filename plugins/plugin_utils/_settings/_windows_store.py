# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the folders of extensions on a Windows host, as ``win_vscode_extension`` sees them.

Every act is one call, and its answer says how the folder stands afterwards: the brain believes only that.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import ntpath
from collections.abc import Callable
from typing import Any, ClassVar

from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._extensions import Store, manifest_id
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._vsix import Package, describe
from ansible_collections.gopherops.workstation.plugins.plugin_utils._settings._windows import Disk, Execute


class Host(Disk):
    """What was asked of the host so far."""

    def __init__(self, execute: Execute, names: list[str], question: dict[str, Any]) -> None:
        self._names = names
        self.stores: dict[str, dict[str, Any]] = {}
        self.programs: dict[str, str] = {}
        self.policies: dict[str, str] = {}
        self.processor = ""
        self._first = {name: question[name] for name in ("folders", "policies")}
        super().__init__(execute, question["paths"], question["commands"])

    def act(self, kind: str, path: str, folder: str, **more: Any) -> dict[str, Any]:
        """One act, and how the folder stands after it."""
        act = {"kind": kind, "path": path, "folder": folder, **more}
        return self._say({"action": "apply", "act": act, "folders": [folder] if folder else []})

    def store(self, folder: str) -> dict[str, Any]:
        key = ntpath.normcase(folder)
        if key not in self.stores:
            self._say({"action": "read", "folders": [folder]})
        return self.stores[key]

    def package(self, path: str) -> Package:
        """A package that lies on the host."""
        told = self._say({"action": "read", "packages": [path]})["packages"][0]
        manifest, about = base64.b64decode(told["manifest"]), base64.b64decode(told["about"])
        return describe(path, manifest, about, told["sha256"])

    def _ask(self, paths: list[str], commands: list[str]) -> dict[str, Any]:
        first, self._first = self._first, {}
        return self._say({"action": "read", "paths": paths, "commands": commands, **first})

    def _say(self, question: dict[str, Any]) -> dict[str, Any]:
        answer = super()._say({"names": self._names, **question})
        self.processor = answer["processor"]
        self.programs.update({name: path for name, path in answer["commands"].items() if path})
        self.policies.update(answer["policies"])
        for one in answer["stores"]:
            self.stores[ntpath.normcase(one["asked"])] = self.stores[ntpath.normcase(one["path"])] = one
        return answer


class WindowsStore(Store):
    """One folder of extensions on the host."""

    join: ClassVar[Callable[..., str]] = staticmethod(ntpath.join)

    def __init__(self, folder: str, host: Host) -> None:
        super().__init__(ntpath.normpath(folder))
        self._host = host

    def _path(self, entry: dict[str, Any]) -> str:
        path = super()._path(entry)
        # The path of a file's URI: /c:/Users/ada
        return path[1:].replace("/", "\\") if path.startswith("/") else path

    def _location(self, path: str) -> str:
        return f"/{path[0].lower()}{path[1:]}".replace("\\", "/")

    def _read(self, path: str) -> bytes:
        state = self._host.store(self.folder)
        packed = state["files"].get(ntpath.relpath(path, self.folder))
        if packed is not None:
            return gzip.decompress(base64.b64decode(packed))
        if ntpath.basename(ntpath.dirname(path)) in state["folders"]:
            # An extension in a folder that does not bear its name.
            return self._host.read_or_raise(path)
        raise FileNotFoundError(path)

    def _names(self) -> list[str]:
        return sorted(self._host.store(self.folder)["folders"])

    def _folders(self, name: str) -> list[str]:
        """By the names of the folders: reading every manifest would take them all over the wire."""
        found = []
        for folder in self._all_folders():
            if folder.lower().startswith(f"{name.lower()}-"):
                manifest = self._json(ntpath.join(self.folder, folder, "package.json"))
                if isinstance(manifest, dict) and manifest_id(manifest) == name.lower():
                    found.append(folder)
        return found

    def _replace(self, path: str, content: bytes) -> None:
        try:
            before = hashlib.sha256(self._read(path)).hexdigest()
        except FileNotFoundError:
            before = "absent"
        data = base64.b64encode(content).decode("ascii")
        self._host.act("write", path, self.folder, before=before, content=data)

    def _lay(self, path: str, package: Package) -> str:
        self._host.act("lay", path, self.folder, name=package.folder, sha256=package.sha256)
        return ntpath.join(self.folder, package.folder)

    def _delete(self, folder: str) -> None:
        answer = self._host.act("remove", ntpath.join(self.folder, folder), self.folder)
        if answer.get("left"):
            # A running editor holds it open, and removes what is marked when it starts next.
            self._mark_obsolete([folder], "")
