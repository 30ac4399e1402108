# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Examples are held against the specs: every option and variable has to exist, and every plain value to be taken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from . import catalogue

OURS = re.compile(rf"{re.escape(catalogue.COLLECTION)}\.(\w+)")
INCLUDES = ("ansible.builtin.include_role", "ansible.builtin.import_role")
STAND_INS: dict[str, Any] = {"list": [], "dict": {}, "bool": True, "int": 1, "float": 1.0}


def errors(example: Any) -> Iterator[str]:
    """What is wrong in a parsed example: a list of plays or tasks, or a mapping of variables."""
    if isinstance(example, list):
        for one in example:
            yield from errors(one) if isinstance(one, (list, dict)) else ()
    elif isinstance(example, dict):
        yield from _mapping(example)


def _mapping(example: Mapping[str, Any]) -> Iterator[str]:
    given = {str(name): value for name, value in example.items() if str(name) in catalogue.variables()}
    yield from _variables(given)
    for name, value in example.items():
        found = OURS.fullmatch(str(name))
        if found and found[1] in catalogue.documents():
            yield from _module(found[1], value or {})
        elif found:
            yield f"{name} is no module"
        elif name in ("role", *INCLUDES):
            yield from _role(value["name"] if isinstance(value, dict) else value)
        elif isinstance(value, (list, dict)) and str(name) not in given:
            yield from errors(value)


def _role(name: str) -> Iterator[str]:
    found = OURS.fullmatch(name)
    if found and found[1] not in catalogue.roles():
        yield f"{name} is no role"


def _variables(given: Mapping[str, Any]) -> Iterator[str]:
    options = {name: {**catalogue.variables()[name], "default": None} for name in given}
    yield from _check({"argument_spec": options}, given)


def _module(name: str, given: Mapping[str, Any]) -> Iterator[str]:
    for problem in _check(catalogue.spec(name), given):
        yield f"{name}: {problem}"


def _check(spec: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    """The validator's own words. What a template will be is not known, so it counts as something fitting."""
    options = spec["argument_spec"]
    filled = {name: _stand_in(options.get(name, {}), value) for name, value in given.items()}
    plain = {name: {k: v for k, v in option.items() if k != "default"} for name, option in options.items()}
    conditions = {name: value for name, value in spec.items() if name not in ("argument_spec", "supports_check_mode")}
    found: list[str] = ArgumentSpecValidator(plain, **conditions).validate(filled).error_messages
    return found


def _stand_in(option: Mapping[str, Any], value: Any) -> Any:
    if isinstance(value, str) and "{{" in value:
        return option["choices"][0] if option.get("choices") else STAND_INS.get(option.get("type", "str"), "x")
    return value
