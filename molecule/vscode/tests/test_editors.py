# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in the files afterwards, byte by byte, and who owns them."""

from __future__ import annotations

import json
from typing import Any


def content(machine: Any, path: str) -> str:
    """A file as it is, line endings included."""
    return str(machine.host.file(f"{machine.home}/{path}").content.decode())


def test_code_keeps_every_comment_and_loses_the_key_that_does_nothing(machine: Any) -> None:
    text = content(machine, ".config/Code/User/settings.json")
    assert text.startswith(
        '{\n  // The theme that the team laughs about\n  "workbench.colorTheme": "Red", // keep\n\n'
        '  // Go\n  "go.lintTool": "revive", // mine\n'
    )
    assert "goplsArgs" not in text and "forum" not in text
    assert '  "go.alternateTools": {\n    "gopls": "/home/dev/go/bin/gopls"\n  },\n' in text
    assert text.endswith(",\n}\n")  # its trailing comma


def test_vscodium_keeps_its_line_endings(machine: Any) -> None:
    text = content(machine, ".config/VSCodium/User/settings.json")
    assert text.startswith('{\r\n  "editor.fontSize": 13, // big\r\n')
    assert text.count("\n") == text.count("\r\n")
    without_comments = json.loads(text.replace(" // big", ""))
    assert without_comments["go.toolsManagement.checkForUpdates"] == "off"


def test_cursors_file_stays_a_link_with_its_mode(machine: Any) -> None:
    link = machine.host.file(f"{machine.home}/.config/Cursor/User/settings.json")
    assert link.is_symlink and link.linked_to == f"{machine.home}/dotfiles/cursor.json"
    real = machine.host.file(f"{machine.home}/dotfiles/cursor.json")
    assert real.mode == 0o600
    text = real.content.decode()
    assert text.startswith('{\n\t"a": 1,\n\t"') and text.endswith(",\n}\n")
    assert '\t"go.alternateTools": {\n\t\t"gopls": "/home/dev/go/bin/gopls"\n\t},\n' in text


def test_the_profile_has_its_own_settings(machine: Any) -> None:
    text = content(machine, ".config/Code/User/profiles/-5f3a/settings.json")
    assert text == '// Settings of the profile\n{\n    "gopls": {\n        "ui.semanticTokens": true\n    }\n}\n'


def test_products_that_are_not_there_get_no_file(machine: Any) -> None:
    assert not machine.host.file(f"{machine.home}/.config/Windsurf").exists
    assert not machine.host.file(f"{machine.home}/.local/share/code-server").exists


def test_one_copy_of_each_file_that_changed(machine: Any) -> None:
    copies = machine.login("ls ~/.config/Code/User ~/.config/VSCodium/User ~/dotfiles")
    assert copies.count(".bak") == 3
    first = machine.login("cat ~/.config/Code/User/settings.json.gopherops-*.bak")
    assert '"go.goplsArgs": ["-rpc.trace"], // from a forum' in first


def test_the_extension_is_in_every_product_and_stays_as_it_is(machine: Any) -> None:
    for folder in (".vscode", ".vscode-oss", ".cursor"):
        (entry,) = json.loads(content(machine, f"{folder}/extensions/extensions.json"))
        assert entry["identifier"]["id"] == "golang.go"
        assert entry["metadata"]["pinned"] is True
        manifest = json.loads(content(machine, f"{folder}/extensions/{entry['relativeLocation']}/package.json"))
        assert manifest["version"] == entry["version"] == "0.56.0"


def test_everything_belongs_to_the_developer(machine: Any) -> None:
    assert machine.root(f"find {machine.home} ! -user dev") == ""
    assert machine.root(f"find {machine.home} -perm -0002 ! -type l") == ""
