# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: where the package of each extension comes from; fetched only when it is needed."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._digest import sha256
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._install import Wanted
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._vsix import inspect


def packages(
    extensions: list[dict[str, Any]], files: dict[str, str], folder: str, open_url: Callable[..., Any]
) -> list[Wanted]:
    """The wishes; ``files`` are packages that the controller has sent."""
    return [
        Wanted(
            one["name"],
            one["version"] or _told(one),
            one["state"],
            one["pre_release"],
            functools.partial(_package, one, files, folder, open_url) if one["vsix"] else None,
        )
        for one in extensions
    ]


def _told(one: dict[str, Any]) -> str:
    """The version that a package on this machine says it is; of one at a URL nobody knows before it is fetched."""
    path = os.path.expanduser(str(one["vsix"] or ""))
    return inspect(path).version if one["remote_src"] and one["state"] == "present" and os.path.isfile(path) else ""


def _package(one: dict[str, Any], files: dict[str, str], folder: str, open_url: Callable[..., Any]) -> str:
    source = str(one["vsix"])
    if source.startswith(("https://", "http://", "file://")):
        path = _download(one, folder, open_url)
    else:
        path = files.get(one["name"]) or os.path.expanduser(source)
    wanted = str(one["sha256"] or "").lower()
    if wanted:
        try:
            found = sha256(path)
        except OSError as error:
            raise _cannot(one, error.strerror or str(error), "Correct the path") from error
        if found != wanted:
            raise _cannot(one, f"its SHA-256 is {found}, not {wanted}", "Do not trust it before you know why")
    return path


def _download(one: dict[str, Any], folder: str, open_url: Callable[..., Any]) -> str:
    path = os.path.join(folder, f"{one['name']}.vsix")
    try:
        with open_url(one["vsix"], timeout=30) as answer, open(path, "wb") as file:
            shutil.copyfileobj(answer, file, 1 << 20)
    except Exception as error:  # open_url raises many kinds, and none of them is ours
        raise _cannot(one, str(error), "Check the address and the way to it") from error
    return path


def _cannot(one: dict[str, Any], cause: str, advice: str) -> WorkstationError:
    return WorkstationError("use", "extension package", str(one["vsix"]), cause, advice)
