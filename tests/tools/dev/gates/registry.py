# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All gates, in the order in which they run: the quick ones first."""

from __future__ import annotations

from ..system import CONTAINERS
from ._context import Gate
from .docs import docs
from .editor import editor
from .entrypoints import entrypoints
from .fleet import fleet
from .fresh import fresh
from .integration import integration
from .lint import lint
from .molecule import molecule
from .sanity import sanity
from .unit import unit

GATES: tuple[Gate, ...] = (
    Gate("lint", "ruff, mypy --strict, yamllint, ansible-lint (production)", lint, needs=("git",)),
    Gate("sanity", "ansible-test sanity on a copy of the tree", sanity, needs=("git",)),
    Gate("unit", "pytest tests/unit", unit, needs=("dash", "zsh", "fish", "git")),
    Gate("docs", "plugin documentation, changelog, and the site without a warning", docs),
    Gate(
        "integration",
        "single capabilities on real systems",
        integration,
        needs=(*CONTAINERS, "git", "strace", "curl", "xz"),
    ),
    Gate("editor", "Ctrl+Click in a real editor, in a container", editor, needs=CONTAINERS),
    Gate("molecule", "the main job and the editor, in containers", molecule, needs=CONTAINERS),
    Gate("fleet", "a rollout to twelve hosts over ssh, and what stops and resumes it", fleet, needs=CONTAINERS),
    Gate("entrypoints", "every way of starting the playbook", entrypoints, needs=(*CONTAINERS, "git")),
    Gate("fresh", "a new user's clone in a bare container, provisioned twice", fresh, needs=(*CONTAINERS, "git")),
)
