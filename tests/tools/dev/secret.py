# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hands the sudo password to ansible-playbook without writing it anywhere: through a named pipe, once a pass."""

from __future__ import annotations

import contextlib
import getpass
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from .errors import DevError


def ask_password() -> str:
    """Prompt as Ansible does; without a terminal there is nobody to ask."""
    if not sys.stdin.isatty():
        raise DevError("Cannot ask for the sudo password: there is no terminal. Use --become-password-file FILE.", 2)
    return getpass.getpass("BECOME password: ")


@contextlib.contextmanager
def password_option(password: str | None) -> Iterator[list[str]]:
    """The option that makes ansible-playbook read the password, valid inside the ``with``."""
    if password is None:
        yield []
        return
    with tempfile.TemporaryDirectory(prefix="gopherops-") as directory:
        pipe = Path(directory) / "become"
        os.mkfifo(pipe, 0o600)
        writer = threading.Thread(target=_feed, args=(pipe, password), daemon=True)
        writer.start()
        try:
            yield [f"--become-password-file={pipe}"]
        finally:
            # Nobody read it (Ansible failed first): be the reader ourselves, so that the thread ends.
            end = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
            writer.join(timeout=5)
            os.close(end)


def _feed(pipe: Path, password: str) -> None:
    with contextlib.suppress(BrokenPipeError), pipe.open("w", encoding="utf-8") as end:
        end.write(password + "\n")
