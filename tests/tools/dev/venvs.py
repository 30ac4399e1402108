# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual environments: made on first use, kept while they fit, replaced as a whole when they do not.

A venv cannot be moved (its scripts name its path), so each is built at its final place, ``.cache/venvs/KIND-KEY``, and
``.venv``, ``.venv-test`` or ``.venv-docs`` is a link that is switched to it by rename. What the stamp, written last,
does not vouch for does not exist: a build that was killed is removed and begun again, and the venv in use stays until
the new one stands.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import DevError
from .index import index_url, pip_wheel, without_secret
from .lock import locked
from .paths import CACHE, REQUIREMENTS, ROOT

STAMP = ".gopherops-stamp.json"
LINKS = {"provision": ".venv", "test": ".venv-test", "docs": ".venv-docs"}


@dataclass(frozen=True)
class Venv:
    """A virtual environment that stands."""

    path: Path

    @property
    def bin(self) -> Path:
        return self.path / "bin"

    @property
    def python(self) -> Path:
        return self.bin / "python"


def digest(requirements: Path) -> str:
    return hashlib.sha256(requirements.read_bytes()).hexdigest()


def interpreter_version(python: Path) -> str | None:
    """``3.13`` when the interpreter runs, ``None`` when it is gone."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-I", "-c", ask], capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()


def fits(link: Path, requirements: Path, version_of: Callable[[Path], str | None] = interpreter_version) -> bool:
    """Whether the venv behind the link was finished, from this very file, here, and its interpreter still runs.

    A newer Python on PATH is no reason to build anew: then nothing would work offline after a system update.
    """
    try:
        stamp = json.loads((link / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    wanted = {"requirements": digest(requirements), "path": str(link.resolve())}
    if not isinstance(stamp, dict) or any(stamp.get(key) != value for key, value in wanted.items()):
        return False
    return stamp.get("python") == version_of(link / "bin" / "python")


def ensure(kind: str, env: Mapping[str, str] | None = None) -> Venv:
    """The venv of this kind, built now if need be."""
    link, requirements = ROOT / LINKS[kind], REQUIREMENTS / f"{kind}.txt"
    if not fits(link, requirements):
        with locked(CACHE / "venvs.lock", f"build {link.name}", wait=True):
            if not fits(link, requirements):  # the other ./dev may just have built it
                _build(kind, link, requirements, dict(os.environ if env is None else env))
    return Venv(link)


def _build(kind: str, link: Path, requirements: Path, env: dict[str, str]) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    home = CACHE / "venvs"
    home.mkdir(parents=True, exist_ok=True)
    for left in home.glob(f"{kind}-*"):
        if not (left / STAMP).is_file():
            shutil.rmtree(left)
    place = Path(tempfile.mkdtemp(prefix=f"{kind}-{version}-", dir=home))
    place.chmod(0o755)
    _say(f"Building {link.name} for Python {version} (once; later runs need no network) ...")
    started = time.monotonic()
    venv.EnvBuilder(symlinks=True, with_pip=False, clear=True).create(place)
    _install(place / "bin" / "python", requirements, env, link.name, compile_all=kind == "provision")
    stamp = {"requirements": digest(requirements), "path": str(place.resolve()), "python": version}
    (place / STAMP).write_text(json.dumps(stamp) + "\n", encoding="utf-8")
    _switch(link, place)
    for old in home.glob(f"{kind}-*"):
        if old != place:
            shutil.rmtree(old, ignore_errors=True)
    print(f" {time.monotonic() - started:.0f} s", flush=True)


def _say(text: str) -> None:
    print(text, end="", flush=True)


def _install(python: Path, requirements: Path, env: dict[str, str], name: str, *, compile_all: bool) -> None:
    """Run pip from its wheel: the venv itself needs none, and ensurepip need not exist."""
    # These would send the packages elsewhere, or import somebody else's.
    for variable in ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PYTHONPATH", "PYTHONHOME"):
        env.pop(variable, None)
    index = index_url(env)
    env["PIP_INDEX_URL"] = index  # not an argument: everybody can read those
    command = [
        *(str(python), "-I", str(_pip(env) / "pip"), "install", "--quiet", "--disable-pip-version-check", "--no-input"),
        *("--require-hashes", "--no-deps", "--prefer-binary"),
        *(() if compile_all else ("--no-compile",)),
        *("--requirement", str(requirements)),
    ]
    done = subprocess.run(command, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        print(flush=True)
        sys.stderr.write(done.stderr.replace(index, without_secret(index)))
        raise DevError(
            f"Cannot build {name} from {requirements.relative_to(ROOT)}: pip ended with status {done.returncode}, "
            f"its words stand above. The index was {without_secret(index)}; PIP_INDEX_URL chooses another."
        )


def _pip(env: Mapping[str, str]) -> Path:
    """The pinned pip, else the one that this Python carries (an air-gapped wheelhouse has no index page for pip)."""
    try:
        return pip_wheel(env)
    except DevError:
        if bundled := bundled_pip():
            return bundled
        raise


def bundled_pip() -> Path | None:
    """The wheel inside ensurepip, where the distribution did not take it out."""
    found = importlib.util.find_spec("ensurepip")
    if found is None or found.origin is None:
        return None
    wheels = sorted((Path(found.origin).parent / "_bundled").glob("pip-*.whl"))
    return wheels[-1] if wheels else None


def _switch(link: Path, place: Path) -> None:
    """Point the link to the new venv; somebody's own directory of that name is set aside, not deleted."""
    if link.is_dir() and not link.is_symlink():
        aside = CACHE / "venvs" / f"set-aside-{link.name}-{int(time.time())}"
        link.rename(aside)
        print(f" (what was {link.name} is now {aside.relative_to(ROOT)})", end="")
    new = link.with_name(f"{link.name}.{os.getpid()}")
    new.symlink_to(os.path.relpath(place, link.parent))
    new.replace(link)
