# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments are read as ansible-playbook's own parser reads them, so no spelling of an inventory gets through."""

from __future__ import annotations

import argparse
import contextlib
import io
from pathlib import Path
from typing import Any

import pytest
from ansible.cli.playbook import PlaybookCLI
from dev import arguments
from dev.errors import DevError
from hypothesis import given, settings
from hypothesis import strategies as st

WORDS = [
    *("-i", "-ix", "-i=x", "--inventory", "--inventory=x", "--inv=x", "--inventory-file", "--inventory-f=x"),
    *("-l", "-lx", "--limit", "--limit=x", "--lim", "--lim=x", "-vlx", "-vCKi", "-Db", "-vl"),
    *("-c", "-clocal", "--connection=ssh", "--connection", "-K", "--ask-become-pass", "-C", "--check", "--che"),
    *("-v", "-vvv", "--diff", "-D", "-e", "-ea=1", "-e=a=1", "--extra-vars", "--extra-vars=a=1", "--extra", "--tags"),
    *("-t", "-tx", "--skip-tags=x", "-f", "-f5", "-b", "--become", "--become-user=x", "--become-pass-file=/x"),
    *("--become-password-file", "--step", "--list-tasks", "--syntax-check", "--forks=3"),
    *("x", "a=1", "5", "-", "all"),
]


def parsed(words: list[str]) -> dict[str, Any] | None:
    """What ansible-playbook makes of the words, or nothing when it refuses them."""
    cli = PlaybookCLI(["ansible-playbook"])
    cli.init_parser()
    parser: argparse.ArgumentParser = cli.parser
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            return vars(parser.parse_args([*words, "playbook.yml"]))
    except SystemExit:
        return None


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=5))
def test_what_ansible_takes_for_another_host_is_refused_and_all_else_keeps_its_meaning(words: list[str]) -> None:
    truth = parsed(words)
    if truth is None:
        return  # ansible-playbook will refuse it as well
    elsewhere = truth["inventory"] or truth["subset"] or truth["connection"] != parsed([])["connection"]  # type: ignore[index]
    positional = truth["args"] != ["playbook.yml"]  # the last word may have become an option's value
    try:
        read = arguments.read(words, "provision")
    except DevError as refusal:
        # Naming a connection is refused even where it is the default one.
        assert elsewhere or positional or "another connection" in str(refusal), words
        assert refusal.status == 2
        return
    assert not elsewhere, words
    assert not positional, words
    assert (read.check, read.ask_password) == (truth["check"], truth["become_ask_pass"])
    passed = parsed(list(read.passed))
    assert passed is not None
    differing = {name for name in truth if truth[name] != passed[name]}
    assert differing <= {"check", "become_ask_pass", "verbosity"}


@pytest.mark.parametrize("words", [["-i", "h,"], ["-ih,"], ["--inventory=h,"], ["--limit", "h"], ["--lim=h"], ["-vlh"]])
def test_the_refusal_names_the_way_to_other_hosts(words: list[str]) -> None:
    with pytest.raises(DevError, match=r"this machine only.*ansible-playbook -i INVENTORY playbooks/golang_dev\.yml"):
        arguments.read(words, "provision")


def test_yes_is_ours_and_all_else_goes_on() -> None:
    read = arguments.read(["--yes", "-e", "golang_dev_scope=machine", "-K", "--diff"], "provision")
    assert (read.yes, read.ask_password, read.check) == (True, True, False)
    assert read.passed == ("-e", "golang_dev_scope=machine", "--diff")


@pytest.mark.parametrize(
    ("given_vars", "value"),
    [
        (["golang_dev_scope=machine"], "machine"),
        (["a=1 golang_dev_scope=machine b=2"], "machine"),
        (["golang_dev_scope=user", '{"golang_dev_scope": "machine"}'], "machine"),
        (["{golang_dev_scope: machine, a: 1}"], "machine"),
        (["not_golang_dev_scope=machine"], None),
        (['{"golang_dev_scope": "machine"}', "golang_dev_scope=user"], "user"),
        ([], None),
    ],
)
def test_a_variable_is_found_in_every_spelling(given_vars: list[str], value: str | None) -> None:
    assert arguments.variable(given_vars, "golang_dev_scope") == value


def test_a_variable_is_found_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "v.yml").write_text("---\na: 1\ngolang_dev_scope: machine\n")
    assert arguments.variable([f"@{tmp_path / 'v.yml'}"], "golang_dev_scope") == "machine"
    assert arguments.variable([f"@{tmp_path / 'none.yml'}"], "golang_dev_scope") is None
