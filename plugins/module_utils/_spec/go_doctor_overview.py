# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the options of ``go_doctor_overview``."""

from __future__ import annotations

from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_doctor import REPORT

ARGUMENT_SPEC: dict[str, Any] = {"report": {"type": "dict", "required": True, "options": REPORT}}
SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
