# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the options of ``go_network``, one list for the action and the target half."""

from __future__ import annotations

from typing import Any

ARGUMENT_SPEC: dict[str, Any] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "profile": {"type": "str", "choices": ["default", "china", "corporate"], "default": "default"},
    "goproxy": {"type": "str", "default": ""},
    "gosumdb": {"type": "str", "default": ""},
    "goprivate": {"type": "list", "elements": "str", "default": []},
    "http_proxy": {"type": "str", "default": ""},
    "https_proxy": {"type": "str", "default": ""},
    "no_proxy": {"type": "list", "elements": "str", "default": []},
    "certificates": {"type": "list", "elements": "str", "default": []},
    "trust": {"type": "str", "choices": ["user", "machine"], "default": "user"},
    "credentials": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "no_log": False,  # the password in it is
        "options": {
            "machine": {"type": "str", "required": True},
            "login": {"type": "str", "default": ""},
            "password": {"type": "str", "default": "", "no_log": True},
        },
    },
    "_plan": {"type": "dict", "default": {}},
}
SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
