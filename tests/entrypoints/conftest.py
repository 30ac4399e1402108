# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One bare container with a clone of this tree, in which the playbook is started in every way that is promised."""

from __future__ import annotations

import configparser
import os
import pathlib
import tempfile
from collections.abc import Iterator

import pytest
from dev.containers import Container, running
from dev.tree import bundle


@pytest.fixture(scope="session")
def laptop() -> Iterator[Container]:
    """A new user's machine: the clone in ``~/workstation``, Ansible in its venv, nothing provisioned."""
    with tempfile.TemporaryDirectory(prefix="gopherops-entrypoints-") as folder:
        pathlib.Path(folder).chmod(0o755)
        bundle(pathlib.Path(folder))
        with running("bare", os.environ, "--volume", f"{folder}:/media:ro") as container:
            container.need("git", "clone", "--quiet", "/media/workstation.bundle", "workstation")
            container.need("workstation/dev", "shell", "true")
            yield container


@pytest.fixture(scope="session")
def config() -> configparser.ConfigParser:
    """The repository's ansible.cfg."""
    parser = configparser.ConfigParser()
    parser.read(pathlib.Path(__file__).resolve().parents[2] / "ansible.cfg")
    return parser
