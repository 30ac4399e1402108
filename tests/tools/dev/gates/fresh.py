# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gate ``fresh``: what a new user does, with nothing but Python, git and ca-certificates, twice."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from ..containers import Container, running
from ..outcome import Outcome
from ..tree import bundle
from ._context import Context


def fresh(context: Context) -> Outcome:
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix="gopherops-fresh-") as folder:
        Path(folder).chmod(0o755)
        # As a bundle: git refuses to clone a repository that belongs to another account.
        bundle(Path(folder))
        with running("bare", context.env, "--volume", f"{folder}:/media:ro") as container:
            container.need("git", "clone", "--quiet", "/media/workstation.bundle", "workstation")
            _provision(context, container, outcome)
    return outcome


def _provision(context: Context, container: Container, outcome: Outcome) -> None:
    """First run: passes, with its proof. Second: nothing to change, nothing changed, proof again."""
    first = _run(context, container, "fresh-1")
    _expect(outcome, "the first run ends with status 0", first.returncode == 0)
    _expect(outcome, "the first run proves the machine", "This machine works for Go." in first.stdout)
    if outcome.failures:
        return
    found = container.run("bash", "-lic", "cd && go version && gopls version")
    _expect(outcome, f"a login shell finds go and gopls:\n{found.stdout}", found.returncode == 0)
    second = _run(context, container, "fresh-2")
    recap = re.findall(r"\bchanged=(\d+)\b", second.stdout)
    _expect(outcome, "the second run ends with status 0", second.returncode == 0)
    _expect(outcome, "the second run predicts nothing", "Nothing to change" in second.stdout)
    _expect(outcome, f"the second run changes nothing (changed={recap})", recap == ["0"])
    _expect(outcome, "the second run proves the machine", "This machine works for Go." in second.stdout)


def _run(context: Context, container: Container, label: str) -> subprocess.CompletedProcess[str]:
    return context.run(label, container.command("sh", "-c", "cd workstation && ./dev provision --yes"))


def _expect(outcome: Outcome, what: str, holds: bool) -> None:
    if holds:
        outcome.passed += 1
    else:
        outcome.failures.append(f"fresh: not so: {what}")
