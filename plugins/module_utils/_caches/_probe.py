# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: whether a developer can really work in a directory, found out by doing it."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable

Execute = Callable[[str], int]
"""Run a program, return its exit status."""


def probe(path: str, execute: Execute | None) -> str:
    """Create, write, rename, execute and delete a file; returns the first thing that failed, or nothing."""
    name = os.path.join(path, f".gopherops-probe-{os.getpid()}-{secrets.token_hex(4)}")
    step = "create"
    try:
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o700)
        try:
            step = "write"
            os.write(descriptor, b"#!/bin/sh\nexit 0\n")
        finally:
            os.close(descriptor)
        step = "rename"
        os.rename(name, name + "-renamed")
        name += "-renamed"
        step = "execute"
        if execute is not None and execute(name) != 0:
            return "execute: permission denied"
        step = "delete"
        os.unlink(name)
    except OSError as error:
        return f"{step}: {error.strerror or error}"
    finally:
        with contextlib.suppress(OSError):
            os.unlink(name)
    return ""
