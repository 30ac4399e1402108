# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new user's laptop: a bare container with this checkout cloned, `./dev` used once, nothing provisioned."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

from dev.containers import Container, running  # noqa: E402
from dev.environ import test_env  # noqa: E402
from dev.tree import bundle  # noqa: E402
from dev.venvs import ensure  # noqa: E402

# What belongs to the checkout and to Ansible itself, not to what is provisioned.
OWN = r"-path /home/dev/workstation -prune -o -path /home/dev/.ansible -prune -o"


@dataclass(frozen=True)
class Laptop:
    container: Container

    def provision(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.container.run("./workstation/dev", "provision", "--yes", *words)

    def root(self, script: str) -> str:
        return self.container.need("sh", "-c", script, user="root")

    def listing(self) -> str:
        """Every path of the home with its mode, owner, size and bytes."""
        find = f"find /home/dev {OWN} -printf '%p %m %U:%G %l\\n'"
        sums = f"find /home/dev {OWN} -type f -exec sha256sum {{}} +"
        return self.root(f"({find}; {sums}) | LC_ALL=C sort")


@pytest.fixture(scope="session")
def laptop() -> Iterator[Laptop]:
    env = test_env(ensure("test"), os.environ)
    with tempfile.TemporaryDirectory(prefix="gopherops-bad-input-") as folder:
        Path(folder).chmod(0o755)
        bundle(Path(folder))
        # A small disk where Go would go: a first Go needs ten times as much.
        disk = ("--tmpfs", "/small:rw,size=30m,mode=0777")
        with running("bare", env, "--volume", f"{folder}:/media:ro", *disk) as container:
            container.need("git", "clone", "--quiet", "/media/workstation.bundle", "workstation")
            laptop = Laptop(container)
            laptop.container.need("./workstation/dev", "provision", "--check")
            yield laptop
