"""Plays win_go_caches on a set of folders."""

from __future__ import annotations

import base64
import ntpath
from typing import Any

HOME = r"C:\Users\ada"
LOCAL = ntpath.join(HOME, "AppData", "Local")


class CachesHost:
    """Does what win_go_caches does, on a set of folders."""

    def __init__(self, *, env_file: bytes = b"", **environment: str) -> None:
        self.folders = {"C:\\", "D:\\", "E:\\", HOME, LOCAL, ntpath.join(LOCAL, "Temp")}
        self.environment = {"USERPROFILE": HOME, "LOCALAPPDATA": LOCAL, "TEMP": ntpath.join(LOCAL, "Temp")}
        self.environment |= {"SystemRoot": r"C:\Windows", "ProgramFiles": r"C:\Program Files", **environment}
        self.env_file = base64.b64encode(env_file).decode() if env_file else None
        self.problems: dict[str, str] = {}
        self.calls: list[str] = []
        self.check = False

    def run(self, module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
        assert module_name == "gopherops.workstation.win_go_caches"
        self.calls.append(module_args["action"])
        if module_args["action"] == "read":
            return {
                "changed": False,
                "account": r"LAPTOP\ada",
                "environment": {name: self.environment.get(name, "") for name in module_args["variables"]},
                "go_env_file": self.env_file,
                "drives": [
                    {"name": "C:\\", "type": "Fixed", "format": "NTFS", "free": 50 << 30},
                    {"name": "D:\\", "type": "Fixed", "format": "ReFS", "free": 10 << 20},
                    {"name": "E:\\", "type": "Removable", "format": "exFAT", "free": 50 << 30},
                    {"name": "N:\\", "type": "Network", "format": "NTFS", "free": 50 << 30},
                ],
            }
        return {"changed": True, "places": [self._use(one) for one in module_args["places"]]}

    def _use(self, place: dict[str, Any]) -> dict[str, Any]:
        made: list[str] = []
        folder = place["path"]
        while place["make"] and folder not in self.folders:
            made.insert(0, folder)
            folder = ntpath.dirname(folder)
        kind = "directory" if place["path"] in self.folders else "absent"
        if not self.check:
            self.folders |= set(made)
        problem = self.problems.get(place["name"], "")
        return {"name": place["name"], "kind": kind, "made": made, "problem": problem, "owner": r"LAPTOP\ada"}
