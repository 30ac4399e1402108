# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints the reference of a test image, building it first if need be: ``python -I tests/tools/images.py bookworm``."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from dev import images
from dev.errors import DevError
from dev.paths import MOLECULE


def main(name: str) -> int:
    env = {**os.environ, "CONTAINERS_CONF": str(MOLECULE / "containers.conf")}
    try:
        with contextlib.redirect_stdout(sys.stderr):
            reference = images.ensure(name, env)
    except DevError as error:
        print(error, file=sys.stderr)
        return error.status
    print(reference)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
