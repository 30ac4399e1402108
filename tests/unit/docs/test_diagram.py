# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of the architecture is drawn from the code, and is that of the code as it stands."""

from __future__ import annotations

from xml.etree import ElementTree

import docs_diagram
from docsite import diagram


def test_the_picture_is_current() -> None:
    assert docs_diagram.main(["--check"]) == 0, "run: .venv-test/bin/python tests/tools/docs_diagram.py"


def test_it_is_well_formed_and_names_every_playbook_role_and_module() -> None:
    words = {element.text for element in ElementTree.fromstring(diagram.svg()).iter() if element.text}
    wanted = {*diagram.names("playbooks/*.yml"), *diagram.names("roles/*"), *diagram.names("plugins/action/*.py")}
    assert wanted <= words


def test_edges_are_lines_of_code() -> None:
    found = set(diagram.edges())
    assert ((0, "doctor"), (2, "go_doctor")) in found
    assert ((2, "go_sdk"), (3, "go_sdk")) in found
    assert ((3, "go_doctor"), (4, "_doctor")) in found
    assert ((3, "vscode_settings"), (5, "_jsonc")) in found
    assert ((0, "doctor"), (2, "go_sdk")) not in found


def test_prose_about_a_role_is_no_edge() -> None:
    assert diagram.included("# name: gopherops.workstation.go_sdk is explained below", ["go_sdk"]) == set()
    assert diagram.used("# gopherops.workstation.go_sdk: see there", ["go_sdk"]) == set()
