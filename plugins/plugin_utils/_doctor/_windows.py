# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: facts and the proof, out of what ``win_go_info`` says of a Windows host.

Parts that are not collected there (editors, build information, workspaces) are left out: rules that need them answer
"unknown", which is an answer.
"""

from __future__ import annotations

import base64
import gzip
import json
import ntpath
import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._functional._prove import (
    not_begun,
    not_proved,
    told,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._info._collect import SCHEMA
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import TIMED_OUT, Ran
from ansible_collections.gopherops.workstation.plugins.module_utils._info._words import excerpt, scrubbed

_KINDS = {"String": "REG_SZ", "ExpandString": "REG_EXPAND_SZ"}
_NOT_COLLECTED = ("editor", "files", "tools", "workspaces")


def asking(options: Mapping[str, Any], probe: str) -> dict[str, Any]:
    """The options of ``win_go_info``; ``probe`` as it travels to POSIX hosts, or nothing."""
    files = json.loads(gzip.decompress(base64.b64decode(probe))) if probe else {}
    given = {name: _of_windows(options[name]) for name in ("go", "gopls")}
    return {**given, "probe": [{"name": name, "text": text} for name, text in files.items()]}


def facts(seen: Mapping[str, Any]) -> dict[str, Any]:
    """As ``go_info`` gives them, as far as they are known."""
    path = _new_path(seen)
    errors = dict.fromkeys(_NOT_COLLECTED, "not collected on Windows yet")
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "errors": errors,
        "os": {"system": "Windows", "release": seen["release"], "wsl": 0, "container": ""},
        "user": seen["user"],
        # No login shell: rules about its PATH read that of POSIX, with colons.
        "env": {"process": scrubbed(seen["environment"])},
        "gos": [_go_on_path(one, path) for one in seen["gos"]],
        "dirs": seen["directories"],
        "programs": {"git": seen.get("git") or ""},
        "windows": {
            **seen["windows"],
            "path": {scope: _path(seen["registry"][scope]) for scope in ("machine", "user")},
            "git_long_paths": seen["git_long_paths"].lower() in {"true", "yes", "on", "1"},
        },
    }
    if seen["go"]:
        found["go"] = _go(seen["go"], found["gos"])
    return found


def functional(seen: Mapping[str, Any], ran: Mapping[str, Any] | None, *, asked: bool, check: bool) -> dict[str, Any]:
    """The proof in the words of every other system."""
    if not asked:
        why = "check mode: what this run would change has not been made" if check else "it was not asked for"
        return not_proved(why)
    if ran is None:
        reason = "there is no go command for this account"
        if seen["go"]:
            reason = f"{seen['go']['path']} does not say its settings: {excerpt(seen['go']['err'], 3)}"
        return not_begun(reason)
    one = Ran(TIMED_OUT if ran["timed_out"] else ran["rc"], ran["out"], ran["err"], ran["seconds"])
    steps = told(one, "" if seen["gopls"] else "gopls is not installed where Go installs programs")
    return {
        "passed": all(step["ok"] for step in steps),
        "reason": "",
        "steps": steps,
        "seconds": round(one.seconds, 3),
    }


def _new_path(seen: Mapping[str, Any]) -> set[str]:
    """The folders that a new session finds programs in: what the registry says now, and what this one was told."""
    texts = [_path(seen["registry"][scope])["value"] for scope in ("machine", "user")]
    elements = ";".join([*texts, seen["environment"].get("PATH", "")]).split(";")
    home = seen["user"]["home"]
    named = [re.sub("%USERPROFILE%", lambda _found: home, element, flags=re.IGNORECASE) for element in elements]
    return {ntpath.normcase(element.strip('"').rstrip("\\")) for element in named if element}


def _go_on_path(one: Mapping[str, Any], path: set[str]) -> dict[str, Any]:
    words = one["out"].split()
    good = one["rc"] == 0 and len(words) >= 4 and words[:2] == ["go", "version"]
    return {
        "path": one["path"],
        "real": one["path"],
        "on_path": ntpath.normcase(ntpath.dirname(one["path"])) in path,
        "version": words[2] if good else "",
        "platform": words[-1] if good else "",
        "error": "" if good else excerpt(one["err"] or one["out"] or f"exit status {one['rc']}", 3),
    }


def _go(one: Mapping[str, Any], gos: list[dict[str, Any]]) -> dict[str, Any]:
    try:
        variables = {name: value for name, value in json.loads(one["out"]).items() if isinstance(value, str)}
    except (ValueError, AttributeError):
        variables = {}
    about = next((entry for entry in gos if entry["path"] == one["path"]), {})
    return {
        "path": one["path"],
        "real": one["path"],
        "via": "PATH",
        "version": about.get("version", ""),
        "error": about.get("error", ""),
        "env": scrubbed(variables),
        "env_error": "" if one["rc"] == 0 else excerpt(one["err"], 5),
        "root": ntpath.dirname(ntpath.dirname(one["path"])),
    }


def _path(values: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    for name, value in values.items():
        if name.upper() == "PATH":
            return {"kind": _KINDS.get(value["kind"], value["kind"]), "value": value["data"]}
    return {"kind": "", "value": ""}


def _of_windows(path: str) -> str:
    return ("%USERPROFILE%" + path[1:] if path.startswith("~") else path).replace("/", "\\")
