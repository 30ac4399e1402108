# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: keys in a file that do nothing, whatever advice on the web says."""

from __future__ import annotations

from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._edit import MISSING, Editor
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._policy import SEPARATOR, Wish


def obsolete_wishes(
    editor: Editor, prefix: list[str], wishes: list[Wish], plan: dict[str, Any]
) -> tuple[list[Wish], list[str]]:
    """What to remove, where that is asked for, and what to say about the rest.

    ``plan["obsolete"]`` maps a path to a sentence about it; ``plan["remove_obsolete"]`` says whether to act.
    """
    table: dict[str, str] = plan.get("obsolete") or {}
    asked = {wish.key for wish in wishes}
    found = [key for key in table if key not in asked and editor.get([*prefix, *key.split(SEPARATOR)]) is not MISSING]
    if plan.get("remove_obsolete"):
        return [Wish(key, "absent") for key in found], []
    return [], [table[key] for key in found]
