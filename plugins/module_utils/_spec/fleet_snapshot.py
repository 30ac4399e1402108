# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the options of ``fleet_snapshot``."""

from __future__ import annotations

from typing import Any

# Paths are plain strings: the controller validates too, and would put its own home for "~".
ARGUMENT_SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["taken", "sealed", "restored", "absent"], "default": "taken"},
    "paths": {"type": "list", "elements": "str", "default": []},
    "dir": {"type": "str", "default": "~/.local/state/gopherops/fleet"},
    "go": {"type": "str", "default": "~/sdk/go"},
    "bin_dir": {"type": "str", "default": "~/go/bin"},
    "force": {"type": "bool", "default": False},
}
SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC, "required_if": [("state", "taken", ("paths",))]}
