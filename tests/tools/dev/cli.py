# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verbs of ``./dev``, one line each, and how errors are shown."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence

from . import bench, data, documentation, provision, testing
from .environ import ansible_env, test_env
from .errors import DevError
from .venvs import ensure


def shell(words: Sequence[str]) -> int:
    """A shell (or one command) in which ansible-playbook is this checkout's own."""
    environment = ansible_env(ensure("provision"), os.environ)
    command = list(words) or [os.environ.get("SHELL") or "/bin/sh"]
    try:
        os.execvpe(command[0], command, environment)
    except OSError as error:
        raise DevError(f"Cannot run '{command[0]}': {error.strerror}.", 127) from error


def docs(words: Sequence[str]) -> int:
    """Build the site: the pages of docs/, and the reference of the collection's roles and plugins."""
    if words:
        raise DevError(f"Cannot read '{words[0]}': ./dev docs takes no argument.", 2)
    venv = ensure("docs")
    return documentation.build(venv, test_env(venv, os.environ))


VERBS: dict[str, tuple[str, str, Callable[[Sequence[str]], int]]] = {
    "provision": ("[--yes] [OPTIONS]", "make this machine a Go workstation, and prove it", provision.provision),
    "doctor": ("[OPTIONS]", "say what is wrong on this machine; changes nothing", provision.doctor),
    "test": ("[NAME...]", "run the tests (--install-deps, --deep [NAME], -k EXPRESSION)", testing.run),
    "bench": ("[NAME...]", "measure, against the limits", bench.run),
    "data": ("[NAME...]", "make dated data and locked requirements anew", data.run),
    "docs": ("", "build the site: guides, and the reference of roles and plugins", docs),
    "shell": ("[COMMAND...]", "a shell in which ansible-playbook is this checkout's", shell),
}


def usage() -> str:
    width = max(len(f"{verb} {arguments}") for verb, (arguments, _what, _run) in VERBS.items())
    return "\n".join(f"./dev {f'{verb} {given}':<{width}}  {what}" for verb, (given, what, _run) in VERBS.items())


def main(words: Sequence[str]) -> int:
    if not words or words[0] in ("help", "-h", "--help"):
        print(usage())
        return 0
    # So that a `kill` tidies up as Ctrl+C does: temporary files, containers, the sudo password's pipe.
    signal.signal(signal.SIGTERM, lambda number, frame: signal.raise_signal(signal.SIGINT))
    verb, *rest = words
    if verb not in VERBS:
        print(f"Cannot run './dev {verb}': there is no such verb. There are: {', '.join(VERBS)}.", file=sys.stderr)
        return 2
    try:
        return VERBS[verb][2](rest)
    except DevError as error:
        print(error, file=sys.stderr)
        return error.status
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
