# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the options of ``go_tools``."""

from __future__ import annotations

from typing import Any

TOOL_SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "package": {"type": "str"},
    "version": {"type": "str", "default": "stable"},
    "sum": {"type": "str"},
}
ARGUMENT_SPEC: dict[str, Any] = {
    "tools": {"type": "list", "elements": "dict", "options": TOOL_SPEC, "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "exclusive": {"type": "bool", "default": False},
    "go": {"type": "path", "default": "~/sdk/go/bin/go"},
    "go_version": {"type": "str"},
    "bin_dir": {"type": "path"},
    "delivery": {"type": "str", "choices": ["target", "controller"], "default": "target"},
    "environment": {"type": "dict", "default": {}},
    "verify": {"type": "str", "choices": ["stat", "full"], "default": "stat"},
    "keep": {"type": "int", "default": 1},
    "lock": {"type": "path"},
    "lock_update": {"type": "bool", "default": False},
    "_plan": {"type": "dict"},
}
SPEC: dict[str, Any] = {
    "argument_spec": {
        **ARGUMENT_SPEC,
        # Paths of the target: the controller must not expand a tilde in them.
        "go": {"type": "str", "default": "~/sdk/go/bin/go"},
        "bin_dir": {"type": "str"},
    }
}
