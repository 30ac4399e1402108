# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter in a real template, with values of a real playbook."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

TEXT = '{\n  // mine\n  "a": 1, // one\n}\n'


def render(template: str, **values: Any) -> Any:
    return Templar(DataLoader(), variables=values).template(trust_as_template(template))


def test_values_come_in_and_comments_stay() -> None:
    result = render("{{ text | gopherops.workstation.jsonc_merge({'a': 2, 'o': {'x': [true]}}) }}", text=TEXT)
    assert result == '{\n  // mine\n  "a": 2, // one\n  "o": {\n    "x": [\n      true\n    ]\n  },\n}\n'


def test_policies_are_followed() -> None:
    template = "{{ text | gopherops.workstation.jsonc_merge({'a': 2}, {'a': 'set_if_absent'}) }}"
    assert render(template, text=TEXT) == TEXT


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ '{' | gopherops.workstation.jsonc_merge({}) }}", "line 1, column 2"),
        ("{{ '[]' | gopherops.workstation.jsonc_merge({'a': 1}) }}", "no object"),
        ("{{ 1 | gopherops.workstation.jsonc_merge({}) }}", "no text"),
        ("{{ '{}' | gopherops.workstation.jsonc_merge([]) }}", "dictionaries"),
        ("{{ '{}' | gopherops.workstation.jsonc_merge({}, {'a': 'replace'}) }}", "Cannot use policy 'replace' of 'a'"),
    ],
)
def test_what_cannot_be_merged_is_said(template: str, said: str) -> None:
    with pytest.raises(AnsibleError, match=said):
        render(template)
