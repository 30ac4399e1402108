# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``examples.py`` knows of the pages: what they count on, and which of their blocks another test follows.

Whatever stands in none of these tables is done as it is written: variables are given to the main job in check mode,
plays are run, and what stands in a block without a language is typed. A block is named by its page and its number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from docsite.claims import FENCE

ROOT = Path(__file__).resolve().parents[2]
# The first block of the first page makes the machine, the last page takes it back in the end.
FIRST, LAST = "README.md", "docs/guides/one-laptop.md"

TUTORIAL = "`./dev test --deep tutorial` follows that page to the letter"
WINDOWS = "a real Windows: job `windows` of .github/workflows/hosts.yml"
WSL = "WSL2 with its Windows: `./dev test molecule wsl2`, job `wsl2` of .github/workflows/hosts.yml"
FLEET = "more hosts than one: `./dev test fleet`"
ELSEWHERE = {
    r"docs/tutorial\.md \d+": TUTORIAL,
    r"docs/performance\.md 1": "containers in a container: tests/unit/docs holds the names",
    r"docs/platforms\.md 1": WSL,
    r"docs/guides/wsl-pair\.md 1": WSL,
    r"docs/guides/windows\.md [12]": WINDOWS,
    r"docs/guides/fleet\.md [13]": FLEET,
    r"docs/guides/fleet\.md 7": "an execution environment: containers in a container; docs/testing.md says what ran",
    r"docs/guides/team-defaults\.md 1": "a listing of files, nothing to type",
}

INSTALLED = "export ANSIBLE_COLLECTIONS_PATH=~/.ansible/collections; "
# Text of a block, and what stands there in this test.
REPLACED = {
    "install gopherops.workstation": "install ~/collection.tar.gz",
    "/srv/bundle": "~/bundle",
    "/media/bundle": "/home/dev/bundle",
    "release@example.org ssh-ed25519 AAAA...": "release@example.org {signer}",
    "/var/lib/fleet": "~/fleet",
    "  - name: golangci-lint-v2\n": "",  # a build that takes longer than all else here
    # Mirrors of a country that tests are seldom run in.
    "GOPHEROPS_PROFILE=china ./dev provision": "./dev provision --check",
    "./dev provision -e go_sdk_profile=china": "./dev provision --check -e go_sdk_profile=china",
    # The collection as installed, not the checkout, where a block installs it.
    "ansible-galaxy collection install": INSTALLED + "ansible-galaxy collection install",
}

# What a block of variables is for, where that is not the main job.
PLAYBOOKS = {
    r"docs/guides/team-defaults\.md [45]": "doctor",
    r"docs/guides/fleet\.md 2": "fleet_rollout",
}
INVENTORIES = (r"docs/platforms\.md 2", r"docs/guides/fleet\.md 5", r"docs/guides/windows\.md 3")
# Plays that would put a service under root's hands: read by Ansible with everything that they include, not run.
SYNTAX_ONLY = {r"docs/guides/pull-mode\.md 1": "a signed tag and a timer of the system: tests/unit/roles/go_drift"}
# Typed behind a block, to see what it was for.
AFTER = {
    r"docs/guides/fleet\.md 4": "ansible-playbook -i inventory.yml playbooks/doctor.yml; ls $GOPHEROPS_REPORT_DIR/*",
}


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    page: str
    number: int
    language: str
    text: str

    @property
    def id(self) -> str:
        return f"{self.page} {self.number}"


def pages() -> list[str]:
    """README.zh-CN.md has the commands of README.md, which tests/unit/docs compares."""
    files = [ROOT / FIRST, *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("docs/guides/*.md"))]
    names = [str(file.relative_to(ROOT)) for file in files]
    return sorted(names, key=lambda name: (name != FIRST, name == LAST))


def blocks(page: str) -> list[Block]:
    found = FENCE.findall((ROOT / page).read_text(encoding="utf-8"))
    return [Block(page, number, language, text) for number, (language, text) in enumerate(found, 1)]


def told(block: Block, table: dict[str, str]) -> str:
    return next((what for name, what in table.items() if re.fullmatch(name, block.id)), "")


def followed(page: str) -> list[Block]:
    """The blocks of a page that the campaign does; it ends where it does not know what to do with one."""
    here = [block for block in blocks(page) if not told(block, ELSEWHERE)]
    for block in here:
        if block.language not in ("", "sh", "yaml", "yml"):
            raise SystemExit(f"nothing is expected of {block.id}, a block of '{block.language}'")
    return here
