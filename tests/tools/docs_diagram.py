# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/architecture.svg; ``--check`` changes nothing and fails where it differs."""

from __future__ import annotations

import sys

from docsite import catalogue, diagram

FILE = catalogue.ROOT / "docs" / "architecture.svg"


def main(words: list[str]) -> int:
    drawn = diagram.svg()
    if FILE.is_file() and FILE.read_text(encoding="utf-8") == drawn:
        return 0
    if "--check" in words:
        print("docs/architecture.svg differs from the code: run tests/tools/docs_diagram.py")
        return 1
    FILE.write_text(drawn, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
