"""Writes that were not synced are lost: at every point of every operation there is a Go, and one run repairs.

The control: without any single sync or rename the same questions must find something wrong.
"""

from __future__ import annotations

import pathlib
import shutil

import pytest
from sdk.mirror import Mirror
from sdk.operations import OPERATIONS
from sdk.powercut import PowerCut, missed

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_disk_that_a_power_cut_may_leave(operation: str, tmp_path: pathlib.Path, mirror: Mirror) -> None:
    cut = PowerCut(OPERATIONS[operation], tmp_path, mirror)
    assert any(act.what.startswith("sync") for act in cut.acts)
    assert cut.first_problem(cut.acts) == ""


def test_without_any_one_sync_or_rename_it_is_seen(tmp_path: pathlib.Path, mirror: Mirror) -> None:
    assert missed(OPERATIONS.values(), tmp_path, mirror) == []
