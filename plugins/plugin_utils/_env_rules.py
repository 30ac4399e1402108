# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: whether Go would take a value for its env file, and whether it should.

Go's own rules are those of ``checkEnvWrite`` in cmd/go/internal/envcmd/env.go, with Go's own words as the reason. They
run on the controller, before anything is written anywhere.
"""

from __future__ import annotations

import functools
import json
import pathlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

_DATA = pathlib.Path(__file__).resolve().parent / "_data" / "go_env_vars.json"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_SPACES = " \t\n\r"

HARMFUL: dict[str, tuple[Callable[[str], bool], str, str]] = {
    "GOROOT": (
        lambda value: True,
        "go finds its own root, and a set one breaks the next upgrade",
        "Put the bin directory on PATH",
    ),
    "GOSUMDB": (
        lambda value: value == "off",
        "without the checksum database any proxy can hand out any code, and toolchain downloads stop",
        "Use GOSUMDB=sum.golang.google.cn where sum.golang.org is out of reach, GOPRIVATE for your own modules",
    ),
    "GONOSUMDB": (
        lambda value: "*" in value.split(","),
        "it takes every module out of the checksum database",
        "Name your own hosts, for instance GOPRIVATE=git.example.com",
    ),
    "GOPRIVATE": (
        lambda value: "*" in value.split(","),
        "it takes every module out of the proxy and the checksum database",
        "Name your own hosts, for instance GOPRIVATE=git.example.com",
    ),
}
"""Values that Go takes and this collection does not write; each with the reason and the better way."""


@functools.lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    """The table that tests/tools/data_go_env.py reads from real Go trees."""
    table: dict[str, Any] = json.loads(_DATA.read_text(encoding="utf-8"))
    return table


def check_variables(values: Mapping[str, object], *, windows: bool) -> dict[str, str]:
    """The variables for Go's env file as strings; refused with Go's reason when Go would not take one."""
    checked = {name: _text("Go variable", name, value) for name, value in values.items()}
    for name, value in checked.items():
        check_name(name)
        for reason in (_encoding_reason(name, value), _value_reason(name, value, windows=windows)):
            if reason:
                raise WorkstationError("set", "Go variable", name, reason, "Correct the value; nothing was changed")
        _refuse_harm(name, value)
    _check_platform(checked)
    return checked


def check_name(name: str) -> None:
    """Refuse a name that ``go env -w`` would refuse."""
    table, reason = rules(), ""
    if name in table["only_os_environment"]:
        reason = f"{name} can only be set using the OS environment"
    elif name != "GOROOT" and name in table["cannot_be_modified"]:
        reason = f"{name} cannot be modified"
    elif name not in table["known"]:
        reason = f"unknown go command variable {name}"
    if reason:
        advice = "Use option environment for it" if name in table["only_os_environment"] else "Check the spelling"
        raise WorkstationError("set", "Go variable", name, reason, f"{advice}; nothing was changed")


def check_environment(values: Mapping[str, object]) -> dict[str, str]:
    """Variables for the operating system's environment as strings."""
    checked = {name: _text("environment variable", name, value) for name, value in values.items()}
    for name, value in checked.items():
        reason, advice = "", "Correct it"
        if not _NAME.match(name):
            reason = "a name holds letters, digits and underscores only"
        elif name.upper() == "PATH":
            reason, advice = "PATH is not one value", "Use option path"
        elif any(character in value for character in "\0\r\n"):
            reason = "a value is one line"
        if reason:
            raise WorkstationError("set", "environment variable", name, reason, f"{advice}; nothing was changed")
        if name in HARMFUL:
            _refuse_harm(name, value)
    return checked


def check_path(directories: list[str], *, windows: bool) -> list[str]:
    """Directories for PATH: absolute or below ``~``, each once, the first mention counts."""
    for name in directories:
        reason = ""
        if any(character in name for character in ("\0\r\n;" if windows else "\0\r\n:")):
            reason = "it holds a character that separates entries"
        elif not (is_absolute(name, windows=windows) or name.startswith("~/") or (windows and name[:1] in {"~", "%"})):
            reason = "it is not absolute, so it would mean another directory in every folder"
        if reason:
            raise WorkstationError(
                "put", "directory", name, f"{reason} (PATH)", "Write the full path, or ~/ and the rest"
            )
    return list(dict.fromkeys(directories))


def is_absolute(path: str, *, windows: bool) -> bool:
    """``filepath.IsAbs``."""
    if windows:
        return bool(re.match(r"(?:[A-Za-z]:[\\/]|\\\\[^\\]+\\[^\\]+)", path))
    return path.startswith("/")


def _text(kind: str, name: str, value: object) -> str:
    if isinstance(value, bool):
        raise WorkstationError(
            "set",
            kind,
            name,
            f"YAML reads the unquoted word as the boolean {str(value).lower()}",
            'Quote it: "on", "off"',
        )
    if isinstance(value, float):
        raise WorkstationError("set", kind, name, f"YAML reads it as the number {value}", "Quote it")
    if not isinstance(value, (str, int)):
        raise WorkstationError(
            "set", kind, name, "it has no text as value", "Give a string; to remove it use option unset"
        )
    return str(value)


def _value_reason(name: str, value: str, *, windows: bool) -> str:
    """Go's reason against a value; an empty one unsets and is always taken."""
    allowed = rules()["one_of"].get(name)
    if allowed is not None and value not in allowed:
        return f"invalid {name} value {json.dumps(value)}"
    if not value:
        return ""
    if name == "GOPATH" and value.startswith("~"):
        return f"GOPATH entry cannot start with shell metacharacter '~': {json.dumps(value)}"
    absolute = is_absolute(value, windows=windows)
    if name in {"GOPATH", "GOMODCACHE"} and not absolute:
        return f"{name} entry is relative; must be absolute path: {json.dumps(value)}"
    if name == "GOTMPDIR" and not absolute:
        return "GOTMPDIR must be an absolute path"
    # `go env -w` takes these two and every later build or install fails.
    if name == "GOBIN" and not absolute:
        return "cannot install, GOBIN must be an absolute path"
    if name == "GOCACHE" and not absolute and value != "off":
        return "GOCACHE is not an absolute path"
    if name in {"CC", "CXX"}:
        return _command_reason(name, value, windows=windows)
    if name == "GOFLAGS":
        return _flags_reason(value)
    if name == "GOEXPERIMENT":
        return _experiment_reason(value)
    return ""


def _command_reason(name: str, value: str, *, windows: bool) -> str:
    words, problem = split_quoted(value)
    if problem:
        return f"invalid {name}: {problem}"
    if not words:
        return f"{name} entry cannot contain only space"
    separators = "/\\" if windows else "/"
    if not is_absolute(words[0], windows=windows) and any(character in words[0] for character in separators):
        return f"{name} entry is relative; must be absolute path: {json.dumps(words[0])}"
    return ""


def _flags_reason(value: str) -> str:
    words, problem = split_quoted(value)
    if problem:
        return f"parsing $GOFLAGS: {problem}"
    for word in words:
        if not word.startswith("-") or word in {"-", "--"} or word.startswith(("---", "-=", "--=")):
            return f"parsing $GOFLAGS: non-flag {json.dumps(word)}"
    return ""


def _experiment_reason(value: str) -> str:
    known = {*rules()["experiments"], "regabi"}
    for word in filter(None, value.split(",")):
        name = word[2:] if word.startswith("no") and word != "none" else word
        if name not in known and word != "none":
            return f"unknown GOEXPERIMENT {name}"
    return ""


def _encoding_reason(name: str, value: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return f"invalid UTF-8 in {name}=... value"
    if "\0" in value:
        return f"invalid NUL in {name}=... value"
    if any(character in value for character in "\v\r\n"):
        return f"invalid newline in {name}=... value"
    return ""


def _check_platform(values: Mapping[str, str]) -> None:
    """GOOS and GOARCH as far as the controller can know: each one possible, and the pair when both are given."""
    pairs = [tuple(pair.split("/")) for pair in rules()["platforms"]]
    goos, goarch = values.get("GOOS", ""), values.get("GOARCH", "")
    if any((not goos or pair[0] == goos) and (not goarch or pair[1] == goarch) for pair in pairs):
        return
    name = "GOOS" if goos else "GOARCH"
    raise WorkstationError(
        "set",
        "Go variable",
        name,
        f"unsupported GOOS/GOARCH pair {goos or '*'}/{goarch or '*'}",
        "`go tool dist list` prints all",
    )


def _refuse_harm(name: str, value: str) -> None:
    if name in HARMFUL and value:
        harmful, cause, advice = HARMFUL[name]
        if harmful(value):
            raise WorkstationError("set", "Go variable", name, cause, advice)


def split_quoted(text: str) -> tuple[list[str], str]:
    """Go's cmd/internal/quoted.Split: the words, or the reason why there are none."""
    words, rest = [], text.lstrip(_SPACES)
    while rest:
        if rest[0] in "\"'":
            word, closed, rest = rest[1:].partition(rest[0])
            if not closed:
                return [], f"unterminated {text[-len(word) - 1]} string"
        else:
            word = re.split(f"[{_SPACES}]", rest, maxsplit=1)[0]
            rest = rest[len(word) :]
        words.append(word)
        rest = rest.lstrip(_SPACES)
    return words, ""


def check_options(options: Mapping[str, Any], *, windows: bool) -> dict[str, Any]:
    """The options of ``go_env``, every value as the target half writes it."""
    for name in options["unset"]:
        if not _NAME.match(name) or name == "PATH":
            raise WorkstationError("unset", "variable", name, "it is no variable's name", "Check the spelling")
    both = sorted({*options["variables"], *options["environment"]} & set(options["unset"]))
    if both:
        raise WorkstationError(
            "set", "variable", both[0], "it stands in option unset too", "Take it out of one of them"
        )
    return {
        **options,
        "variables": check_variables(options["variables"], windows=windows),
        "environment": check_environment(options["environment"]),
        "path": check_path(list(options["path"]), windows=windows),
        "_plan": {"known": rules()["known"]},
    }
