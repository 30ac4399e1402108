# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the environment in which VS Code's Go extension starts the language server."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._info._gos import expand
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place

# At activation the extension asks `go env` for these and exports those that are unset (vscode-go, src/goEnv.ts).
EXPORTED = ("GOPATH", "GOROOT", "GOPROXY", "GOBIN", "GOMODCACHE")

# go and its compilers collect garbage less often (a third of a cached build's time), but not at the price of swapping.
FAST = {"GOGC": "400", "GOMEMLIMIT": "256MiB"}


def editor_environment(
    place: Place, login: Mapping[str, str], go: Mapping[str, Any], settings: Mapping[str, Any]
) -> dict[str, str]:
    """Login shell, then what the extension exports, then go.toolsEnvVars."""
    env = dict(login)
    variables = (go.get("env") or {}) if not go.get("env_error") else {}  # the extension gets the same error
    for name in EXPORTED:
        value = variables.get(name)
        if value and not env.get(name) and "***@" not in value:  # a scrubbed address would be a wrong one
            env[name] = value
    if go.get("path") and go.get("via") != "PATH":
        env["PATH"] = os.pathsep.join([os.path.dirname(str(go["path"])), env.get("PATH", "")])
    given = settings.get("go.toolsEnvVars")
    for name, value in given.items() if isinstance(given, dict) else ():
        env[str(name)] = expand(place, env, value) if isinstance(value, str) else str(value)
    return env


def build_environment(editor: Mapping[str, str]) -> dict[str, str]:
    """The same for building the probe, which has to run here: no cross compiling, no workspace, no other toolchain."""
    own = {"GOTOOLCHAIN": "local", "GOWORK": "off", "LC_ALL": "C"}
    return {**FAST, **{name: value for name, value in editor.items() if name not in ("GOOS", "GOARCH")}, **own}
