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

BUILD_SECONDS, PROBE_SECONDS, QUESTION_SECONDS = 300.0, 150.0, 60.0


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

    def _note(self, name: str, ok: bool, seconds: float, detail: str) -> bool:
        self.steps.append({"name": name, "ok": ok, "seconds": round(seconds, 3), "detail": detail})
        return ok

    def _go(self, name: str, folder: str, *words: str) -> Ran:
        ran = self.place.run([str(self.go["path"]), *words], build_environment(self.editor), folder, BUILD_SECONDS, b"")
        late = f"not done after {BUILD_SECONDS:.0f} s\n" if ran.timed_out else ""
        self._note(name, ran.ok, ran.seconds, "" if ran.ok else excerpt(late + ran.err + ran.out))
        return ran

    def _prove(self, folder: str, source: str, answers: bool) -> None:
        code = os.path.join(folder, "probe")
        _unpack(source, code)
        binary = os.path.join(folder, "gopherops-probe")
        # -trimpath: the directory has a new name every time, and the build cache must still know the packages.
        if not self._go("build", code, "build", "-trimpath", "-o", binary, ".").ok:
            return
        if self._go("test", code, "test", "-trimpath", ".").ok:
            second = self._go("test_cached", code, "test", "-trimpath", ".")
            if second.ok and "(cached)" not in second.out:
                self.steps[-1].update(ok=False, detail="the second go test was not answered from the cache")
        if not self.gopls:
            self._note("start", False, 0.0, "gopls is not installed where the editor looks for it")
            return
        scratch = os.path.join(folder, "scratch")
        os.mkdir(scratch)
        modcache = self.editor.get("GOMODCACHE") or (self.go.get("env") or {}).get("GOMODCACHE", "")
        module = cached_module(modcache) if modcache else None
        self._probe(binary, scratch, {"scratch": scratch, "module": module, "answers": answers}, "")
        for workspace in self.info.get("workspaces") or []:
            if workspace.get("exists"):
                self._probe(
                    binary, scratch, {"workspace": workspace["real"], "answers": answers}, f"{workspace['path']}: "
                )

    def _probe(self, binary: str, cwd: str, more: Mapping[str, Any], prefix: str) -> None:
        flags = self.settings.get("go.languageServerFlags")
        variables = self.go.get("env") or {}
        config = {
            "gopls": self.gopls,
            "args": [str(one) for one in flags] if isinstance(flags, list) else [],
            "settings": self.settings.get("gopls") or {},
            "goversion": self.go.get("version", ""),
            "goroot": variables.get("GOROOT") or self.go.get("root", ""),
            "seconds": QUESTION_SECONDS,
            **more,
        }
        env = {**self.editor, **({} if "workspace" in more else {"GOWORK": "off"})}
        ran = self.place.run([binary], env, cwd, PROBE_SECONDS, json.dumps(config).encode())
        try:
            report = json.loads(ran.out)
        except ValueError:
            late = f"not done after {PROBE_SECONDS:.0f} s" if ran.timed_out else f"exit status {ran.rc}"
            self._note(f"{prefix}probe", False, ran.seconds, excerpt(f"{late}: {ran.err or ran.out}"))
            return
        self.steps.extend({**step, "name": prefix + step["name"]} for step in report["steps"])


def _unpack(source: str, folder: str) -> None:
    """The packed probe is gzipped JSON: file name -> text."""
    os.mkdir(folder, 0o700)
    for name, text in json.loads(gzip.decompress(base64.b64decode(source))).items():
        with open(os.path.join(folder, os.path.basename(name)), "w", encoding="utf-8") as stream:
            stream.write(text)
