# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An archive that lies on this machine: where it is, and what proves it."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from ansible.module_utils.urls import open_url
from sdk.synthetic import NEW, release, tar

from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._network import Network, SourceError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._pin import Release
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._sources import Laid, lay_down

WINDOWS = "windows-amd64"


def lay(tmp_path: Path, path: str, one: Release) -> Laid:
    tree = tmp_path / "tree"
    tree.mkdir()
    return lay_down({"type": "local", "path": path}, one, str(tree), str(tmp_path / "spool"), Network(open_url))


def windows_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in release(NEW, WINDOWS).items():
            archive.writestr(f"go/{name}", content)
    return stream.getvalue()


def test_a_path_may_begin_with_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the action lets it pass: on the host that installs nobody else expands it."""
    monkeypatch.setenv("HOME", str(tmp_path / "my home"))
    archive = tmp_path / "my home" / "go.tar.gz"
    archive.parent.mkdir()
    archive.write_bytes(tar(release(NEW)))
    proof = {"sha256": hashlib.sha256(archive.read_bytes()).hexdigest()}
    assert lay(tmp_path, "~/go.tar.gz", Release(NEW, "linux-amd64", archive=proof)).url == str(archive)


def test_a_zip_without_a_tree_hash_is_proved_by_its_own(tmp_path: Path) -> None:
    """As Go before 1.21 for Windows, which the checksum database does not know."""
    archive = tmp_path / "go.zip"
    archive.write_bytes(windows_zip())
    proof = {"sha256": hashlib.sha256(archive.read_bytes()).hexdigest()}
    laid = lay(tmp_path, str(archive), Release(NEW, WINDOWS, archive=proof))
    assert laid.proof == "SHA-256 equals the published pin"


def test_a_zip_of_other_bytes_proves_nothing(tmp_path: Path) -> None:
    archive = tmp_path / "go.zip"
    archive.write_bytes(windows_zip())
    with pytest.raises(SourceError, match="published is 00"):
        lay(tmp_path, str(archive), Release(NEW, WINDOWS, archive={"sha256": "00"}))
