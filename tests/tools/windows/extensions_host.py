"""Plays win_vscode_extension on a dictionary of files."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import ntpath
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vscode.pack import vsix

HOME = "C:\\Users\\J\u00f6rg M\u00fcller (dev)"
APPDATA = ntpath.join(HOME, "AppData", "Roaming")
LOCAL = ntpath.join(HOME, "AppData", "Local")
FOLDER = ntpath.join(HOME, ".vscode", "extensions")
PROGRAM = ntpath.join(LOCAL, "Programs", "Microsoft VS Code", "bin", "code.cmd")


def absent(host: ExtensionsHost, arguments: str) -> dict[str, Any]:
    """A command line that reports success and does nothing, as VS Code's does."""
    return {"rc": 0, "out": "Installing extensions...\r\n", "err": ""}


class ExtensionsHost:
    """Does what win_vscode_extension does, on a dictionary."""

    def __init__(self, **environment: str) -> None:
        self.files: dict[str, bytes] = {ntpath.join(APPDATA, "Code", "machineid"): b"x"}
        self.environment = {"USERPROFILE": HOME, "APPDATA": APPDATA, "LOCALAPPDATA": LOCAL, **environment}
        self.environment.setdefault("ProgramFiles", r"C:\Program Files")
        self.commands: dict[str, str] = {}
        self.policies: dict[str, str] = {}
        self.locked: set[str] = set()
        self.offers: dict[str, bytes] = {}
        """What addresses give."""
        self.editor: Callable[[ExtensionsHost, str], dict[str, Any]] = absent
        self.calls: list[str] = []

    def run(self, module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
        assert module_name == "gopherops.workstation.win_vscode_extension"
        act = module_args.get("act") or {}
        self.calls.append(act.get("kind", module_args["action"]))
        answer: dict[str, Any] = {"changed": bool(act), "environment": self.environment, "processor": "AMD64"}
        if act:
            answer |= getattr(self, f"_{act['kind']}")(act) or {}
        answer["places"] = [self._state(path) for path in module_args.get("paths", [])]
        answer["commands"] = {name: self.commands.get(name, "") for name in module_args.get("commands", [])}
        answer["policies"] = {key: self.policies.get(key, "") for key in module_args.get("policies", [])}
        names = module_args["names"]
        answer["stores"] = [self._store(folder, names) for folder in module_args.get("folders", [])]
        answer["packages"] = [self._package(path) for path in module_args.get("packages", [])]
        return answer

    def expand(self, path: str) -> str:
        for name, value in self.environment.items():
            path = path.replace(f"%{name}%", value)
        assert "%" not in path, path
        return ntpath.normpath(path)

    def folders(self, folder: str) -> list[str]:
        prefix = folder + "\\"
        return sorted({path[len(prefix) :].split("\\")[0] for path in self.files if path.startswith(prefix)})

    def listed(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.files[ntpath.join(FOLDER, "extensions.json")])
        return found

    def versions(self) -> list[str]:
        """The folders of extensions that are on the list."""
        if ntpath.join(FOLDER, "extensions.json") not in self.files:
            return []
        return [entry["relativeLocation"] for entry in self.listed()]

    def with_package(self, path: str) -> ExtensionsHost:
        """A package lies on the machine."""
        with tempfile.TemporaryDirectory() as folder:
            self.files[path] = vsix(Path(folder)).read_bytes()
        return self

    def _state(self, asked: str) -> dict[str, Any]:
        path = self.expand(asked)
        data = self.files.get(path)
        kind = "file" if data is not None else "directory" if self.folders(path) else "absent"
        content = None if data is None else base64.b64encode(data).decode()
        return {"asked": asked, "path": path, "kind": kind, "content": content, "missing": ""}

    def _store(self, asked: str, names: list[str]) -> dict[str, Any]:
        folder = self.expand(asked)

        def packed(name: str) -> str | None:
            data = self.files.get(ntpath.join(folder, name))
            return None if data is None else base64.b64encode(gzip.compress(data)).decode()

        files = {name: packed(name) for name in ("extensions.json", ".obsolete")}
        there = [one for one in self.folders(folder) if packed(rf"{one}\package.json")]
        for one in there:
            if files["extensions.json"] is None or any(one.lower().startswith(f"{name}-") for name in names):
                files[rf"{one}\package.json"] = packed(rf"{one}\package.json")
        return {"asked": asked, "path": folder, "files": files, "folders": there}

    def _package(self, path: str) -> dict[str, str]:
        data = self.files[self.expand(path)]
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            told = {
                key: base64.b64encode(archive.read(name)).decode() if name in archive.namelist() else ""
                for key, name in (("manifest", "extension/package.json"), ("about", "extension.vsixmanifest"))
            }
        return {**told, "sha256": hashlib.sha256(data).hexdigest()}

    def _lay(self, act: dict[str, Any]) -> None:
        data = self.files[self.expand(act["path"])]
        assert hashlib.sha256(data).hexdigest() == act["sha256"]
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name.startswith("extension/") and not name.endswith("/"):
                    place = ntpath.join(act["folder"], act["name"], *name.split("/")[1:])
                    self.files[place] = archive.read(name)

    def _write(self, act: dict[str, Any]) -> None:
        now = self.files.get(act["path"])
        assert act["before"] == ("absent" if now is None else hashlib.sha256(now).hexdigest())
        self.files[act["path"]] = base64.b64decode(act["content"])

    def _remove(self, act: dict[str, Any]) -> dict[str, Any] | None:
        if act["path"] in self.locked:
            return {"left": "The process cannot access the file because it is being used by another process."}
        self.files = {path: data for path, data in self.files.items() if not path.startswith(act["path"] + "\\")}
        return None

    def _command(self, act: dict[str, Any]) -> dict[str, Any]:
        assert act["path"] in {*self.commands.values(), *self.files}
        assert act["environment"]["VSCODE_IPC_HOOK_CLI"] == ""
        return {"ran": self.editor(self, act["arguments"])}

    def _fetch(self, act: dict[str, Any]) -> None:
        self.files[self.expand(act["path"])] = self.offers[act["url"]]
