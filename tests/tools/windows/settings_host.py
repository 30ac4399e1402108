"""Plays win_vscode_settings on two dictionaries."""

from __future__ import annotations

import base64
import hashlib
import ntpath
from typing import Any

HOME = "C:\\Users\\J\u00f6rg M\u00fcller (dev)"
APPDATA = ntpath.join(HOME, "AppData", "Roaming")
SETTINGS = ntpath.join(APPDATA, "Code", "User", "settings.json")


class SettingsHost:
    """Does what win_vscode_settings does, on two dictionaries."""

    def __init__(self, **environment: str) -> None:
        self.files: dict[str, bytes] = {}
        self.folders = {"C:\\", "C:\\Users", HOME, ntpath.dirname(APPDATA), APPDATA}
        self.environment = {"USERPROFILE": HOME, "APPDATA": APPDATA, "VSCODE_PORTABLE": "", **environment}
        self.calls: list[str] = []
        self.read_only: set[str] = set()
        self.rival: bytes | None = None

    def run(self, module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
        assert module_name == "gopherops.workstation.win_vscode_settings"
        self.calls.append(module_args["action"])
        if module_args["action"] == "read":
            places = [self._state(path) for path in module_args["paths"]]
            return {"changed": False, "environment": self.environment, "places": places, "commands": []}
        if self.rival is not None:
            self.files[SETTINGS] = self.rival
        for write in module_args["writes"]:
            now = self.files.get(write["path"])
            if write["before"] != ("absent" if now is None else hashlib.sha256(now).hexdigest()):
                return {"failed": True, "msg": "another program changed it meanwhile"}
        for write in module_args["writes"]:
            self.files[write["path"]] = base64.b64decode(write["content"])
            folder = ntpath.dirname(write["path"])
            while folder not in self.folders:
                self.folders.add(folder)
                folder = ntpath.dirname(folder)
        return {"changed": True}

    def _state(self, asked: str) -> dict[str, Any]:
        path = ntpath.join("C:\\", asked.replace("%USERPROFILE%", HOME).replace("%APPDATA%", APPDATA))
        path = ntpath.normpath(path)
        data, missing, folder = self.files.get(path), "", ntpath.dirname(path)
        while folder not in self.folders:
            missing, folder = folder, ntpath.dirname(folder)
        kind = "file" if data is not None else "directory" if path in self.folders else "absent"
        content = None if data is None else base64.b64encode(data).decode()
        about = {"content": content, "missing": missing, "read_only": path in self.read_only}
        return {"asked": asked, "path": path, "kind": kind, **about}
