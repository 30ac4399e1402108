# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine of ``vscode_settings`` as a filter. Documented in ``jsonc_merge.yml``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._edit import Editor
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._policy import POLICIES, apply, wishes_of
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._reader import JsoncError


def jsonc_merge(text: Any, settings: Any, policies: Any = None) -> str:
    """``text`` with ``settings`` brought in, key by key, and every other byte as it was."""
    if not isinstance(text, str):
        raise AnsibleFilterError("Cannot merge into JSON with comments: the input is no text. Give the file's content.")
    if not isinstance(settings, dict) or not isinstance(policies or {}, dict):
        raise AnsibleFilterError("Cannot merge into JSON with comments: settings and policies are dictionaries.")
    for key, policy in (policies or {}).items():
        if policy not in POLICIES:
            raise AnsibleFilterError(
                f"Cannot use policy '{policy}' of '{key}': the policies are {', '.join(POLICIES)}."
            )
    try:
        return apply(Editor(text, {"gopls": "go"}), wishes_of(settings, policies or {})).text
    except (JsoncError, TypeError) as error:
        shown = f"\n{error.shown()}" if isinstance(error, JsoncError) else ""
        raise AnsibleFilterError(f"Cannot merge into JSON with comments: {error}{shown}") from error


class FilterModule:
    """What Ansible asks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"jsonc_merge": jsonc_merge}
