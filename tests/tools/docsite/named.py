# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that examples speak of and a reader would have: ``files/`` beside the playbook, and a key that signs."""

from __future__ import annotations

import subprocess
from pathlib import Path

from vscode.pack import vsix

NEW = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=Example Root")


def make(folder: Path) -> str:
    """An extension's package, a root certificate and ``release``; returns the public half of that key."""
    files = folder / "files"
    files.mkdir()
    vsix(files)
    for command in (
        ["openssl", "req", "-x509", *NEW, "-keyout", "/dev/null", "-out", str(files / "example-root.pem")],
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "release")],
    ):
        subprocess.run(command, check=True, capture_output=True)
    return " ".join((folder / "release.pub").read_text().split()[:2])
