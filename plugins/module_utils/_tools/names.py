# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: names and versions as the go command sees them."""

from __future__ import annotations

import re

_MAJOR = re.compile(r"v[0-9]+$")


def program_name(package: str) -> str:
    """What ``go install`` calls the program: the last element, or the one before it where that is ``/v2``.

    The rule of cmd/go/internal/load.DefaultExecName.
    """
    elements = package.rstrip("/").split("/")
    if len(elements) > 1 and _MAJOR.match(elements[-1]) and elements[-1] not in ("v0", "v1"):
        return elements[-2]
    return elements[-1]


def file_name(name: str, goos: str) -> str:
    """The file that a program is in."""
    return name + ".exe" if goos == "windows" and not name.endswith(".exe") else name


def go_minor(version: str) -> tuple[int, ...]:
    """``(1, 27)`` of ``1.27.4``, ``go1.27rc1`` or ``1.27``; empty when it is no release."""
    found = re.match(r"(?:go)?([0-9]+)\.([0-9]+)", version)
    return (int(found.group(1)), int(found.group(2))) if found else ()


def go_key(version: str) -> tuple[int, ...]:
    """Orders Go versions; ``1.27`` is below ``1.27.1``."""
    found = re.match(r"(?:go)?([0-9]+)\.([0-9]+)(?:\.([0-9]+))?", version)
    return tuple(int(part or 0) for part in found.groups()) if found else ()


def redacted(text: str) -> str:
    """Text without the credentials that addresses may carry."""
    return re.sub(r"://[^/@\s]+@", "://***@", text)
