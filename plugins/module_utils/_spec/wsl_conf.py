# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the options of ``wsl_conf``."""

from __future__ import annotations

from typing import Any

ARGUMENT_SPEC: dict[str, Any] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "sections": {"type": "dict"},
    "path": {"type": "path", "default": "/etc/wsl.conf"},
}
SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC, "required_if": [("state", "present", ["sections"])]}
