# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the options of ``verdict``."""

from __future__ import annotations

from typing import Any

ARGUMENT_SPEC: dict[str, Any] = {
    "developer": {"type": "str", "required": True},
    "scope": {"type": "str", "choices": ["user", "machine"], "default": "user"},
    "packages": {"type": "list", "elements": "str", "default": []},
    "results": {"type": "dict", "default": {}},
    "failure": {"type": "str", "default": ""},
    "report_file": {"type": "path", "default": ""},
}
SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
