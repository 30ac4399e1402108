# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the options of ``go_env``, one list for both target halves."""

from __future__ import annotations

from typing import Any

ARGUMENT_SPEC: dict[str, Any] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "scope": {"type": "str", "choices": ["user", "machine"], "default": "user"},
    "variables": {"type": "dict", "default": {}},
    "unset": {"type": "list", "elements": "str", "default": []},
    "exclusive": {"type": "bool", "default": False},
    "repair": {"type": "bool", "default": False},
    "environment": {"type": "dict", "default": {}},
    "path": {"type": "list", "elements": "str", "default": []},
    "shells": {
        "type": "list",
        "elements": "str",
        "choices": ["sh", "bash", "zsh", "fish", "systemd", "pam", "paths_d", "launchd"],
    },
    "goroot": {"type": "path"},
    "owner": {"type": "str"},
    "_plan": {"type": "dict"},
}
SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
