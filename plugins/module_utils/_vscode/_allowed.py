# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what a company's policy lets be installed.

The policy ``AllowedExtensions``: https://code.visualstudio.com/docs/enterprise/extensions
"""

from __future__ import annotations

import json
import plistlib
from collections.abc import Callable
from typing import Any
from xml.parsers.expat import ExpatError

from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._reader import parse


def allowed_extensions(path: str, read: Callable[[str], bytes]) -> dict[str, Any]:
    """The rules in a policy file (JSON on Linux, a property list on macOS); empty where there are none."""
    try:
        content = read(path)
    except OSError:
        return {}
    try:
        policy = plistlib.loads(content) if path.endswith(".plist") else parse(content.decode("utf-8"), {})
        rules = policy.get("AllowedExtensions", {}) if isinstance(policy, dict) else {}
        rules = json.loads(rules) if isinstance(rules, str) and rules else rules
    except (ValueError, ExpatError):
        return {}
    return rules if isinstance(rules, dict) else {}


def refusal(rules: dict[str, Any], name: str, version: str, pre_release: bool = False) -> str:
    """Why an extension would be disabled, or nothing. The most precise rule decides."""
    if not rules:
        return ""
    lowered = {key.lower(): value for key, value in rules.items()}
    for selector in (name.lower(), name.lower().partition(".")[0], "*"):
        if selector in lowered:
            return _verdict(lowered[selector], selector, version, pre_release)
    return "no rule allows it"


def _verdict(rule: Any, selector: str, version: str, pre_release: bool) -> str:
    if rule is True:
        return ""
    if rule == "stable":
        return f"the rule for '{selector}' allows no pre-release" if pre_release else ""
    if isinstance(rule, list):
        versions = [str(one).partition("@")[0] for one in rule]
        if not version or version in versions:
            return ""
        return f"the rule for '{selector}' allows {', '.join(versions)} only"
    return f"the rule for '{selector}' forbids it"
