# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: F8, the proof that Go and gopls work: build, test, and talk to the language server.

The probe is Go source that the controller sends along. The toolchain under test builds it in the developer's real
caches; running, it speaks to the gopls that the editor would start.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._functional._editor_env import (
    build_environment,
    editor_environment,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._functional._module_cache import cached_module
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import Ran
from ansible_collections.gopherops.workstation.plugins.module_utils._info._words import excerpt

# A cold cache on a slow machine: minutes for the standard library, and then once more for gopls to read it.
BUILD_SECONDS, PROBE_SECONDS, QUESTION_SECONDS = 300.0, 180.0, 120.0
LEAVING_SECONDS = 20.0  # after its budget the probe still ends the conversation and the server


def not_proved(reason: str) -> dict[str, Any]:
    """The result where the check did not run: neither passed nor failed."""
    return {"passed": None, "reason": reason, "steps": [], "seconds": 0.0}


def not_begun(reason: str) -> dict[str, Any]:
    """The result where there is no Go to ask: the check failed at its start."""
    return {"passed": False, "reason": reason, "steps": [_step("start", False, 0.0, reason)], "seconds": 0.0}


class Proof:
    """One run of the functional check."""

    def __init__(
        self, place: Place, info: Mapping[str, Any], login: Mapping[str, str], settings: Mapping[str, Any]
    ) -> None:
        self.place, self.info, self.settings = place, info, settings
        self.go: Mapping[str, Any] = info.get("go") or {}
        gopls = ((info.get("tools") or {}).get("gopls") or {}).get("found") or []
        self.gopls = gopls[0]["path"] if gopls else ""
        self.editor = editor_environment(place, login, self.go, settings)
        self.building = build_environment(self.editor)
        self.steps: list[dict[str, Any]] = []

    def run(self, source: str, answers: bool) -> dict[str, Any]:
        """Everything; ``source`` is the packed probe."""
        if not self.go:
            return not_begun("there is no go command for this account")
        begin = time.monotonic()
        folder = ""
        try:
            folder = tempfile.mkdtemp(prefix="gopherops-probe-", dir=self._temp())
            self._prove(folder, source, answers)
        except OSError as error:  # a full or read-only disk is a finding, not a crash
            detail = f"{error.filename or self._temp() or 'temporary folder'}: {error.strerror}"
            self.steps.append(_step("workspace", False, 0.0, detail))
        finally:
            if folder:
                shutil.rmtree(folder, ignore_errors=True)
        return {
            "passed": bool(self.steps) and all(step["ok"] for step in self.steps),
            "reason": "",
            "steps": self.steps,
            "seconds": round(time.monotonic() - begin, 3),
        }

    def _temp(self) -> str | None:
        """Where go itself would build and run tests: there it has to work."""
        wanted = self.editor.get("GOTMPDIR") or (self.go.get("env") or {}).get("GOTMPDIR") or self.editor.get("TMPDIR")
        return wanted if wanted and os.path.isdir(wanted) and os.access(wanted, os.W_OK) else None

    def _prove(self, folder: str, source: str, answers: bool) -> None:
        code, scratch = os.path.join(folder, "probe"), os.path.join(folder, "scratch")
        _unpack(source, code)
        os.mkdir(scratch)
        modcache = self.editor.get("GOMODCACHE") or (self.go.get("env") or {}).get("GOMODCACHE", "")
        module = cached_module(modcache, self.go.get("version", "")) if modcache else None
        built = self._probe(code, {"scratch": scratch, "module": module, "answers": answers, "test": self._test()}, "")
        for workspace in (self.info.get("workspaces") or []) if built and self.gopls else []:
            if workspace.get("exists"):
                asked = {"workspace": workspace["real"], "answers": answers}
                self._probe(code, asked, f"{workspace['path']}: ")

    def _test(self) -> list[str]:
        """The command; what vet makes of the probe says nothing about this machine, and costs seconds when cold."""
        # -trimpath: the directory has a new name every time, and the build cache must still know the packages.
        return [str(self.go["path"]), "test", "-trimpath", "-vet=off", "."]

    def _probe(self, code: str, more: Mapping[str, Any], prefix: str) -> bool:
        """Build and run it; says whether it could be built. Since Go 1.24 ``go run`` keeps the program in the cache."""
        argv = [str(self.go["path"]), "run", "-trimpath", "."]
        config = self._config(more) if self.gopls else {"test": more["test"]}
        config["building"] = BUILD_SECONDS
        limit = BUILD_SECONDS + max(PROBE_SECONDS, BUILD_SECONDS) + LEAVING_SECONDS
        ran = self.place.run(argv, self.building, code, limit, json.dumps(config).encode())
        steps = told(ran, "" if self.gopls else "gopls is not installed where the editor looks for it")
        self.steps.extend({**one, "name": prefix + one["name"]} for one in steps)
        return bool(steps[0]["ok"])

    def _config(self, more: Mapping[str, Any]) -> dict[str, Any]:
        flags = self.settings.get("go.languageServerFlags")
        variables = self.go.get("env") or {}
        env = {**self.editor, **({} if "workspace" in more else {"GOWORK": "off"})}
        return {
            "gopls": self.gopls,
            "args": [str(one) for one in flags] if isinstance(flags, list) else [],
            "env": [f"{name}={value}" for name, value in env.items()],
            "settings": self.settings.get("gopls") or {},
            "goversion": self.go.get("version", ""),
            "goroot": variables.get("GOROOT") or self.go.get("root", ""),
            "seconds": QUESTION_SECONDS,
            "budget": PROBE_SECONDS,
            **more,
        }


def told(ran: Ran, no_gopls: str) -> list[dict[str, Any]]:
    """The steps out of what the probe printed, its own build first; ``no_gopls`` says why there is nothing to talk to.

    The probe ends in its own budget: what took the rest was the build.
    """
    if ran.timed_out:
        return [_step("build", False, ran.seconds, f"given up after {ran.seconds:.0f} s: the build took longer", True)]
    try:
        report = json.loads(ran.out)
    except ValueError:
        return [_step("build", False, ran.seconds, ran.err or ran.out or f"exit status {ran.rc}")]
    return [
        _step("build", True, max(0.0, ran.seconds - report["seconds"]), ""),
        *([_step("start", False, 0.0, no_gopls)] if no_gopls else []),
        *({**one, "detail": excerpt(one["detail"])} for one in report["steps"] or []),
    ]


def _step(name: str, ok: bool, seconds: float, detail: str, late: bool = False) -> dict[str, Any]:
    return {"name": name, "ok": ok, "late": late, "seconds": round(seconds, 3), "detail": excerpt(detail)}


def _unpack(source: str, folder: str) -> None:
    """The packed probe is gzipped JSON: file name -> text."""
    os.mkdir(folder, 0o700)
    for name, text in json.loads(gzip.decompress(base64.b64decode(source))).items():
        with open(os.path.join(folder, os.path.basename(name)), "w", encoding="utf-8") as stream:
            stream.write(text)
