# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: F6, gopls and dlv as the editor would find them, by what Go wrote into the files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._buildinfo import BuildInfoError, read_buildinfo
from ansible_collections.gopherops.workstation.plugins.module_utils._info._gos import executable, expand, on_path
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place


def collect_tools(
    place: Place, env: Mapping[str, str], go: Mapping[str, Any], settings: Mapping[str, Any], gopls: str
) -> dict[str, Any]:
    """For each tool every candidate in the extension's order; the first one is what the editor starts."""
    return {
        "gopls": _tool(
            "gopls", env, [("the option gopls", gopls)] if gopls else _Doors(place, env, go, settings).of("gopls")
        ),
        "dlv": _tool("dlv", env, _Doors(place, env, go, settings).of("dlv")),
    }


def _tool(name: str, env: Mapping[str, str], doors: list[tuple[str, str]]) -> dict[str, Any]:
    found: list[dict[str, Any]] = []
    for via, path in doors:
        if path and executable(path) and path not in [one["path"] for one in found]:
            found.append({"path": path, "via": via, "real": os.path.realpath(path), **describe(path)})
    shell = on_path(name, env.get("PATH", ""))
    return {"found": found, "shell": shell[0] if shell else ""}


class _Doors:
    """Where the extension looks, in its order (vscode-go, src/utils/pathUtils.ts)."""

    def __init__(
        self, place: Place, env: Mapping[str, str], go: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> None:
        variables = go.get("env") or {}
        tools = settings.get("go.alternateTools")
        self.place, self.env, self.settings = place, env, settings
        self.named = tools if isinstance(tools, dict) else {}
        self.gobin = env.get("GOBIN") or variables.get("GOBIN") or ""
        self.gopath = env.get("GOPATH") or variables.get("GOPATH") or os.path.join(place.home, "go")
        self.root = variables.get("GOROOT") or str(go.get("root") or "")

    def of(self, name: str) -> list[tuple[str, str]]:
        named = expand(self.place, self.env, self.named.get(name))
        doors = [("go.alternateTools", named)] if os.path.isabs(named) else []
        name = named if named and os.sep not in named else name  # a bare name is looked up like the tool itself
        toolsgopath = expand(self.place, self.env, self.settings.get("go.toolsGopath"))
        paths = [one for one in self.gopath.split(os.pathsep) if os.path.isabs(one)]
        doors += [("GOBIN", os.path.join(self.gobin, name))] if self.gobin else []
        doors += [("go.toolsGopath", os.path.join(toolsgopath, "bin", name))] if toolsgopath else []
        doors += [("GOPATH/bin", os.path.join(one, "bin", name)) for one in paths]
        doors += [("GOROOT/bin", os.path.join(self.root, "bin", name))] if self.root else []
        return doors + [("PATH", path) for path in on_path(name, self.env.get("PATH", ""))]


def describe(path: str) -> dict[str, Any]:
    """Version, module, checksum and the Go that built it."""
    try:
        info = read_buildinfo(path)
    except BuildInfoError as error:
        return {
            "version": "",
            "module": "",
            "sum": "",
            "go_version": "",
            "goos": "",
            "goarch": "",
            "problem": error.problem,
        }
    return {
        "version": info.version,
        "module": info.module,
        "sum": info.sum,
        "go_version": info.go_version,
        "goos": info.settings.get("GOOS", ""),
        "goarch": info.settings.get("GOARCH", "") or info.arch,
        "problem": "",
    }
