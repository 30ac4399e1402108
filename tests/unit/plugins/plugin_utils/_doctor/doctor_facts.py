"""A recorded machine that is well, how a case changes it, and the pieces that cases are made of."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FACTS = Path(__file__).parent / "facts"
Changes = dict[str, Any]
GONE = object()


@dataclass(frozen=True)
class Case:
    id: str
    bad: Changes
    good: Changes = field(default_factory=dict)
    base: str = "linux"
    severity: str = ""
    policy: dict[str, Any] = field(default_factory=dict)  # for the bad case
    good_policy: dict[str, Any] = field(default_factory=dict)
    origin: str = "doctor rules' study, real Go 1.21 to 1.27"


def base(name: str) -> dict[str, Any]:
    """A recorded machine; macOS, WSL and Windows are the Linux record with what is different there."""
    facts: dict[str, Any] = json.loads((FACTS / "linux.json").read_text(encoding="utf-8"))
    if name != "linux":
        changes = json.loads((FACTS / f"{name}.json").read_text(encoding="utf-8"))["changes"]
        facts = changed(facts, changes)
    return facts


def changed(facts: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """A copy with ``a.b.c`` set, or taken out by GONE. Dots in keys are written as ``:``."""
    facts = copy.deepcopy(facts)
    for path, value in changes.items():
        *parents, last = [part.replace(":", ".") for part in path.split(".")]
        node: Any = facts
        for part in parents:
            node = node[int(part)] if isinstance(node, list) else node.setdefault(part, {})
        if value is GONE:
            del node[int(last) if isinstance(node, list) else last]
        elif isinstance(node, list):
            node[int(last)] = value
        else:
            node[last] = value
    return facts


def root(path: str, version: str = "", exists: bool = True) -> dict[str, Any]:
    return {"path": path, "real": path, "exists": exists, "pkg_tool": bool(version), "version": version}


def go(path: str, version: str, on_path: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "path": path,
        "real": path,
        "on_path": on_path,
        "version": version,
        "platform": "linux/amd64",
        "error": "",
        **more,
    }


def gopls(**more: Any) -> dict[str, Any]:
    path = "/home/dev/go/bin/gopls"
    about = {"path": path, "real": path, "via": "GOBIN", "version": "v0.24.0", "go_version": "go1.27.4", "problem": ""}
    return {**about, "goarch": "amd64", **more}


def settings(file: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """One desktop editor with these settings."""
    path = "/home/dev/.config/Code/User/settings.json"
    one = {"path": path, "scope": "user", "exists": True, "error": "", "settings": file, "programs": []}
    product = {
        "name": "Code",
        "kind": "desktop",
        "files": [one],
        "extension_versions": ["0.56.0"],
        "version": "1.105.0",
    }
    return [
        {**product, "command": "/usr/bin/code", "extensions_dir": "/home/dev/.vscode/extensions", "trusted": [], **more}
    ]


def step(name: str, detail: str) -> dict[str, Any]:
    return {"name": name, "ok": False, "seconds": 0.1, "detail": detail}


def failing(*steps: dict[str, Any]) -> Changes:
    return {"functional": {"passed": False, "reason": "", "seconds": 1.0, "steps": list(steps)}}


ME = "/home/dev/sdk/go1.27.4"
X509 = (
    'Get "https://proxy.golang.org/": tls: failed to verify certificate: x509: certificate signed by unknown authority'
)
WS = "workspaces.0"
