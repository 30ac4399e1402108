"""Plays win_go_caches on a set of folders."""

from __future__ import annotations

import base64
import ntpath
from typing import Any

HOME = r"C:\Users\ada"
SID, ADMINISTRATORS = "S-1-5-21-1-2-3-1001", "S-1-5-32-544"
NAMES = {SID: r"LAPTOP\ada", ADMINISTRATORS: r"BUILTIN\Administrators"}
LOCAL = ntpath.join(HOME, "AppData", "Local")


class CachesHost:
    """Does what win_go_caches does, on a set of folders."""

    def __init__(self, *, env_file: bytes = b"", **environment: str) -> None:
        self.folders = {"C:\\", "D:\\", "E:\\", HOME, LOCAL, ntpath.join(LOCAL, "Temp")}
        self.environment = {"USERPROFILE": HOME, "LOCALAPPDATA": LOCAL, "TEMP": ntpath.join(LOCAL, "Temp")}
        self.environment |= {"SystemRoot": r"C:\Windows", "ProgramFiles": r"C:\Program Files", **environment}
        self.env_file = base64.b64encode(env_file).decode() if env_file else None
        self.problems: dict[str, str] = {}
        """What keeps the account from writing, by path."""
        self.owners: dict[str, str] = {}
        self.protected: set[str] = set()
        self.strange: dict[str, int] = {}
        self.stubborn = ""
        self.elevated = False
        self.calls: list[str] = []
        self.check = False

    def run(self, module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
        assert module_name == "gopherops.workstation.win_go_caches"
        self.calls.append(module_args["action"])
        if module_args["action"] == "read":
            return {
                "changed": False,
                "account": r"LAPTOP\ada",
                "own": [SID, ADMINISTRATORS] if self.elevated else [SID],
                "places": [self._look(asked) for asked in module_args["looks"]],
                "environment": {name: self.environment.get(name, "") for name in module_args["variables"]},
                "go_env_file": self.env_file,
                "drives": [
                    {"name": "C:\\", "type": "Fixed", "format": "NTFS", "free": 50 << 30},
                    {"name": "D:\\", "type": "Fixed", "format": "ReFS", "free": 10 << 20},
                    {"name": "E:\\", "type": "Removable", "format": "exFAT", "free": 50 << 30},
                    {"name": "N:\\", "type": "Network", "format": "NTFS", "free": 50 << 30},
                ],
            }
        assert not self.check
        return {"changed": True, "places": [self._use(one) for one in module_args["places"]]}

    def _look(self, asked: str) -> dict[str, Any]:
        path = asked
        for name, value in self.environment.items():
            path = path.replace(f"%{name}%", value)
        missing: list[str] = []
        folder = path
        while folder not in self.folders and ntpath.dirname(folder) != folder:
            missing.insert(0, folder)
            folder = ntpath.dirname(folder)
        there = path in self.folders
        owner = self.owners.get(path, SID)
        access = {"owner": NAMES[owner], "sid": owner, "protected": path in self.protected}
        return {
            "asked": asked,
            "path": path,
            "kind": "directory" if there else "absent",
            "missing": [] if there else missing,
            "problem": "" if self.check else self.problems.get(path, ""),
            "strange": self.strange.get(path, 0),
            "access": access if there else {"owner": "", "sid": "", "protected": False},
        }

    def _use(self, place: dict[str, Any]) -> dict[str, Any]:
        folder = place["path"]
        while folder not in self.folders and ntpath.dirname(folder) != folder:
            self.folders.add(folder)
            folder = ntpath.dirname(folder)
        if place["mend"] and not self.stubborn:
            for known in (self.problems, self.owners, self.strange):
                known.pop(place["path"], None)
            self.protected.discard(place["path"])
        return {"path": place["path"], "problem": self.stubborn or self.problems.get(place["path"], "")}
