"""SIGKILL at calls that change the filesystem, and errors from them. ``tests/deep/go_sdk_faults.py`` does them all."""

from __future__ import annotations

import pathlib
import shutil

import pytest
from sdk.faults import Campaign
from sdk.mirror import Mirror
from sdk.operations import OPERATIONS

SAMPLE = 20

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_killed_at_twenty_points(operation: str, tmp_path: pathlib.Path, mirror: Mirror) -> None:
    campaign = Campaign(OPERATIONS[operation], tmp_path, mirror)
    points = campaign.kills()
    step = max(1, len(points) / SAMPLE)
    chosen = {int(number * step) for number in range(SAMPLE)} & set(range(len(points)))
    assert len(chosen) == min(SAMPLE, len(points))
    failures = {str(points[at]): campaign.killed_at(points[at]) for at in sorted(chosen)}
    assert {point: why for point, why in failures.items() if why} == {}


@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_failing_calls(operation: str, error: str, tmp_path: pathlib.Path, mirror: Mirror) -> None:
    campaign = Campaign(OPERATIONS[operation], tmp_path, mirror)
    points = campaign.errors(error)
    step = max(1, len(points) / 6)
    chosen = {int(number * step) for number in range(6)} & set(range(len(points)))
    failures = {str(points[at]): campaign.failed_at(points[at], error) for at in sorted(chosen)}
    assert {point: why for point, why in failures.items() if why} == {}
