# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: a line that stays at the foot of the terminal while the output scrolls above it.

As apt and dpkg do: the terminal scrolls only the rows above the last one (DECSTBM), so the line stands still whatever
other callbacks print. Without a terminal there are plain lines instead, now and then.
"""

from __future__ import annotations

import os
from typing import TextIO

QUIET_SECONDS = 30.0


class StatusLine:
    """On a terminal only."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._rows = stream, 0

    @staticmethod
    def possible(stream: TextIO, environment: dict[str, str]) -> bool:
        return stream.isatty() and environment.get("TERM", "dumb") != "dumb"

    def show(self, text: str) -> None:
        columns, rows = self._size()
        if rows < 5:
            return
        if rows != self._rows:
            # A new line first, so that the row that is taken away holds nothing.
            self._write(f"\n\x1b7\x1b[1;{rows - 1}r\x1b8\x1b[1A")
            self._rows = rows
        self._write(f"\x1b7\x1b[{rows};1H\x1b[2K{text[: columns - 1]}\x1b8")

    def close(self) -> None:
        """Give the whole terminal back. Also registered for the interpreter's end."""
        if self._rows:
            self._write(f"\x1b7\x1b[r\x1b[{self._rows};1H\x1b[2K\x1b8")
            self._rows = 0

    def _size(self) -> tuple[int, int]:
        try:
            size = os.get_terminal_size(self._stream.fileno())
        except (OSError, ValueError):
            return 80, 0
        return size.columns, size.lines

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
