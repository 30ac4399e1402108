# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the options of ``bundle``."""

from __future__ import annotations

from typing import Any

ARGUMENT_SPEC: dict[str, Any] = {
    "state": {"type": "str", "choices": ["packed", "unpacked"], "required": True},
    "path": {"type": "path", "required": True},
    "platforms": {"type": "list", "elements": "str", "default": ["linux-amd64"]},
    "versions": {"type": "list", "elements": "str", "default": ["stable"]},
    "tools": {"type": "list", "elements": "dict", "default": [{"name": "gopls"}]},
    "profile": {"type": "str", "choices": ["default", "china"], "default": "default"},
    "signing_key": {"type": "path", "default": "", "no_log": False},
    "allowed_signers": {"type": "list", "elements": "str", "default": []},
}
SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
