"""Plays win_go_tools on a dictionary."""

from __future__ import annotations

import base64
import gzip
import hashlib
import ntpath
from typing import Any

BIN = r"C:\Users\ada\go\bin"
RECORDS = ntpath.join(BIN, ".gopherops", "tools.json")


class ToolsHost:
    """Does what win_go_tools does, on a dictionary."""

    def __init__(self, *, go: str = "go1.27.4", processor: str = "AMD64") -> None:
        self.files: dict[str, bytes] = {}
        self.go, self.processor = go, processor
        self.calls: list[dict[str, Any]] = []

    def run(self, module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
        assert module_name == "gopherops.workstation.win_go_tools"
        self.calls.append(module_args)
        if module_args["action"] == "read":
            records = self.files.get(RECORDS)
            return {
                "changed": False,
                "processor": self.processor,
                "bin_dir": BIN,
                "go": self.go,
                "records": None if records is None else base64.b64encode(records).decode(),
                "files": {file: self._digest(file) for file in module_args["files"]},
            }
        for step in module_args["steps"]:
            now = self._digest(step["file"])
            assert now == step["before"] or (not step["source"] and now == "absent")
            path = ntpath.join(BIN, step["file"])
            self.files.pop(path, None)
            if step["source"]:
                content = gzip.decompress(self.files[step["source"]])
                assert hashlib.sha256(content).hexdigest() == step["sha256"]
                self.files[path] = content
        self.files[RECORDS] = base64.b64decode(module_args["records"])
        return {"changed": True}

    def _digest(self, file: str) -> str:
        data = self.files.get(ntpath.join(BIN, file))
        return "absent" if data is None else hashlib.sha256(data).hexdigest()

    @property
    def programs(self) -> dict[str, str]:
        return {
            ntpath.basename(path): data.decode() for path, data in self.files.items() if ntpath.dirname(path) == BIN
        }
