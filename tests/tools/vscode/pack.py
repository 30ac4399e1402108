# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small extension packages for the tests, made as the marketplace makes them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

MANIFEST = """<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="{name}" Version="{version}" Publisher="{publisher}"{platform} />
    <DisplayName>{name}</DisplayName>
    <Description xml:space="preserve">for tests</Description>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="^1.90.0" />{properties}
    </Properties>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code" /></Installation>
  <Dependencies />
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true" />
  </Assets>
</PackageManifest>
"""
PRE_RELEASE = '\n      <Property Id="Microsoft.VisualStudio.Code.PreRelease" Value="true" />'


def vsix(
    folder: Path,
    identity: str = "golang.go",
    version: str = "0.56.0",
    *,
    platform: str = "",
    pre_release: bool = False,
    manifest: Mapping[str, object] | None = None,
    files: Mapping[str, bytes] | None = None,
) -> Path:
    """One package in a folder; ``files`` are further entries of the archive."""
    publisher, _, name = identity.partition(".")
    about = {
        "publisher": publisher,
        "name": name,
        "version": version,
        "engines": {"vscode": "^1.90.0"},
        **(manifest or {}),
    }
    described = MANIFEST.format(
        name=name,
        version=version,
        publisher=publisher,
        platform=f' TargetPlatform="{platform}"' if platform else "",
        properties=PRE_RELEASE if pre_release else "",
    )
    path = folder / f"{identity}-{version}{platform}.vsix"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("extension.vsixmanifest", described)
        archive.writestr("[Content_Types].xml", "<Types />")
        archive.writestr("extension/package.json", json.dumps(about))
        for entry, content in (files or {"extension/out/main.js": b"exports.activate = () => {};\n"}).items():
            archive.writestr(entry, content)
    return path
