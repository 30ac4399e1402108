# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``./dev provision`` and ``./dev doctor``: this machine only, and not before the user read what changes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import arguments
from .environ import ansible_env
from .errors import DevError
from .lock import locked
from .paths import CACHE, ROOT
from .plan import Report, plan_lines, read_report
from .secret import ask_password, password_option
from .venvs import Venv, ensure

FOUND = "The doctor found trouble"
# The tasks of the role go_doctor whose output is for people.
TELLS = re.compile(r"TASK .* : (Look, judge and prove|Say what it changes|Say why it could not)")
HOST_FAILED = 2  # ansible-playbook's own status
NO_PASSWORD = "Missing sudo password"
SUDO_ADVICE = (
    "Cannot act on the whole machine: sudo wants a password. Run the same command with -K to be asked for it, "
    "or leave out golang_dev_scope=machine to provision your own account only."
)


@dataclass(frozen=True)
class Pass:
    """One run of a playbook: its status, its report, and what it printed when that was not shown."""

    status: int
    report: Report | None
    output: str


@dataclass(frozen=True)
class Runner:
    """Runs one playbook on this machine, in this venv, with the user's arguments."""

    venv: Venv
    playbook: Path
    given: arguments.Arguments
    password: str | None

    def command(self, report: Path, *further: str) -> list[str]:
        """The user's arguments stand behind our interpreter, so they win, and before our report, so that one wins."""
        return [
            *(str(self.venv.python), "-I", "-m", "ansible", "playbook", "-i", "localhost,", "-c", "local"),
            *("-e", json.dumps({"ansible_python_interpreter": target_python(self.venv)})),
            *(*self.given.passed, *further),
            *("-e", json.dumps({"golang_dev_report_file": str(report)})),
            str(self.playbook),
        ]

    def run(self, *further: str, show: bool) -> Pass:
        with tempfile.TemporaryDirectory(prefix="gopherops-") as directory, password_option(self.password) as option:
            report = Path(directory) / "report.json"
            done = subprocess.run(
                self.command(report, *further, *option),
                env=ansible_env(self.venv, os.environ),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,  # every question was asked before; a hidden one would hang
                stdout=None if show else subprocess.PIPE,
                stderr=None if show else subprocess.STDOUT,
                text=True,
                errors="replace",
                check=False,
            )
            return Pass(done.returncode, read_report(report), done.stdout or "")


def target_python(venv: Venv) -> str:
    """A Python that root and every developer account may run; the venv's may lie in a home that they cannot enter."""
    system = "/usr/bin/python3"
    ask = "import sys; sys.exit(sys.version_info < (3, 9))"
    # On macOS this name is a stub that may open a dialog.
    if sys.platform != "darwin" and os.access(system, os.X_OK):
        if subprocess.run([system, "-I", "-c", ask], capture_output=True, check=False).returncode == 0:
            return system
    return str(venv.python)


def _prepared(words: Sequence[str], verb: str) -> Runner:
    given = arguments.read(words, verb)
    path = ROOT / "playbooks" / arguments.PLAYBOOKS[verb]
    if not path.is_file():
        raise DevError(f"Cannot run '{verb}': this checkout has no playbooks/{path.name}. Fetch it whole.", 2)
    if verb == "provision" and not given.only_tells:
        _need_sudo(given)
    return Runner(ensure("provision"), path, given, ask_password() if given.ask_password else None)


def _need_sudo(given: arguments.Arguments) -> None:
    """Say at once that a password is missing, rather than after a minute."""
    machine = arguments.variable(given.extra_vars, "golang_dev_scope") == "machine"
    if not machine or os.geteuid() == 0 or given.ask_password or given.password_given:
        return
    if shutil.which("sudo") is None:
        raise DevError("Cannot act on the whole machine: there is no sudo here. Run ./dev as root.", 2)
    probe = subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if probe.returncode:
        raise DevError(SUDO_ADVICE, 2)


def _failed(done: Pass, what: str) -> DevError:
    """The failure of a pass as an error; what Ansible said is printed first."""
    if NO_PASSWORD in done.output:
        return DevError(SUDO_ADVICE, 2)
    if done.report and done.report.failure:
        return DevError(f"{done.report.failure} (-v shows the whole run)")
    sys.stdout.write(done.output)
    return DevError(f"Cannot {what}: ansible-playbook ended with status {done.status}; its words stand above.")


def provision(words: Sequence[str]) -> int:
    """Plan, ask, run, verdict."""
    runner = _prepared(words, "provision")
    if runner.given.only_tells:
        return runner.run(show=True).status
    with locked(CACHE / "provision.lock", "provision", wait=False):
        planned = _plan(runner)
        if runner.given.check:
            return 0
        if planned.changes and not _agreed(runner.given.yes):
            return 2
        return _carry_out(runner)


def _plan(runner: Runner) -> Report:
    """The check pass: what would change, printed."""
    given = runner.given
    show = given.verbose or (given.check and bool({"-D", "--diff"} & set(given.passed)))
    print("Looking at what there is (nothing is changed yet) ...", end="\n" if show else "", flush=True)
    started = time.monotonic()
    done = runner.run("--check", show=show)
    if not show:
        print(f" {time.monotonic() - started:.0f} s", flush=True)
    if done.status:
        raise _failed(done, "look at this machine")
    if done.report is None:
        sys.stdout.write(done.output)
        raise DevError(
            "Cannot tell what would change: the playbook wrote no report. Leave out --tags and --skip-tags, "
            "or use ansible-playbook."
        )
    print("\n".join(plan_lines(done.report.changes, os.path.lexists, os.path.expanduser("~"))), flush=True)
    return done.report


def _agreed(yes: bool) -> bool:
    if yes:
        return True
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("Nothing was changed: there is no terminal to ask on. Run it again with --yes.", file=sys.stderr)
        return False
    try:
        answer = input("Go on? [y/N] ")
    except EOFError:
        answer = ""
        print()
    if answer.strip().lower() in ("y", "yes"):
        return True
    print("Nothing was changed.")
    return False


def _carry_out(runner: Runner) -> int:
    """The real run. Only the playbook's own verdict, with its functional check, makes it a success."""
    done = runner.run(show=True)
    if done.report is None:
        if done.status == 0:
            print("The playbook wrote no verdict, so nothing is proved (was it left out by --tags?).", file=sys.stderr)
        return done.status or 1
    if done.report.failure:
        # Ansible's own words and its recap stand between the verdict and the prompt: the reason comes last.
        raise DevError(done.report.failure)
    return done.status or (0 if done.report.passed else 1)


def doctor(words: Sequence[str]) -> int:
    """Read-only. 0: healthy; 1: something is wrong; 2: it could not look."""
    runner = _prepared(words, "doctor")
    show = runner.given.verbose or runner.given.only_tells
    further = ("--check",) if runner.given.check else ()
    done = runner.run(*further, show=show)
    if runner.given.only_tells:
        return done.status
    if not healthy_or_ill(done, show=show):
        error = _failed(done, "look at this machine")
        raise DevError(str(error), 2)
    sys.stdout.write(judgement(done.output))
    return 1 if done.status else 0


def judgement(output: str) -> str:
    """What the doctor said, and what its roles do with --fix, out of all that Ansible printed."""
    tasks = [one.partition("\n") for one in re.split(r"^(?=(?:PLAY|TASK) )", output, flags=re.MULTILINE)]
    said = "".join(text for title, _end, text in tasks if TELLS.match(title))
    return re.sub(r"^ok: \[.*?\](?: => )?\n?", "", said, flags=re.MULTILINE).strip() + "\n" if said else output


def healthy_or_ill(done: Pass, *, show: bool) -> bool:
    """Whether the doctor came to a judgement. Its playbook fails with these words; a run that was shown keeps none."""
    return done.status == 0 or FOUND in done.output or (show and done.status == HOST_FAILED)
