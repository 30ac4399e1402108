# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the options of ``vscode_settings``."""

from __future__ import annotations

from typing import Any

PRODUCTS = ["auto", "all", "code", "insiders", "vscodium", "cursor", "windsurf", "code-server"]
DOCUMENTS = ["settings", "tasks", "launch", "extensions"]
KINDS = ["user", "profile", "workspace", "workspace_file", "machine"]

ARGUMENT_SPEC: dict[str, Any] = {
    "settings": {"type": "dict", "default": {}},
    "policies": {"type": "dict", "default": {}},
    "products": {"type": "list", "elements": "str", "choices": PRODUCTS, "default": ["auto"]},
    "targets": {
        "type": "list",
        "elements": "dict",
        "default": [{"kind": "user"}],
        "options": {
            "kind": {"type": "str", "choices": KINDS, "default": "user"},
            "document": {"type": "str", "choices": DOCUMENTS, "default": "settings"},
            "name": {"type": "str"},
            "path": {"type": "str"},
        },
    },
    "user_data_dir": {"type": "str"},
    "obsolete": {"type": "str", "choices": ["report", "remove", "ignore"], "default": "report"},
    "strict": {"type": "bool", "default": False},
    "backup": {"type": "bool", "default": False},
    "backup_keep": {"type": "int", "default": 5},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "_plan": {"type": "dict"},
}
SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
