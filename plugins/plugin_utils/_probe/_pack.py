# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: packs the probe's Go source so that it can travel as a module argument."""

from __future__ import annotations

import base64
import gzip
import json
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parent / "source"


@cache
def packed() -> str:
    """gzipped JSON, file name -> text, in base64: a few kilobytes, the same bytes for the same source."""
    files = {
        file.name: file.read_text(encoding="utf-8")
        for file in sorted(SOURCE.iterdir())
        if file.suffix in (".go", ".mod")
    }
    return base64.b64encode(gzip.compress(json.dumps(files).encode(), 9, mtime=0)).decode()
