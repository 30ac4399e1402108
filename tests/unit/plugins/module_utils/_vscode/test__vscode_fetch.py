# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the package of an extension comes from: a file of the machine, or a URL whose hash is known."""

from __future__ import annotations

import urllib.request
from pathlib import Path
from typing import Any

import pytest
from vscode.pack import vsix

from ansible_collections.gopherops.workstation.plugins.module_utils._digest import sha256
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._fetch import packages
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._install import Home, Installer, Wanted

ONE = {"name": "golang.go", "version": None, "sha256": None, "remote_src": False, "pre_release": False}


def wanted(folder: Path, vsix_: object, **options: Any) -> Wanted:
    one = {**ONE, "state": "present", "vsix": str(vsix_), **options}
    (result,) = packages([one], {}, str(folder), urllib.request.urlopen)
    return result


def install(folder: Path, one: Wanted) -> list[str]:
    installer = Installer(lambda command, environment: (1, ""), "linux-x64")
    return [change.what for change in installer.apply([Home("code", str(folder), None, {})], [one]).changes]


def test_a_newer_file_on_the_machine_replaces_what_is_there(tmp_path: Path) -> None:
    store = tmp_path / "extensions"
    for version in ("0.54.0", "0.56.0"):
        one = wanted(tmp_path, vsix(tmp_path, version=version), remote_src=True)
        assert one.version == version
        assert len(install(store, one)) == 1
        assert install(store, one) == []
    assert wanted(tmp_path, tmp_path / "none.vsix", remote_src=True).version == ""
    assert wanted(tmp_path, tmp_path / "none.vsix", remote_src=True, state="absent").version == ""


def test_a_package_from_a_url_is_what_its_hash_says_or_refused(tmp_path: Path) -> None:
    package = vsix(tmp_path)
    url, folder = f"file://{package}", tmp_path / "downloads"
    folder.mkdir()
    assert len(install(tmp_path / "one", wanted(folder, url, sha256=sha256(str(package)).upper()))) == 1
    with pytest.raises(WorkstationError, match=r"its SHA-256 is [0-9a-f]{64}, not 0{64}\. Do not trust it"):
        install(tmp_path / "two", wanted(folder, url, sha256="0" * 64))
    assert not (tmp_path / "two").exists()
    with pytest.raises(WorkstationError, match="No such file"):
        install(tmp_path / "two", wanted(folder, "file:///none.vsix", sha256="0" * 64))
