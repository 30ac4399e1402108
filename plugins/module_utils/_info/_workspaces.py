# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: F5, what Go says about a workspace of the user's. Nothing is written or downloaded."""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Mapping
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._info._editor import settings_file
from ansible_collections.gopherops.workstation.plugins.module_utils._info._editor_state import named_programs
from ansible_collections.gopherops.workstation.plugins.module_utils._info._gos import quiet
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import Ran
from ansible_collections.gopherops.workstation.plugins.module_utils._info._words import excerpt, scrub, scrubbed

SECONDS = 30.0
ASKED = ("GOMOD", "GOWORK", "GOFLAGS", "GOTOOLCHAIN", "GOVERSION", "GOPRIVATE", "GOPROXY")
SKIP = frozenset({"vendor", "node_modules", "testdata"})
MAX_DIRS = 20_000


def collect_workspaces(place: Place, env: Mapping[str, str], go: str, paths: list[str]) -> list[dict[str, Any]]:
    """One entry for each path, in the order given."""
    return [_workspace(place, env, go, os.path.realpath(path), path) for path in paths]


def _workspace(place: Place, env: Mapping[str, str], go: str, real: str, path: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"path": path, "real": real, "exists": os.path.isdir(path)}
    if not facts["exists"]:
        return facts
    facts.update(_shape(path))
    folders = [settings_file(os.path.join(path, ".vscode", "settings.json"), "workspace")]
    folders += [
        settings_file(one, "workspace", "settings")
        for one in sorted(glob.glob(os.path.join(glob.escape(path), "*.code-workspace")))
    ]
    facts["settings_files"] = [one for one in folders if one["exists"]]
    for one in facts["settings_files"]:
        one["programs"] = named_programs(place, env, one["settings"])
    facts["settings_files"] = scrubbed(facts["settings_files"])
    if go:
        facts.update(_asked(place, env, go, path))
    facts["git"] = _git(place, env, path)
    return facts


def _asked(place: Place, env: Mapping[str, str], go: str, path: str) -> dict[str, Any]:
    # GOPROXY=off: a look must not download what the workspace lacks.
    local = {**quiet(place, env), "GOPROXY": "off"}

    def says(*words: str) -> Ran:
        return place.run([go, *words], local, path, SECONDS, b"")

    ran = says("env", "-json", *ASKED)
    variables = _object(ran.out) if ran.ok else {}
    variables = {name: scrub(str(value)) for name, value in variables.items() if name != "GOPROXY"}
    facts: dict[str, Any] = {"env": variables, "env_error": "" if ran.ok else excerpt(ran.err, 3)}
    module, work = variables.get("GOMOD", ""), variables.get("GOWORK", "")
    if os.path.isfile(module):
        facts["mod"] = _summary(_object(says("mod", "edit", "-json", module).out))
        facts["vendored"] = os.path.isfile(os.path.join(os.path.dirname(module), "vendor", "modules.txt"))
        listed = says("list", "-deps", "-f", "{{if .CgoFiles}}{{.ImportPath}}{{end}}", "./...")
        facts["list_error"] = "" if listed.ok else excerpt(listed.err, 4)
        own = [one for one in listed.out.split() if "." in one.split("/")[0]]
        facts["cgo_packages"] = own[:20]
    if work not in ("", "off"):
        facts["work"] = _work(says("work", "edit", "-json", work), work)
    return facts


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _summary(mod: Mapping[str, Any]) -> dict[str, Any]:
    module = mod.get("Module") or {}
    return {"path": module.get("Path", ""), "go": mod.get("Go", ""), "toolchain": mod.get("Toolchain", "")}


def _work(ran: Ran, path: str) -> dict[str, Any]:
    work = _object(ran.out)
    base = os.path.dirname(path)
    uses = []
    for one in work.get("Use") or []:
        folder = os.path.normpath(os.path.join(base, str(one.get("DiskPath", ""))))
        file = os.path.join(folder, "go.mod")
        uses.append({"dir": folder, "has_module": os.path.isfile(file), "go": _go_line(file)})
    error = "" if ran.ok else excerpt(ran.err, 3)
    return {
        "path": path,
        "exists": os.path.isfile(path),
        "go": work.get("Go", ""),
        "toolchain": work.get("Toolchain", ""),
        "use": uses,
        "error": error,
    }


def _go_line(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            words = (line.split() for line in stream)
            return next((one[1] for one in words if len(one) == 2 and one[0] == "go"), "")
    except OSError:
        return ""


def _shape(path: str) -> dict[str, Any]:
    """Directories that an editor watches, whether Go files are there, and the modules below; bounded."""
    dirs, go_files = 0, False
    modules: list[str] = []
    for base, names, files in os.walk(path):
        names[:] = [one for one in names if one not in SKIP and not one.startswith(".")]
        dirs += 1
        go_files = go_files or any(one.endswith(".go") for one in files)
        if "go.mod" in files and len(modules) < 50:
            modules.append(os.path.relpath(base, path))
        if dirs >= MAX_DIRS:
            break
    return {"dirs": dirs, "go_files": go_files, "modules": modules}


def _git(place: Place, env: Mapping[str, str], path: str) -> dict[str, Any]:
    """The repository that holds the workspace, and whether git lets this account use it. The index is not refreshed."""
    inside = path
    while not os.path.exists(os.path.join(inside, ".git")):
        if inside == os.path.dirname(inside):
            return {"repository": "", "rc": None, "error": ""}
        inside = os.path.dirname(inside)
    silent = {**env, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    ran = place.run(["git", "-C", path, "rev-parse", "--git-dir"], silent, place.empty, SECONDS, b"")
    return {"repository": inside, "rc": ran.rc, "error": excerpt(ran.err, 4)}
