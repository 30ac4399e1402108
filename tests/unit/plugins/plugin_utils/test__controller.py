# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the controller keeps what its processes share, and that they take turns."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._controller import alone, cache_dir

TRY = "import fcntl, sys; fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX | fcntl.LOCK_NB)"


def taken(lock: Path) -> bool:
    return subprocess.run([sys.executable, "-c", TRY, str(lock)], capture_output=True, check=False).returncode != 0


def test_the_cache_is_the_accounts_own() -> None:
    assert cache_dir({"XDG_CACHE_HOME": "/c", "HOME": "/h"}) == Path("/c/gopherops.workstation")
    assert cache_dir({"HOME": "/h"}) == Path("/h/.cache/gopherops.workstation")


def test_another_process_waits_until_the_first_is_done(tmp_path: Path) -> None:
    lock = tmp_path / "deep" / "down" / "x.lock"
    with alone(lock):
        assert taken(lock)
    assert not taken(lock)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WorkstationError, match=r"Cannot lock file '.*/file/x\.lock': (Not a directory|File exists)"):
        alone(tmp_path / "file" / "x.lock").__enter__()
