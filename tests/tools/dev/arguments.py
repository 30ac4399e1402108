# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the arguments that go on to ``ansible-playbook``: what ``./dev`` must refuse, answer itself, or know. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import DevError

# ansible-playbook's options that take a value; argparse also takes unique abbreviations of long ones.
TAKES_VALUE = {
    *("-e", "--extra-vars", "-t", "--tags", "--skip-tags", "-f", "--forks", "-M", "--module-path", "-u", "--user"),
    *("-c", "--connection", "-T", "--timeout", "-i", "--inventory", "--inventory-file", "-l", "--limit"),
    *(
        "--become-user",
        "--become-method",
        "--become-password-file",
        "--become-pass-file",
        "--private-key",
        "--key-file",
    ),
    *("--vault-id", "--vault-password-file", "--vault-pass-file", "--connection-password-file", "--conn-pass-file"),
    *("--ssh-common-args", "--ssh-extra-args", "--scp-extra-args", "--sftp-extra-args", "--start-at-task"),
}
WITHOUT_VALUE = {
    *("--yes", "--check", "--ask-become-pass", "--verbose", "--diff", "--step", "--flush-cache", "--force-handlers"),
    *("--ask-pass", "--become", "--ask-vault-password", "--ask-vault-pass"),
}
PLAYBOOKS = {"provision": "golang_dev.yml", "doctor": "doctor.yml"}
REFUSED = {
    **dict.fromkeys(("-i", "--inventory", "--inventory-file"), "other machines"),
    **dict.fromkeys(("-l", "--limit"), "a choice of hosts"),
    **dict.fromkeys(("-c", "--connection"), "another connection"),
}
ONLY_TELLS = {"-h", "--help", "--version", "--list-hosts", "--list-tags", "--list-tasks", "--syntax-check"}
# Value-less short options, which argparse lets one write together: -vKi.
SHORT_FLAGS = "vCDKkbh"


@dataclass(frozen=True)
class Arguments:
    """The user's arguments, read."""

    passed: tuple[str, ...]
    """What goes to ansible-playbook: neither --yes, --check nor -K."""
    yes: bool
    check: bool
    ask_password: bool
    password_given: bool
    verbose: bool
    only_tells: bool
    """``--help``, ``--list-tasks`` and the like: nothing runs, so there is nothing to ask."""
    extra_vars: tuple[str, ...]


def _long_name(word: str) -> str:
    """The full name of an abbreviated long option, as argparse resolves it; the word itself when it is none of ours."""
    known = TAKES_VALUE | ONLY_TELLS | WITHOUT_VALUE
    matches = [name for name in known if name.startswith(word)]
    return word if word in known or len({REFUSED.get(m, m) for m in matches}) != 1 else sorted(matches)[0]


def _split(words: Sequence[str]) -> list[tuple[str, str | None]]:
    """Option and value in whatever spelling: ``-l x``, ``-lx``, ``-vlx``, ``--limit x``, ``--limit=x``, ``--lim x``."""
    pairs: list[tuple[str, str | None]] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            name = _long_name(name)
            takes = name in TAKES_VALUE
            pairs.append((name, value if equals else (rest.pop(0) if takes and rest else None)))
        elif word.startswith("-") and len(word) > 1:
            letters = word[1:]
            while letters and letters[0] in SHORT_FLAGS:
                pairs.append((f"-{letters[0]}", None))
                letters = letters[1:]
            if letters:
                value = letters[1:].removeprefix("=")
                takes = f"-{letters[0]}" in TAKES_VALUE
                pairs.append((f"-{letters[0]}", value or (rest.pop(0) if takes and rest else None)))
        else:
            pairs.append(("", word))
    return pairs


def read(words: Sequence[str], verb: str) -> Arguments:
    """Read the arguments of ``./dev provision`` or ``./dev doctor``; raises for what they do not take."""
    pairs = _split(words)
    for name, value in pairs:
        if name in REFUSED:
            raise DevError(
                f"Cannot take {name} here: './dev {verb}' acts on this machine only, never on {REFUSED[name]}. "
                f"For that, use ansible-playbook: .venv/bin/ansible-playbook -i INVENTORY playbooks/{PLAYBOOKS[verb]}",
                2,
            )
        if not name:
            raise DevError(f"Cannot take '{value}' here: './dev {verb}' takes options of ansible-playbook only.", 2)
    names = {name for name, _value in pairs}
    ours = {"--yes", "-C", "--check", "-K", "--ask-become-pass"}
    passed = [text for name, value in pairs if name not in ours for text in (name, value) if text is not None]
    given = {"--become-password-file", "--become-pass-file"} & names
    extra = tuple(value for name, value in pairs if name in ("-e", "--extra-vars") and value is not None)
    return Arguments(
        passed=tuple(passed),
        yes="--yes" in names,
        check=bool(names & {"-C", "--check"}),
        ask_password=bool(names & {"-K", "--ask-become-pass"}),
        password_given=bool(given) or any("ansible_become_pass" in text for text in extra),
        verbose=bool(names & {"-v", "--verbose"}),
        only_tells=bool(names & ONLY_TELLS),
        extra_vars=extra,
    )


def variable(extra_vars: Sequence[str], name: str) -> str | None:
    """What ``-e`` says of a variable: ``k=v`` words, JSON, or a file behind ``@`` (read by its plain lines)."""
    value = None
    for text in extra_vars:
        if text.startswith("@"):
            try:
                text = Path(text[1:]).expanduser().read_text(encoding="utf-8")  # noqa: PLW2901
            except OSError:
                continue  # ansible-playbook will say so, and better
        try:
            data = json.loads(text)
        except ValueError:
            found = re.findall(rf"(?:^|[\s{{,]){re.escape(name)}\s*[=:]\s*[\"']?([^\s\"',}}]+)", text)
            value = found[-1] if found else value
        else:
            value = str(data[name]) if isinstance(data, dict) and name in data else value
    return value
