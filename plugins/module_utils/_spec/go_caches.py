# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the options of ``go_caches``."""

from __future__ import annotations

from typing import Any

PLACES = ("gopath", "gocache", "gomodcache", "gobin", "gotmpdir", "gopls")
DOUBTS = ("noexec", "drvfs", "network", "synced", "tmp", "space")

ARGUMENT_SPEC: dict[str, Any] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "places": {"type": "list", "elements": "str", "choices": list(PLACES), "default": list(PLACES)},
    "paths": {"type": "dict", "default": {}},
    "variables": {"type": "dict", "default": {}},
    "owner": {"type": "str"},
    "policy": {"type": "str", "choices": ["private", "shared"], "default": "private"},
    "group": {"type": "str"},
    "mode": {"type": "str"},
    "move": {"type": "bool", "default": False},
    "repair": {"type": "bool", "default": True},
    "accept": {"type": "list", "elements": "str", "choices": list(DOUBTS), "default": []},
    "min_free_mib": {"type": "int", "default": 1024},
    "min_free_inodes": {"type": "int", "default": 10000},
}
SPEC: dict[str, Any] = {
    "argument_spec": ARGUMENT_SPEC,
    "required_if": [("policy", "shared", ["group"])],
}
