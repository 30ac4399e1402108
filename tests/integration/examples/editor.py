#!/usr/bin/env python3
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for `code` where no marketplace can be asked: what it is told to install is there, with nothing in it."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def install(folder: Path, wanted: str) -> None:
    name, _at, version = wanted.partition("@")
    home = folder / f"{name}-{version}"
    home.mkdir(parents=True, exist_ok=True)
    publisher, _dot, short = name.partition(".")
    (home / "package.json").write_text(json.dumps({"publisher": publisher, "name": short, "version": version}))
    listed = folder / "extensions.json"
    others = json.loads(listed.read_text()) if listed.exists() else []
    entry = {
        "identifier": {"id": name},
        "version": version,
        "location": {"$mid": 1, "path": str(home), "scheme": "file"},
    }
    entry |= {"relativeLocation": home.name, "metadata": {}}
    kept = [one for one in others if one["identifier"]["id"] != name]
    listed.write_text(json.dumps([*kept, entry]))


words = sys.argv[1:]
if "--install-extension" in words:
    install(Path(words[words.index("--extensions-dir") + 1]), words[words.index("--install-extension") + 1])
