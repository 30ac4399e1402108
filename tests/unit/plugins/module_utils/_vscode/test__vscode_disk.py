# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real disk: links, modes, copies, folders."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode import _disk


def test_a_link_into_dotfiles_stays_a_link_and_the_mode_stays(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.json"
    real.write_bytes(b"{}")
    real.chmod(0o640)
    link = tmp_path / "settings.json"
    link.symlink_to(real)
    _disk.write(str(link), b'{"a": 1}')
    assert link.is_symlink()
    assert real.read_bytes() == b'{"a": 1}'
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_folders_are_made_and_the_topmost_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "settings.json"
    assert _disk.missing_folder(str(path)) == str(tmp_path / "a")
    _disk.write(str(path), b"{}")
    assert path.read_bytes() == b"{}"
    assert _disk.missing_folder(str(path)) == ""


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert _disk.read(str(tmp_path / "none" / "x")) is None
    with pytest.raises(WorkstationError, match="no regular file"):
        _disk.read(str(tmp_path))
    (tmp_path / "dangling").symlink_to(tmp_path / "gone")
    with pytest.raises(WorkstationError, match="a link to nothing"):
        _disk.read(str(tmp_path / "dangling"))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(WorkstationError, match="no regular file"):
        _disk.read(str(tmp_path / "pipe"))


def test_only_the_newest_copies_stay(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b"{}")
    path.chmod(0o600)
    other = tmp_path / "settings.json.mine.bak"
    other.touch()
    copies = [_disk.backup(str(path), b"%d" % n, keep=2) for n in range(4)]
    assert [Path(copy).exists() for copy in copies] == [False, False, True, True]
    assert Path(copies[3]).read_bytes() == b"3"
    assert stat.S_IMODE(os.stat(copies[3]).st_mode) == 0o600
    assert other.exists()


def test_root_does_not_write_for_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    theirs = os.stat_result((stat.S_IFDIR, 0, 0, 0, 1000, 0, 0, 0, 0, 0))
    monkeypatch.setattr(os, "stat", lambda path, **_: theirs)
    with pytest.raises(WorkstationError, match="become_user"):
        _disk.write(str(tmp_path / "new" / "settings.json"), b"{}")
    assert list(tmp_path.iterdir()) == []
