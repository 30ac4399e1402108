# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples are run once; each test looks at one of them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "tests" / "tools")]

from _stage import (  # type: ignore[import-not-found]  # noqa: E402
    Ran,
    bring_back,
    furnish_controller,
    furnish_host,
    keep,
    play,
    runnable,
)
from dev.containers import running  # noqa: E402
from dev.environ import test_env  # noqa: E402
from dev.venvs import ensure  # noqa: E402


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    if not shutil.which("podman"):
        pytest.skip("podman is not installed")
    folder = tmp_path_factory.mktemp("examples")
    signer = furnish_controller(folder)
    with running("bookworm", test_env(ensure("test"), os.environ)) as container:
        furnish_host(container)
        bring_back(container)
        done = play(container, folder, signer, runnable())
        keep(container)
        yield done
