# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: get a verified Go for the controller from the sources of ``go_sdk``."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError


def obtain_go(version: str, folder: Path) -> None:
    raise WorkstationError("find", "Go", version, "the controller has none", f"Install it into {folder}")
