# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a page claims to exist: variables, playbooks, names of the collection, commands and their options."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator

from dev import arguments, bench, cli, data, deep, testing
from dev.gates.fleet import parts as fleet_parts
from dev.gates.integration import folders
from dev.gates.molecule import scenarios
from dev.gates.registry import GATES

from . import catalogue

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
PREFIXES = "|".join(sorted({*catalogue.roles(), "bundle"}, key=len, reverse=True))
VARIABLE = re.compile(rf"(?<![\w./-])(?:{PREFIXES})_[a-z0-9_]*[a-z0-9](?![\w/-]|\.(?:py|yml|json|md))")
FQCN = re.compile(r"\bgopherops\.workstation\.([a-z0-9_]+)")


def unknown_names(text: str) -> Iterator[str]:
    """Variables that no spec declares and nothing reads; names that the collection has not."""
    things = {*catalogue.roles(), *catalogue.playbooks(), *catalogue.plugins()}
    for name in dict.fromkeys(VARIABLE.findall(text)):
        if name not in catalogue.variables() and name not in things and name not in catalogue.read_names():
            yield f"variable {name}"
    for name in dict.fromkeys(FQCN.findall(text)):
        if name not in things and name != "workstation":
            yield f"gopherops.workstation.{name}"


def commands(text: str) -> Iterator[list[str]]:
    """Words of each command of ours that a page tells the reader to type, continued lines joined."""
    shown = [body for language, body in FENCE.findall(text) if language in ("", "sh", "console")]
    lines = "\n".join(shown).replace("\\\n", " ").split("\n") + INLINE.findall(FENCE.sub("", text))
    for line in lines:
        for command in re.split(r" && | \|\| | \| |; ", re.sub(r"\s#\s.*", "", line)):
            try:
                words = shlex.split(command.strip().removeprefix("$ "))
            except ValueError:
                continue
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words.pop(0)
            if words and words[0] in ("./dev", "ansible-playbook", "ansible-pull"):
                yield words


def unknown_words(words: list[str]) -> Iterator[str]:
    """What of a command does not exist."""
    program, *rest = words
    if program == "./dev":
        yield from _unknown_of_dev(rest)
    else:
        yield from (f"{program} {name}" for name in rest if _lost_playbook(name))
    for value in _extra(words):
        names = [*json.loads(value)] if value.startswith("{") else re.findall(r"(?:^|\s)(\w+)=", value)
        for name in names:
            if name not in catalogue.variables() and name not in catalogue.read_names():
                yield f"-e {name}"


def _extra(words: list[str]) -> list[str]:
    pairs = zip(words, words[1:], strict=False)
    return [value for name, value in pairs if name in ("-e", "--extra-vars") and not value.startswith("@")]


def _lost_playbook(word: str) -> bool:
    if word.startswith("playbooks/"):
        return not (catalogue.ROOT / word).is_file()
    found = FQCN.fullmatch(word)
    return bool(found and found[1] not in catalogue.playbooks())


def _unknown_of_dev(words: list[str]) -> Iterator[str]:
    if not words or words[0].isupper():
        return
    verb, *rest = words
    if verb not in cli.VERBS:
        yield f"./dev {verb}"
    elif verb == "shell":
        yield from unknown_words(rest) if rest[:1] == ["ansible-playbook"] else ()
    elif verb in ("provision", "doctor"):
        given = [name.split("=")[0] for name in rest if name.startswith("-")]
        known = arguments.TAKES_VALUE | arguments.WITHOUT_VALUE | arguments.ONLY_TELLS
        short = {f"-{letter}" for letter in arguments.SHORT_FLAGS}
        yield from (f"./dev {verb} {name}" for name in given if name not in known | short)
    else:
        known = _names(verb, deep_too="--deep" in rest)
        plain = [name for name in rest if not name.isupper() and not name.startswith("[")]
        plain = plain[:1] if verb == "data" else plain  # the rest is the generator's own
        yield from (f"./dev {verb} {name}" for name in plain if name not in known)


def _names(verb: str, *, deep_too: bool) -> set[str]:
    if verb == "test":
        options = set(re.findall(r"--?[a-z-]+", testing.USAGE))
        parts = {*scenarios(), *fleet_parts(), *(folder.name for folder in folders())}
        return {gate.name for gate in GATES} | options | (set(deep.discover()) if deep_too else parts)
    return {"bench": set(bench.discover()), "data": {"requirements", *data.generators()}}.get(verb, set())
