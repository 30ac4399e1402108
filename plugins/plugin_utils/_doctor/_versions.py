# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: Go versions as numbers that can be compared."""

from __future__ import annotations

import re

_GO = re.compile(r"(?:^|\bgo)(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:(rc|beta)(\d{1,3}))?")
_SEMVER = re.compile(r"^v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})")


def go_version(text: str) -> tuple[int, int, int] | None:
    """``go1.27.4``, ``1.27``, ``go1.27.4 X:...`` or ``go1.27.4-vendor1``; None for development versions.

    A release candidate comes before its release: its patch number is -1.
    """
    match = _GO.search(text.strip())
    if not match:
        return None
    major, minor, patch, kind, _number = match.groups()
    return int(major), int(minor), -1 if kind else int(patch or 0)


def minor(text: str) -> int | None:
    version = go_version(text)
    return version[1] if version else None


def semver(text: str) -> tuple[int, int, int] | None:
    match = _SEMVER.match(text.strip())
    return (int(match[1]), int(match[2]), int(match[3])) if match else None
