# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entry point for ``python -I tests/tools/dev``: makes the package importable by its name, nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)
sys.dont_write_bytecode = True  # A checkout that root provisions once must stay the user's own.

if __name__ == "__main__":
    from dev.cli import main

    sys.exit(main(sys.argv[1:]))
