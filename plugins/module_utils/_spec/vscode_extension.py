# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the options of ``vscode_extension``."""

from __future__ import annotations

from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._spec.vscode_settings import PRODUCTS

ARGUMENT_SPEC: dict[str, Any] = {
    "extensions": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "version": {"type": "str"},
            "vsix": {"type": "str"},
            "sha256": {"type": "str"},
            "remote_src": {"type": "bool", "default": False},
            "pre_release": {"type": "bool", "default": False},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
    },
    "products": {"type": "list", "elements": "str", "choices": PRODUCTS, "default": ["auto"]},
    "servers": {"type": "bool", "default": False},
    "extensions_dir": {"type": "str"},
    "_plan": {"type": "dict"},
}
SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
