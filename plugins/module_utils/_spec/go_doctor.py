# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the options of ``go_doctor``."""

from __future__ import annotations

from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_info import LOOK

REPORT = {name: {"type": "path"} for name in ("json", "sarif", "junit", "markdown", "html")}
ARGUMENT_SPEC: dict[str, Any] = {
    **LOOK,
    "functional": {"type": "bool", "default": True},
    "fail_on": {"type": "str", "choices": ["error", "warning", "never"], "default": "error"},
    "fail": {"type": "bool", "default": True},
    "policy": {"type": "dict", "default": {}},
    "severity": {"type": "dict", "default": {}},
    "ignore": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "id": {"type": "str", "required": True},
            "reason": {"type": "str", "required": True},
            "until": {"type": "str"},
        },
    },
    "report": {"type": "dict", "default": {}, "options": REPORT},
}
SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
