# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The newest Go for tests that need a real one: from the product's own sources, proved, fetched once for a checkout."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VERSION = "1.27.4"
CACHE = ROOT / ".cache" / "go"

if not any(type(finder).__name__ == "_AnsibleCollectionFinder" for finder in sys.meta_path):
    from ansible.plugins.loader import init_plugin_loader

    init_plugin_loader([str(ROOT / "collections")])

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError  # noqa: E402
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.sdk import obtain_go  # noqa: E402


def obtained(version: str = VERSION) -> Path:
    """The GOROOT of this version, in the checkout's cache."""
    place = CACHE / f"go{version}"
    if not place.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        obtain_go(version, CACHE)
    return place


def go_root() -> Path:
    """Its GOROOT; skips the test where no source can be reached."""
    try:
        return obtained()
    except WorkstationError as error:
        pytest.skip(f"no Go {VERSION} for these tests: {error.message}")
