# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the options of ``fleet``."""

from __future__ import annotations

from typing import Any

ARGUMENT_SPEC: dict[str, Any] = {
    "step": {"type": "str", "required": True, "choices": ["plan", "begin", "end", "gate", "approve", "finish"]},
    "name": {"type": "str", "required": True},
    "dir": {"type": "path", "required": True},
    "settings": {"type": "dict", "default": {}},
    "batch": {"type": "dict", "default": {}},
    "results": {"type": "dict", "default": {}},
    "developer": {"type": "str", "default": ""},
    "failure": {"type": "str", "default": ""},
    "answer": {"type": "str", "default": ""},
}
SPEC: dict[str, Any] = {
    "argument_spec": ARGUMENT_SPEC,
    "required_if": [("step", "plan", ("settings",)), ("step", "gate", ("settings", "batch"))],
}
