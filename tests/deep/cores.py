# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the gate asks of one ansible-core, asked of every supported one: ansible-test's sanity, and the unit tests.

The last case is what Galaxy itself does with a collection that is handed in. Needs the package index; a Python that
a core does not take is skipped by name.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

from dev import environ  # noqa: E402
from dev.gates._context import Context  # noqa: E402
from dev.gates.sanity import sanity  # noqa: E402
from dev.venvs import Venv, ensure  # noqa: E402

# Controllers: https://docs.ansible.com/projects/ansible/latest/reference_appendices/release_and_maintenance.html
CORES = {"2.19": ("3.11", "3.13"), "2.20": ("3.12", "3.14"), "2.21": ("3.12", "3.14")}
IMPORTER = "galaxy-importer"


def cases() -> list[str]:
    both = [f"{kind}/{core}/{python}" for kind in ("sanity", "unit") for core, some in CORES.items() for python in some]
    return [*both, IMPORTER]


class MissingError(Exception):
    """Something of this machine that the case needs."""


def make(folder: Path, python: str, *packages: str) -> Venv:
    found = shutil.which(f"python{python}", path=environ.without_shims(os.environ.get("PATH", os.defpath)))
    if found is None:
        raise MissingError(f"there is no python{python} on PATH")
    uv = str(ensure("test").bin / "uv")
    subprocess.run([uv, "venv", "--quiet", "--python", found, str(folder)], check=True)
    install = [uv, "pip", "install", "--quiet", "--python", str(folder / "bin" / "python"), *packages]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return Venv(folder)


def unit_requirements() -> list[str]:
    """What the unit tests need, without the ansible-core that is locked for them."""
    lines = (ROOT / "requirements" / "test.in").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not re.match(r"#|ansible(-core)?>", line)]


def run(case: str, folder: Path, env: Mapping[str, str]) -> str:
    """Why it failed; nothing when it did not."""
    if case == IMPORTER:
        return importer(folder, env)
    kind, core, python = case.split("/")
    wanted = [f"ansible-core=={core}.*"]
    if kind == "unit":
        wanted += unit_requirements()
    venv = make(folder / "venv", python, *wanted)
    logs = ROOT / ".cache" / "logs" / case
    context = Context(venv, {**env, "PATH": f"{venv.bin}:{env['PATH']}"}, logs=logs)
    outcome = sanity(context) if kind == "sanity" else context.pytest("unit", "-p", "no:cacheprovider", "tests/unit")
    return "; ".join(outcome.failures)


def importer(folder: Path, env: Mapping[str, str]) -> str:
    venv = make(folder / "venv", "3.13", "galaxy-importer")
    galaxy = [str(venv.bin / "ansible-galaxy"), "collection", "build", "--output-path", str(folder), str(ROOT)]
    subprocess.run(galaxy, env=dict(env), check=True, capture_output=True)
    archive = next(folder.glob("*.tar.gz"))
    command = [str(venv.python), "-m", "galaxy_importer.main", str(archive)]
    inside = {**env, "PATH": f"{venv.bin}:{env['PATH']}", "HOME": str(folder)}
    done = subprocess.run(command, env=inside, cwd=folder, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    logs = ROOT / ".cache" / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    (logs / "galaxy-importer.log").write_text(said, encoding="utf-8")
    errors = [line for line in said.splitlines() if line.startswith("ERROR")]
    return "; ".join(errors) if done.returncode or errors else ""


def main(words: list[str]) -> int:
    if words[:1] == ["list"]:
        print("\n".join(cases()))
        return 0
    env = environ.test_env(ensure("test"), os.environ)
    for case in words[1:]:
        with tempfile.TemporaryDirectory(prefix="gopherops-cores-") as folder:
            try:
                why = run(case, Path(folder), env)
            except MissingError as missing:
                print(f"skip {case} {missing}", flush=True)
                continue
        print(f"fail {case} {why}" if why else f"ok {case}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
