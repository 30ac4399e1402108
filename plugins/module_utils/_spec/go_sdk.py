# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the options of go_sdk, once for the action and for the target half."""

from __future__ import annotations

from typing import Any

ARGUMENT_SPEC: dict[str, Any] = {
    "state": {"type": "str", "choices": ["present", "absent", "rollback"], "default": "present"},
    "version": {"type": "list", "elements": "str"},
    "version_file": {"type": "str"},
    "active": {"type": "str"},
    "scope": {"type": "str", "choices": ["user", "machine"], "default": "user"},
    "root": {"type": "path"},
    "link": {"type": "path"},
    "sources": {"type": "list", "elements": "raw"},
    "profile": {"type": "str", "choices": ["default", "china"], "default": "default"},
    "delivery": {"type": "str", "choices": ["target", "controller"], "default": "target"},
    "checksum": {"type": "str"},
    "verify": {"type": "str", "choices": ["fast", "full"], "default": "fast"},
    "keep": {"type": "int"},
    "url_username": {"type": "str"},
    "url_password": {"type": "str", "no_log": True},
    "ca_path": {"type": "path"},
    "connect_timeout": {"type": "int", "default": 5},
    "stall_timeout": {"type": "int", "default": 30},
    "lock_timeout": {"type": "int", "default": 900},
    "replace_packaged": {"type": "bool", "default": False},
    "pins_max_age": {"type": "int", "default": 180},
    "_plan": {"type": "dict"},
}

SPEC: dict[str, Any] = {
    "argument_spec": ARGUMENT_SPEC,
    "mutually_exclusive": [["version", "version_file"]],
}
