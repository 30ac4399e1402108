"""Which system is new enough for which Go."""

from __future__ import annotations

import pytest

from ansible_collections.gopherops.workstation.plugins.plugin_utils._floors import check, floors, numbers


@pytest.mark.parametrize(
    ("system", "release", "go", "met", "needs"),
    [
        ("macos", "12.7.6", "1.26.11", True, "macOS 12"),
        ("macos", "12.7.6", "1.27.4", False, "macOS 13"),
        ("macos", "10.15.7", "1.22.1", True, "macOS 10.15"),
        ("macos", "10.14.6", "1.21.0", False, "macOS 10.15"),
        ("macos", "26.1", "1.30.0", True, "macOS 13"),
        ("wsl2", "6.6.87.2-microsoft-standard-WSL2", "1.27.4", True, "Linux 3.2"),
        ("linux", "2.6.32-754.el6", "1.24.0", False, "Linux 3.2"),
        # Nothing known is no reason to refuse.
        ("windows", "", "1.27.4", True, ""),
        ("macos", "", "1.27.4", True, ""),
        ("macos", "12", "1.20.1", True, ""),
    ],
)
def test_floor(system: str, release: str, go: str, met: bool, needs: str) -> None:
    assert check(system, release, go, floors()) == {"go": go, "needs": needs, "met": met}


def test_versions_compare_by_number() -> None:
    assert numbers("1.9") < numbers("1.10") < numbers("1.10.1")
