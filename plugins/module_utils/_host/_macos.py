# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what a Mac is and has. Nothing here opens a dialog.

``/usr/bin/git``, ``/usr/bin/python3`` and ``/usr/bin/clang`` open one when the Command Line Tools are missing, so none
of them is started; ``xcode-select -p`` and the receipts tell without.
"""

from __future__ import annotations

import os
import re
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place

RECEIPT = "com.apple.pkg.CLTools_Executables"
BREWS = ("/opt/homebrew", "/usr/local")


def collect_macos(place: Place, machine: str) -> dict[str, Any]:
    """Everything the role macos decides by."""
    silicon = _ask(place, "/usr/sbin/sysctl", "-in", "hw.optional.arm64") == "1"
    return {
        "version": _ask(place, "/usr/bin/sw_vers", "-productVersion"),
        # uname says x86_64 to a translated process: the processor itself is asked.
        "arch": "arm64" if silicon else machine,
        "translated": _ask(place, "/usr/sbin/sysctl", "-in", "sysctl.proc_translated") == "1",
        "command_line_tools": _command_line_tools(place),
        "brews": [_brew(place, prefix) for prefix in BREWS if os.path.exists(place.path(prefix, "bin/brew"))],
        "maxfiles": _maxfiles(_ask(place, "/bin/launchctl", "limit", "maxfiles")),
        "shell": _ask(place, "/usr/bin/dscl", ".", "-read", f"/Users/{place.user}", "UserShell").rpartition(" ")[2],
    }


def _ask(place: Place, *argv: str) -> str:
    """What a program of the system says; empty when it fails or is not there."""
    ran = place.run(argv, place.environ, "/", 20.0, b"")
    return ran.out.strip() if ran.ok else ""


def _command_line_tools(place: Place) -> dict[str, str]:
    """Where the active tools are and which version; an update of macOS may leave the path and take the tools."""
    path = _ask(place, "/usr/bin/xcode-select", "-p")
    usable = bool(path) and any(os.path.exists(place.path(path, "usr/bin", name)) for name in ("git", "clang"))
    receipt = _ask(place, "/usr/sbin/pkgutil", f"--pkg-info={RECEIPT}") if usable else ""
    version = re.search(r"^version: (.+)$", receipt, re.MULTILINE)
    return {"path": path if usable else "", "version": version.group(1) if version else ""}


def _brew(place: Place, prefix: str) -> dict[str, str]:
    """One Homebrew and the Go it brought: the link names the keg, and the keg the version."""
    link = place.path(prefix, "opt/go")
    keg = os.path.realpath(link) if os.path.exists(link) else ""
    return {"prefix": prefix, "go": keg, "go_version": os.path.basename(keg)}


def _maxfiles(text: str) -> dict[str, int]:
    """``maxfiles    256            unlimited``; unlimited is 0."""
    words = text.split()
    numbers = [int(word) if word.isdigit() else 0 for word in words[1:3]]
    return dict(zip(("soft", "hard"), numbers)) if len(numbers) == 2 else {}
