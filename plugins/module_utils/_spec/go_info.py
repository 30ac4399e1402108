# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the options of ``go_info``, which ``go_doctor`` shares."""

from __future__ import annotations

from typing import Any

# Paths of the target are plain text here: the type "path" would expand ~ on the controller too.
LOOK: dict[str, Any] = {
    "go": {"type": "str", "default": ""},
    "gopls": {"type": "str", "default": ""},
    "workspaces": {"type": "list", "elements": "str", "default": []},
    "network": {"type": "bool", "default": False},
}
ARGUMENT_SPEC: dict[str, Any] = {**LOOK}
SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
