# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the content of a cache goes with it to another path; done as the developer."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat

from ansible_collections.gopherops.workstation.plugins.module_utils._caches._places import Place
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError


def source_of(place: Place) -> tuple[str, str]:
    """Where content is that has to go to a place, and why it cannot; both empty when there is nothing to move."""
    source, target = place.default, place.path
    # GOPATH holds the developer's own source as well; what is somebody else's link or file stays.
    if place.name == "gopath" or not (place.ours and place.given) or source == target or not _filled(source):
        return "", ""
    if f"{os.path.realpath(target)}/".startswith(f"{os.path.realpath(source)}/"):
        return "", f"'{target}' lies in '{source}'"
    if os.path.lexists(target) and (not os.path.isdir(target) or os.listdir(target)):
        return "", f"'{target}' is not empty"
    return source, ""


def move(source: str, target: str) -> None:
    """By one rename where both are on one filesystem; else a copy that is complete before the original goes."""
    try:
        try:
            os.rename(source, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _carry(source, target)
    except OSError as error:
        # What copytree could not copy is a list of (from, to, why).
        cause = str(error.args[0][0][2]) if isinstance(error, shutil.Error) else error.strerror or str(error)
        advice = "The content is where it was; move: false leaves it there"
        raise WorkstationError("move", "cache", source, f"to '{target}': {cause}", advice) from error


def _carry(source: str, target: str) -> None:
    stage = f"{target}.gopherops-{os.getpid()}"
    try:
        shutil.copytree(source, stage, symlinks=True)
        os.sync()
        os.rename(stage, target)
    except BaseException:
        _remove(stage)
        raise
    _remove(source)


def _remove(top: str) -> None:
    """Also read-only directories, as the module cache has them. What cannot be removed stays; the copy is complete."""
    for folder, _folders, _files in os.walk(top):
        with contextlib.suppress(OSError):
            os.chmod(folder, stat.S_IRWXU)
    shutil.rmtree(top, ignore_errors=True)


def _filled(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode) and bool(os.listdir(path))
    except OSError:
        return False
