# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a file that holds JSON with comments, which ``from_json`` cannot."""

from __future__ import annotations

DOCUMENTATION = r"""
name: jsonc
short_description: Read JSON with comments from a file on the controller
version_added: 0.1.0
description:
  - Reads a file as VS Code reads its settings, with comments, trailing commas and a byte order mark.
  - An empty file, or one with only comments, is an empty object.
options:
  _terms:
    description: The files.
    type: list
    elements: str
    required: true
author:
  - The gopherops.workstation maintainers (@gopherops)
"""

EXAMPLES = r"""
- name: Give everyone the settings that the repository keeps
  gopherops.workstation.vscode_settings:
    settings: "{{ lookup('gopherops.workstation.jsonc', 'files/settings.json') }}"
"""

RETURN = r"""
_raw:
  description: The content of each file.
  type: list
  elements: raw
"""

from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._reader import JsoncError, parse


class LookupModule(LookupBase):  # type: ignore[misc]  # ansible-core ships no type information
    def run(self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        self.set_options(var_options=variables, direct=kwargs)
        return [self._content(term, variables) for term in terms]

    def _content(self, term: str, variables: dict[str, Any] | None) -> Any:
        path = self.find_file_in_search_path(variables, "files", term)
        if not path:
            raise AnsibleLookupError(f"Cannot read JSON with comments '{term}': there is no such file.")
        try:
            with open(path, encoding="utf-8") as file:
                return parse(file.read(), {})
        except (OSError, UnicodeDecodeError) as error:
            raise AnsibleLookupError(f"Cannot read JSON with comments '{path}': {error}.") from error
        except JsoncError as error:
            raise AnsibleLookupError(f"Cannot read JSON with comments '{path}': {error}\n{error.shown()}") from error
