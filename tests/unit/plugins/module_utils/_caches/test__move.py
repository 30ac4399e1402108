# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Content that has arrived on another filesystem is not called a failure over what is left of the original."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._caches._move import move


def test_an_original_that_cannot_be_removed_does_not_make_the_copy_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "old", tmp_path / "new"
    source.mkdir()
    (source / "file").touch()
    rename, chmod = os.rename, os.chmod

    def other_filesystem(old: str, new: str) -> None:
        if old == str(source):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        rename(old, new)

    def another_owner(path: str, mode: int, **more: bool) -> None:
        if path == str(source):
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        chmod(path, mode, **more)

    monkeypatch.setattr(os, "rename", other_filesystem)
    monkeypatch.setattr(os, "chmod", another_owner)
    move(str(source), str(target))
    assert os.listdir(target) == ["file"]
