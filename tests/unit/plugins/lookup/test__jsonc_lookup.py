# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup on real files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader


def read(path: Path) -> Any:
    return lookup_loader.get("gopherops.workstation.jsonc", loader=DataLoader()).run([str(path)], variables={})


def test_comments_commas_and_mark_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b'\xef\xbb\xbf{\r\n  // a\r\n  "a": [1, /* two */ 2,],\r\n}\r\n')
    assert read(path) == [{"a": [1, 2]}]
    path.write_bytes(b"// nothing\n")
    assert read(path) == [{}]


@pytest.mark.parametrize(("content", "said"), [(b"{,}", "line 1, column 2"), (b"\xff", "utf-8")])
def test_what_cannot_be_read_is_said(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    with pytest.raises(AnsibleError, match=said):
        read(path)
    with pytest.raises(AnsibleError, match="no such file"):
        read(tmp_path / "none")
