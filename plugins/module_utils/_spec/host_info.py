# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the options of ``host_info``."""

from __future__ import annotations

from typing import Any

ARGUMENT_SPEC: dict[str, Any] = {
    "windows": {"type": "bool", "default": False},
    "go_version": {"type": "str", "default": ""},
    "developer": {"type": "str", "default": ""},
}
SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
