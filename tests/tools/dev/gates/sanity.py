# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gate ``sanity``: ansible-test, in a copy of the tree, without its usual downloads and without touching the home.

It insists on a folder ``ansible_collections/NAMESPACE/NAME`` that is no link, and on a bootstrap script for pip from a
host of its own. The copy gives it the first; a HOME of our own holds, where it looks first, a script that runs pip's
pinned wheel instead.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from ..errors import DevError
from ..index import pip_wheel
from ..outcome import Outcome
from ..paths import CACHE
from ..tree import copy_tree
from ..venvs import interpreter_version
from ._context import Context

# Links to ourselves, which sanity refuses, and what galaxy.yml keeps out of the collection.
LEFT_OUT = ("collections", "playbooks/collections", "tests", "molecule", "requirements")
NO_PWSH = (
    "sanity: validate-modules of the PowerShell modules: it asks PowerShell for their options, and there is no pwsh"
)
BOOTSTRAP = """\
import runpy
import sys

sys.path.insert(0, {wheel!r})
sys.argv = ["pip", "install", *(a for a in sys.argv[1:] if a not in ("--no-setuptools", "--no-wheel"))]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


def pip_version(context: Context) -> str:
    """The pip that this ansible-test asks for."""
    ask = (
        "import ansible_test, pathlib, re\n"
        "text = (pathlib.Path(ansible_test.__file__).parent / '_internal/python_requirements.py').read_text()\n"
        "print(re.search(r\"pip='([0-9.]+)'\", text)[1])"
    )
    answer = subprocess.run([context.venv.python, "-c", ask], capture_output=True, text=True, check=False)
    if answer.returncode:
        raise DevError("Cannot run ansible-test: it does not say which pip it wants. Look at requirements/test.in.")
    return answer.stdout.strip()


def prepare_home(context: Context, home: Path) -> None:
    """Put the bootstrap script where ansible-test looks before it downloads."""
    version = pip_version(context)
    wheel = pip_wheel(context.env, version)
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    script = cache / f"get_pip_{version.replace('.', '_')}.py"
    script.write_text(BOOTSTRAP.format(wheel=str(wheel)), encoding="utf-8")


def sanity(context: Context) -> Outcome:
    # The home stays: ansible-test keeps one venv per sanity test there (30 s the first time, 7 s after).
    home = CACHE / "sanity-home"
    prepare_home(context, home)
    python = interpreter_version(context.venv.python) or ""
    with tempfile.TemporaryDirectory(prefix="gopherops-sanity-") as directory:
        tree = Path(directory) / "ansible_collections" / "gopherops" / "workstation"
        tree.mkdir(parents=True)
        copy_tree(tree, without=LEFT_OUT)
        path = f"{context.venv.bin}:/usr/bin:/bin"
        powershell = shutil.which("pwsh", path=path) is not None
        if not powershell:
            for file in (tree / "plugins" / "modules").glob("win_*"):
                file.unlink()
        # ansible-test asks git which files there are.
        subprocess.run(["git", "init", "-q", "."], cwd=tree, check=True)
        command = context.tool(
            "ansible-test", "sanity", "--local", "--color", "no", "--python", python, *_tests(context)
        )
        env = {"HOME": str(home), "PATH": path, "ANSIBLE_CONFIG": ""}
        done = context.run("sanity", command, cwd=tree, env=env)
    outcome = counted(done.stdout, done.returncode)
    if not powershell:
        outcome.skips.append(NO_PWSH)
    return outcome


def _tests(context: Context) -> list[str]:
    return [word for name in context.choice for word in ("--test", name)]


def counted(output: str, status: int) -> Outcome:
    """One sanity test is one test."""
    run = dict.fromkeys(re.findall(r'^Running sanity test "([^"]+)"', output, re.MULTILINE))
    listed = re.search(r"^FATAL: The \d+ sanity test\(s\) listed below .*\n((?:\S+\n)+)", output, re.MULTILINE)
    failed = listed[1].split() if listed else ["ansible-test"] if status else []
    outcome = Outcome(passed=len([name for name in run if name not in failed]))
    outcome.failures = [f"sanity: {name}" for name in failed]
    outcome.skips = [f"sanity: {text}" for text in re.findall(r"^WARNING: (Skipping .*)$", output, re.MULTILINE)]
    return outcome
