# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: everything that go_info gathers, in one visit, partial where a part fails."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._info._dirs import collect_dirs
from ansible_collections.gopherops.workstation.plugins.module_utils._info._editor import collect_editor, effective
from ansible_collections.gopherops.workstation.plugins.module_utils._info._gos import (
    collect_files,
    collect_go,
    collect_gos,
    expand,
    resolve_go,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._info._machine import (
    collect_os,
    collect_programs,
    collect_user,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._info._network import collect_network
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place, place_here
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import run
from ansible_collections.gopherops.workstation.plugins.module_utils._info._shell import (
    collect_environment,
    login_environment,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._info._tools import collect_tools
from ansible_collections.gopherops.workstation.plugins.module_utils._info._words import scrub, scrubbed
from ansible_collections.gopherops.workstation.plugins.module_utils._info._workspaces import collect_workspaces

SCHEMA = 1


@contextmanager
def visit(environ: Mapping[str, str]) -> Iterator[Place]:
    """A place with an empty private directory that is gone afterwards."""
    try:
        empty = tempfile.mkdtemp(prefix="gopherops-doctor-")
    except OSError as error:
        cause = error.strerror or str(error)
        raise WorkstationError("look at", "machine", tempfile.gettempdir(), cause, "Make room there") from error
    try:
        yield place_here(run, environ, empty)
    finally:
        shutil.rmtree(empty, ignore_errors=True)


class Collection:
    """The facts so far. A part that breaks leaves a word in ``errors`` and the rest goes on."""

    def __init__(self, place: Place, options: Mapping[str, Any]) -> None:
        self.place, self.options = place, options
        self.login: dict[str, str] = {}
        self.settings: dict[str, Any] = {}
        self.info: dict[str, Any] = {"schema": SCHEMA, "errors": {}}

    def add(self, name: str, collect: Callable[[], Any]) -> Any:
        try:
            self.info[name] = collect()
        except Exception as error:  # partial results instead of failure is the contract of go_info
            self.info["errors"][name] = scrub(f"{type(error).__name__}: {error}")
        return self.info.get(name)

    def gather(self) -> dict[str, Any]:
        begin = time.monotonic()
        place = self.place
        self.login, outcome = login_environment(place)
        self.add("user", lambda: collect_user(place))
        self.add("os", lambda: collect_os(place))
        self.add("env", lambda: collect_environment(place, self.login, outcome))
        self.settings = effective(self.add("editor", lambda: collect_editor(place, self.login)) or {})
        if "editor" in self.info:
            self.info["editor"] = scrubbed(self.info["editor"])
        self._gather_go()
        self.info["seconds"] = round(time.monotonic() - begin, 3)
        return self.info

    def _gather_go(self) -> None:
        place, login, options = self.place, self.login, self.options
        gos = self.add("gos", lambda: collect_gos(place, login)) or []
        path, via = resolve_go(place, login, self.settings, expand(place, login, options.get("go")))
        go = (self.add("go", lambda: collect_go(place, login, path, via, gos)) if path else None) or {}
        self.add("programs", lambda: collect_programs(place, login, (go.get("env") or {}).get("CC", "")))
        self.add("files", lambda: collect_files(place, login, go, self.settings))
        gopls = expand(place, login, options.get("gopls"))
        self.add("tools", lambda: collect_tools(place, login, go, self.settings, gopls))
        workspaces = [expand(place, login, one) for one in options.get("workspaces") or []]
        self.add("dirs", lambda: collect_dirs(place, login, go, workspaces))
        self.add("workspaces", lambda: collect_workspaces(place, login, path, workspaces))
        if options.get("network") and go:
            self.add("network", lambda: collect_network(place, login, go))
