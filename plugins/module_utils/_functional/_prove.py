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
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import Background, Ran
from ansible_collections.gopherops.workstation.plugins.module_utils._info._words import excerpt

# A cold cache on a slow machine: minutes for the standard library, and then once more for gopls to read it.
BUILD_SECONDS, PROBE_SECONDS, QUESTION_SECONDS = 300.0, 180.0, 120.0
LEAVING_SECONDS = 20.0  # after its budget the probe still ends the conversation and the server


def not_proved(reason: str) -> dict[str, Any]:
    """The result where the check did not run: neither passed nor failed."""
    return {"passed": None, "reason": reason, "steps": [], "seconds": 0.0}


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
            return self._cannot("there is no go command for this account")
        begin = time.monotonic()
        folder = ""
        try:
            folder = tempfile.mkdtemp(prefix="gopherops-probe-", dir=self._temp())
            self._prove(folder, source, answers)
        except OSError as error:  # a full or read-only disk is a finding, not a crash
            self._note(
                "workspace", False, 0.0, f"{error.filename or self._temp() or 'temporary folder'}: {error.strerror}"
            )
        finally:
            if folder:
                shutil.rmtree(folder, ignore_errors=True)
        return {
            "passed": bool(self.steps) and all(step["ok"] for step in self.steps),
            "reason": "",
            "steps": self.steps,
            "seconds": round(time.monotonic() - begin, 3),
        }

    def _cannot(self, reason: str) -> dict[str, Any]:
        self._note("start", False, 0.0, reason)
        return {"passed": False, "reason": reason, "steps": self.steps, "seconds": 0.0}

    def _temp(self) -> str | None:
        """Where go itself would build and run tests: there it has to work."""
        wanted = self.editor.get("GOTMPDIR") or (self.go.get("env") or {}).get("GOTMPDIR") or self.editor.get("TMPDIR")
        return wanted if wanted and os.path.isdir(wanted) and os.access(wanted, os.W_OK) else None

    def _note(self, name: str, ok: bool, seconds: float, detail: str, late: bool = False) -> bool:
        self.steps.append({"name": name, "ok": ok, "late": late, "seconds": round(seconds, 3), "detail": detail})
        return ok

    def _prove(self, folder: str, source: str, answers: bool) -> None:
        """``go test`` runs beside the conversation with gopls: neither needs the other."""
        code, scratch = os.path.join(folder, "probe"), os.path.join(folder, "scratch")
        _unpack(source, code)
        os.mkdir(scratch)
        # -trimpath: the directory has a new name every time, and the build cache must still know the packages.
        test = [str(self.go["path"]), "test", "-trimpath", "."]
        beside = Background(test, self.building, code, BUILD_SECONDS, os.path.join(folder, "test.out"))
        try:
            modcache = self.editor.get("GOMODCACHE") or (self.go.get("env") or {}).get("GOMODCACHE", "")
            module = cached_module(modcache) if modcache else None
            built = self._probe(code, {"scratch": scratch, "module": module, "answers": answers}, "")
            self._tests(test, code, beside.result())
        finally:
            beside.stop()
        for workspace in (self.info.get("workspaces") or []) if built and self.gopls else []:
            if workspace.get("exists"):
                asked = {"workspace": workspace["real"], "answers": answers}
                self._probe(code, asked, f"{workspace['path']}: ")

    def _tests(self, test: list[str], code: str, first: Ran) -> None:
        """The second run has to come from the cache; where already the first did, that is shown."""
        if first.timed_out:
            self._too_long("test", first, BUILD_SECONDS)
            return
        if not self._note("test", first.ok, first.seconds, "" if first.ok else excerpt(first.out)):
            return
        if "(cached)" in first.out:
            self._note("test_cached", True, first.seconds, "answered from the cache of an earlier run")
            return
        second = self.place.run(test, self.building, code, BUILD_SECONDS, b"")
        if second.timed_out:
            self._too_long("test_cached", second, BUILD_SECONDS)
            return
        good = second.ok and "(cached)" in second.out
        words = "the second go test was not answered from the cache\n" if second.ok else ""
        self._note("test_cached", good, second.seconds, "" if good else excerpt(words + second.err + second.out))

    def _probe(self, code: str, more: Mapping[str, Any], prefix: str) -> bool:
        """Build and run it; says whether it could be built. Since Go 1.24 ``go run`` keeps the program in the cache."""
        argv = [str(self.go["path"]), "run", "-trimpath", "."]
        config = self._config(more) if self.gopls else {"scratch": ""}
        limit = BUILD_SECONDS + PROBE_SECONDS + LEAVING_SECONDS
        ran = self.place.run(argv, self.building, code, limit, json.dumps(config).encode())
        if ran.timed_out:  # the probe ends in its own budget: what took the rest was the build
            return self._too_long(f"{prefix}build", ran, limit)
        try:
            report = json.loads(ran.out)
        except ValueError:
            said = ran.err or ran.out or f"exit status {ran.rc}"
            self._note(f"{prefix}build", False, ran.seconds, excerpt(said))
            return False
        self._note(f"{prefix}build", True, max(0.0, ran.seconds - report["seconds"]), "")
        if not self.gopls:
            self._note("start", False, 0.0, "gopls is not installed where the editor looks for it")
            return True
        self.steps.extend({**step, "name": prefix + step["name"]} for step in report["steps"])
        return True

    def _too_long(self, name: str, ran: Ran, limit: float) -> bool:
        return self._note(name, False, ran.seconds, f"given up after {limit:.0f} s: the build took longer", late=True)

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


def _unpack(source: str, folder: str) -> None:
    """The packed probe is gzipped JSON: file name -> text."""
    os.mkdir(folder, 0o700)
    for name, text in json.loads(gzip.decompress(base64.b64decode(source))).items():
        with open(os.path.join(folder, os.path.basename(name)), "w", encoding="utf-8") as stream:
            stream.write(text)
