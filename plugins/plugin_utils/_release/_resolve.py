# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what "1.26", "stable" or a go.mod mean, on each platform."""

from __future__ import annotations

import pathlib
import re
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._layout import version_key
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._pins import PLATFORMS, Pins

_EXACT = re.compile(r"1\.\d+\.\d+|1\.\d+(?:rc|beta)\d+")
_MINOR = re.compile(r"1\.\d+")
_UPDATE = "Update the collection, or say how to prove it: checksum: fetch, or the value itself"


def refuse_numbers(given: Any) -> None:
    """YAML reads 1.20 as the number 1.2: only the task's own text shows it."""
    for value in given if isinstance(given, list) else [given]:
        if isinstance(value, (int, float)):
            raise WorkstationError(
                "read",
                "Go version",
                str(value),
                "it is a number, and YAML drops the last zero of one (1.20 becomes 1.2)",
                f'Quote it: version: "{value}"',
            )


def resolve(wanted: str, platform: str, pins: Pins, *, proved_otherwise: bool) -> str:
    """The version that ``wanted`` names on this platform."""
    name = wanted.strip().removeprefix("go")
    known = pins.versions(platform)
    if name in {"stable", "oldstable"}:
        return _support(name, platform, known)
    if _EXACT.fullmatch(name):
        if name in known or proved_otherwise:
            return name
        raise WorkstationError("install", "Go", name, _unknown(name, platform, pins), _UPDATE)
    if _MINOR.fullmatch(name):
        patches = [version for version in known if version.startswith(f"{name}.")]
        if patches:
            return patches[-1]
        raise WorkstationError("install", "Go", name, _unknown(name, platform, pins), _UPDATE)
    raise WorkstationError(
        "read", "Go version", wanted, "it is no version", 'Write "1.26.6", "1.26", "stable" or "oldstable"'
    )


def _support(name: str, platform: str, known: list[str]) -> str:
    """The newest release, or the newest of the minor before: those two are supported."""
    released = [version for version in known if _EXACT.fullmatch(version) and "rc" not in version]
    minors = sorted({version.rpartition(".")[0] for version in released}, key=version_key)
    index = -1 if name == "stable" else -2
    if len(minors) < -index:
        raise WorkstationError("install", "Go", name, f"no release is pinned for {platform}", _UPDATE)
    return [version for version in released if version.startswith(f"{minors[index]}.")][-1]


def _unknown(name: str, platform: str, pins: Pins) -> str:
    elsewhere = [other for other in PLATFORMS if name in pins.versions(other)]
    if elsewhere:
        return f"it has no pin for {platform} (it has for {', '.join(elsewhere)})"
    every = sorted(pins.releases, key=version_key)
    return f"it is not among the releases that this collection knows ({every[0]} to {every[-1]})"


def read_version_file(path: str) -> str:
    """The version that a project asks for."""
    file = pathlib.Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise WorkstationError("read", "version file", path, cause, "Name a file on the controller") from error
    patterns = {
        ".tool-versions": [r"^\s*(?:golang|go)\s+(\S+)"],
        ".go-version": [r"^\s*(\S+)\s*$"],
    }.get(file.name, [r"^toolchain\s+go(\S+)", r"^go\s+(\S+)"])
    for pattern in patterns:
        found = re.search(pattern, _without_comments(text, file.name), re.MULTILINE)
        if found:
            return found.group(1).removeprefix("go")
    raise WorkstationError(
        "read",
        "version file",
        path,
        "it names no Go version",
        "Known are go.mod, go.work, .go-version and .tool-versions",
    )


def _without_comments(text: str, name: str) -> str:
    mark = "#" if name.startswith(".") else "//"
    return "\n".join(line.split(mark)[0].rstrip() for line in text.splitlines())
