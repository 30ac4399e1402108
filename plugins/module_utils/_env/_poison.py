# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: lines that make Go behave otherwise than the env file says."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils import _envfile, _shellrc
from ansible_collections.gopherops.workstation.plugins.module_utils._env import _render
from ansible_collections.gopherops.workstation.plugins.module_utils._env._shellread import Assignment, assignments

USER_FILES = (
    ".profile",
    ".bash_profile",
    ".bash_login",
    ".bashrc",
    ".zshenv",
    ".zprofile",
    ".zshrc",
    ".zlogin",
    ".cshrc",
    ".tcshrc",
    ".login",
    ".xsessionrc",
    ".pam_environment",
    ".config/fish/config.fish",
)
USER_FOLDERS = (".config/fish/conf.d", ".config/environment.d")
MACHINE_FILES = (
    "/etc/environment",
    "/etc/profile",
    "/etc/bash.bashrc",
    "/etc/bashrc",
    "/etc/zshenv",
    "/etc/zprofile",
    "/etc/zshrc",
    "/etc/zsh/zshenv",
    "/etc/zsh/zprofile",
    "/etc/zsh/zshrc",
    "/etc/fish/config.fish",
)
HARMFUL = ("GOROOT", "GO111MODULE", "GOEXPERIMENT", "GOOS", "GOARCH", "PATH")
"""What some value of can harm; besides these only what would override the env file."""
MACHINE_FOLDERS = ("/etc/profile.d", "/etc/fish/conf.d", "/etc/environment.d")


@dataclass(frozen=True)
class Poison:
    """One harmful line, where it stands and why it harms."""

    file: str
    line: int
    name: str
    value: str
    reason: str
    recognised: bool

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def reason_against(name: str, value: str, wanted: Mapping[str, str]) -> str:
    """Why this assignment in a shell file harms; empty when it does not."""
    if name == "GOROOT":
        return "go finds its own root; a set one breaks the next upgrade"
    if name == "GO111MODULE" and value == "off":
        return "modules are off, so gopls and go install fail"
    if name == "GOEXPERIMENT" and value:
        return "experiments change the compiler, and an unknown one makes every go command fail"
    if name in {"GOOS", "GOARCH"} and value:
        return "every build, tools included, becomes one for another platform"
    if name in wanted and value != wanted[name]:
        return "it silently overrides the value in Go's env file"
    return ""


def is_shell(path: str) -> bool:
    """Whether a shell runs the file; environment.d, PAM and the like only know ``NAME=value``."""
    return not path.endswith((".conf", "/etc/environment", ".pam_environment"))


def assigned(path: str, data: bytes, names: Collection[str]) -> list[Assignment]:
    """Where a file assigns these or a variable that can harm, outside our own block."""
    return list(assignments(_blank_block(data, path), {*names, *HARMFUL}))


def in_shell_file(
    path: str, found_in: Iterable[Assignment], wanted: Mapping[str, str], shadows: Callable[[str], bool]
) -> Iterator[Poison]:
    """The harmful ones of one shell file's assignments."""
    for found in found_in:
        reason = reason_against(found.name, found.value, wanted)
        if not reason and found.name == "PATH":
            reason = _path_reason(found, shadows)
        if reason:
            yield Poison(path, found.line, found.name, found.value, reason, found.whole)


def in_env_file(path: str, data: bytes, known: Sequence[str]) -> Iterator[Poison]:
    """What Go reads otherwise than a person would, and what makes it fail."""
    for line, name, reason in _envfile.problems(data, known):
        yield Poison(path, line, name, "", reason, bool(name))
    for number, text in enumerate(data.split(b"\n"), 1):
        key = _envfile.key_of(text)
        value = text.partition(b"=")[2].decode("utf-8", "replace").rstrip("\r")
        reason = reason_against(key, value, {}) if key and value else ""
        if key and reason:
            yield Poison(path, number, key, value, reason, True)


def files_of(home: str, root: str) -> Iterator[str]:
    """Every file that some shell of the account reads, the account's first."""
    bases = [(home, USER_FILES, USER_FOLDERS), (root, MACHINE_FILES, MACHINE_FOLDERS)]
    for base, names, folders in bases:
        for name in names:
            yield os.path.join(base, name) if base == home else base + name
        for folder in folders:
            where = os.path.join(base, folder) if base == home else base + folder
            try:
                inside = sorted(os.listdir(where))
            except OSError:
                continue
            for name in inside:
                if name.endswith((".sh", ".fish", ".conf")) and "gopherops" not in name:
                    yield os.path.join(where, name)


def read_quietly(path: str) -> bytes | None:
    """A regular file that can be read, for looking only."""
    try:
        if not os.path.isfile(path) or os.path.getsize(path) > 1 << 24:
            return None
        with open(path, "rb") as stream:
            return stream.read()
    except OSError:
        return None


def _path_reason(found: Assignment, shadows: Callable[[str], bool]) -> str:
    ahead = re.split(r"\$\{?PATH\b", found.value)[0]
    for directory in filter(None, re.split(r"[:\s]", ahead)):
        if shadows(directory):
            return f"it puts the go of '{directory}' in front"
    return ""


def _blank_block(data: bytes, path: str) -> bytes:
    """Our own block as empty lines: the line numbers stay."""
    block = _shellrc.read_block(data, path=path) if _shellrc.BEGIN in data else None
    if not block or _render.NOTICE.encode() in data:
        return data
    return data.replace(block, b"\n" * block.count(b"\n"))
