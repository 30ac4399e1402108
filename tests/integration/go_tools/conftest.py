# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Go from the product's own sources, an account of its own, and a module proxy that the tests control."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "tests" / "tools")]

import real_go  # noqa: E402
from developer import Account  # type: ignore[import-not-found]  # noqa: E402
from module_proxy import Shelf, serving  # type: ignore[import-not-found]  # noqa: E402


@pytest.fixture(scope="session")
def go() -> str:
    return str(real_go.go_root() / "bin" / "go")


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def proxy(shelf: Shelf) -> Iterator[str]:
    with serving(shelf) as address:
        yield address


@pytest.fixture
def account(tmp_path: Path, go: str, proxy: str) -> Iterator[Account]:
    home = tmp_path / "home"
    home.mkdir()
    environment = {
        "GOPROXY": proxy,
        "GONOSUMDB": "tools.example.test",
        # The standard library is compiled once for all tests; modules never leak from one to the next.
        "GOCACHE": str(real_go.CACHE / "build"),
        "GOMODCACHE": str(tmp_path / "mod"),
        "GOFLAGS": "-modcacherw",
    }
    yield Account(home, go, environment)
    shutil.rmtree(tmp_path / "mod", ignore_errors=True)
