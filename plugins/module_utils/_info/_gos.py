# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: F2 to F4, every go command there is, the one that counts, and the files it reads."""

from __future__ import annotations

import glob
import json
import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._info._files import first_line, text_file
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place
from ansible_collections.gopherops.workstation.plugins.module_utils._info._words import excerpt, scrubbed

SECONDS = 30.0
HIDDEN = ("GOGCCFLAGS", "GOTELEMETRYDIR")
ENV = re.compile(r"\$\{env:([^}]*)\}")
# Where a Go may lie that no PATH names: the extension's own last resorts first (vscode-go, src/utils/pathUtils.ts).
USUAL = (
    "/usr/local/go/bin/go",
    "/usr/local/bin/go",
    "/opt/homebrew/bin/go",
    "/opt/homebrew/opt/go/libexec/bin/go",
    "/usr/lib/go/bin/go",
    "/snap/bin/go",
)


def executable(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)


def on_path(name: str, path: str) -> list[str]:
    """Every executable of that name, in the order of PATH."""
    found = [os.path.join(one, name) for one in path.split(os.pathsep) if one and os.path.isabs(one)]
    return [one for one in dict.fromkeys(found) if executable(one)]


def quiet(place: Place, env: Mapping[str, str]) -> dict[str, str]:
    """For every go command that only tells: it downloads nothing and leaves nothing in the home.

    Go counts its own use in a folder of the user's configuration (https://go.dev/doc/telemetry), and even ``go env``
    makes the build cache. On macOS that folder has no variable of its own. Looking for the commit to stamp into a
    program, Go runs ``git status``, which by itself would write the index anew.
    """
    away = {"XDG_CONFIG_HOME": os.path.join(place.empty, "config"), "GOCACHE": os.path.join(place.empty, "cache")}
    return {**env, **away, "GOENV": env_file(place, env), "GOTOOLCHAIN": "local", "GIT_OPTIONAL_LOCKS": "0"}


def isolated(place: Place, env: Mapping[str, str]) -> dict[str, str]:
    """The environment for asking a go command about itself: a stale GOROOT makes even ``go env`` fail."""
    return {name: value for name, value in quiet(place, env).items() if name != "GOROOT"}


def collect_gos(place: Place, env: Mapping[str, str]) -> list[dict[str, Any]]:
    """F2: all of them, those on PATH first; each says itself which version it is."""
    seen = on_path("go", env.get("PATH", ""))
    others = [place.path(one) for one in USUAL] + sorted(glob.glob(place.path("/usr/lib/go-*/bin/go")))
    others += [os.path.join(place.home, "sdk", "go", "bin", "go"), os.path.join(place.home, "go", "bin", "go")]
    listed = [(path, True) for path in seen] + [
        (path, False) for path in others if path not in seen and executable(path)
    ]
    versions: dict[str, dict[str, Any]] = {}
    gos = []
    for path, named in listed:
        real = os.path.realpath(path)
        if real not in versions:
            versions[real] = describe_go(place, real, env)
        gos.append({"path": path, "real": real, "on_path": named, **versions[real]})
    return gos


def describe_go(place: Place, path: str, env: Mapping[str, str]) -> dict[str, Any]:
    """What `go version` says, or why it says nothing."""
    # Without any variable of Go's: one bad value makes every go of the account mute, whatever it is worth itself.
    plain = {name: value for name, value in isolated(place, env).items() if not name.startswith(("GO", "CGO"))}
    plain.update(GOENV="off", GOTOOLCHAIN="local")
    ran = place.run([path, "version"], plain, place.empty, SECONDS, b"")
    words = ran.out.split()
    version = words[2] if ran.ok and len(words) >= 4 and words[:2] == ["go", "version"] else ""
    error = "" if version else excerpt(ran.err or ran.out or f"exit status {ran.rc}", 3)
    return {"version": version, "platform": words[-1] if version else "", "error": error}


def resolve_go(place: Place, env: Mapping[str, str], settings: Mapping[str, Any], override: str) -> tuple[str, str]:
    """The go command that the editor's extension would take, and by which door. Empty: none."""
    tools = settings.get("go.alternateTools")
    named = tools.get("go") if isinstance(tools, dict) else None
    doors: list[tuple[str, Any]] = [
        ("the option go", override),
        ("go.alternateTools", expand(place, env, named)),
        ("GOBIN", os.path.join(env.get("GOBIN", ""), "go") if env.get("GOBIN") else ""),
        ("go.goroot", _bin(expand(place, env, settings.get("go.goroot")))),
        ("GOROOT", _bin(env.get("GOROOT", ""))),
        *(("PATH", path) for path in on_path("go", env.get("PATH", ""))[:1]),
        *(("the usual place", place.path(path)) for path in USUAL[:2]),
        ("the usual place", os.path.join(place.home, "sdk", "go", "bin", "go")),
    ]
    for via, path in doors:
        if path and os.path.isabs(path) and executable(path):
            return path, via
    return "", ""


def _bin(root: str) -> str:
    return os.path.join(root, "bin", "go") if root else ""


def expand(place: Place, env: Mapping[str, str], value: Any) -> str:
    """A path in settings as the extension reads it: ~ and ${env:NAME}."""
    if not isinstance(value, str):
        return ""
    if value == "~" or value.startswith("~/"):
        value = place.home + value[1:]
    return ENV.sub(lambda match: env.get(match[1], ""), value)


def collect_go(
    place: Place, env: Mapping[str, str], path: str, via: str, gos: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """F3: the go command that counts, with `go env` asked cleanly and, once more, as the user's shell would."""
    real = os.path.realpath(path)
    about = next((dict(one) for one in gos if one["real"] == real), None) or describe_go(place, path, env)
    go: dict[str, Any] = {"path": path, "real": real, "via": via, "version": about["version"], "error": about["error"]}
    clean = place.run([path, "env", "-json"], isolated(place, env), place.empty, SECONDS, b"")
    variables = _variables(clean.out) if clean.ok else {}
    if not variables:  # one bad variable stops every command; what the others would be is still worth knowing
        without = {
            **isolated(place, env),
            "GOENV": "off",
            "GOFLAGS": "",
            "GOEXPERIMENT": "",
            "GOWORK": "",
            "GOROOT": "",
        }
        variables = _variables(place.run([path, "env", "-json"], without, place.empty, SECONDS, b"").out)
        variables.update(scrubbed(_in_env_file(place, env)))
    if variables:
        variables["GOCACHE"] = _real_cache(place, env)
    go["env"] = variables
    go["env_error"] = "" if clean.ok else excerpt(clean.err, 5)
    # With everything as the user has it, except that nothing is downloaded: ``go env`` overlooks what stops a build.
    as_is = place.run([path, "version"], {**isolated(place, env), **_given(env, "GOROOT")}, place.empty, SECONDS, b"")
    go["as_is"] = {"rc": as_is.rc, "error": excerpt(as_is.err, 5)}
    go["root"] = os.path.dirname(os.path.dirname(real)) if real else ""
    return go


def _real_cache(place: Place, env: Mapping[str, str]) -> str:
    """What ``go env GOCACHE`` would say: asked, it makes the folder, even where its place is a mistake."""
    named = env.get("GOCACHE") or _value(_env_text(place, env), "GOCACHE")
    return named or os.path.join(cache_home(place, env), "go-build")


def cache_home(place: Place, env: Mapping[str, str]) -> str:
    if place.system == "Darwin":
        return os.path.join(place.home, "Library", "Caches")
    return env.get("XDG_CACHE_HOME") or os.path.join(place.home, ".cache")


def _in_env_file(place: Place, env: Mapping[str, str]) -> dict[str, str]:
    """The variables in Go's env file that the environment does not override, as go itself would take them."""
    pairs = (line.split("=", 1) for line in _env_text(place, env).split("\n") if "=" in line and line[:1].isupper())
    return {name: value for name, value in pairs if not env.get(name) and name != "GOROOT"}


def _given(env: Mapping[str, str], name: str) -> dict[str, str]:
    return {name: env[name]} if name in env else {}


def _variables(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    kept = {name: value for name, value in found.items() if name not in HIDDEN and isinstance(value, str)}
    result: dict[str, str] = scrubbed(kept)
    return result


def collect_files(
    place: Place, env: Mapping[str, str], go: Mapping[str, Any], settings: Mapping[str, Any]
) -> dict[str, Any]:
    """F4: Go's env file byte for byte (credentials blanked) and what lies in every GOROOT that somebody names."""
    variables = go.get("env") or {}
    path = env.get("GOENV") or variables.get("GOENV") or env_file(place, env)
    found = {} if path == "off" else text_file(path)
    named = {
        "environment": env.get("GOROOT", ""),
        "env_file": _value(found.get("text", ""), "GOROOT"),
        "settings": expand(place, env, settings.get("go.goroot")),
        "toolsEnvVars": _tools_variable(settings, "GOROOT"),
        "go": variables.get("GOROOT", "") or str(go.get("root", "")),
    }
    return {
        "goenv": {"path": path, **found},
        "goroots": {key: goroot_facts(root) for key, root in named.items() if root},
    }


def config_home(place: Place, env: Mapping[str, str]) -> str:
    if place.system == "Darwin":
        return os.path.join(place.home, "Library", "Application Support")
    return env.get("XDG_CONFIG_HOME") or os.path.join(place.home, ".config")


def env_file(place: Place, env: Mapping[str, str]) -> str:
    """Where go looks for its env file; ``off``: it reads none."""
    return env.get("GOENV") or os.path.join(config_home(place, env), "go", "env")


def _env_text(place: Place, env: Mapping[str, str]) -> str:
    path = env_file(place, env)
    return "" if path == "off" else str(text_file(path).get("text", ""))


def _value(text: str, name: str) -> str:
    values = [line.split("=", 1)[1] for line in text.splitlines() if line.startswith(f"{name}=")]
    return values[-1].rstrip("\r") if values else ""


def _tools_variable(settings: Mapping[str, Any], name: str) -> str:
    variables = settings.get("go.toolsEnvVars")
    value: Any = variables.get(name) if isinstance(variables, dict) else None
    return value if isinstance(value, str) else ""


def goroot_facts(root: str) -> dict[str, Any]:
    """Whether that is a Go tree, and of which release."""
    return {
        "path": root,
        "real": os.path.realpath(root),
        "exists": os.path.isdir(root),
        "pkg_tool": os.path.isdir(os.path.join(root, "pkg", "tool")),
        "version": first_line(os.path.join(root, "VERSION")),
        "go_env": text_file(os.path.join(root, "go.env")),
    }
