# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: bring extensions of one machine to what is wanted, and believe only the disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._allowed import refusal
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._extensions import Installed, Store
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._vsix import Package, inspect

# Without it the wrapper script of VS Code asks on WSL whether one really means the Linux side, and waits for ever.
# With VSCODE_IPC_HOOK_CLI the wrapper hands the command to whichever editor window started this process.
CLI_ENVIRONMENT = {"DONT_PROMPT_WSL_INSTALL": "1", "VSCODE_IPC_HOOK_CLI": ""}


@dataclass(frozen=True)
class Wanted:
    """One extension as it is to be."""

    name: str
    version: str = ""
    state: str = "present"
    pre_release: bool = False
    package: Callable[[], str] | None = None  # the path of a .vsix, fetched when it is needed

    def met_by(self, found: Installed | None) -> bool:
        return (
            found is not None
            and (not self.version or found.version == self.version)
            and (not self.pre_release or found.pre_release)
        )


@dataclass(frozen=True)
class Home:
    """One product's extensions: where they are, the program that installs into them, the rules that bind it."""

    product: str
    folder: str
    command: list[str] | None
    rules: dict[str, Any]


@dataclass
class Result:
    changes: list[Change] = field(default_factory=list)
    extensions: list[dict[str, Any]] = field(default_factory=list)


class Installer:
    """Works through every extension of every product; refuses everything that it can refuse before it begins."""

    def __init__(
        self,
        run: Callable[[list[str], dict[str, str]], tuple[int, str]],
        platform: str,
        check: bool = False,
        store: Callable[[str], Store] = Store,
        inspected: Callable[[str], Package] = inspect,
    ) -> None:
        self._run, self._platform, self._check, self._store, self._inspect = run, platform, check, store, inspected
        self.result = Result()

    def apply(self, homes: list[Home], wanted: list[Wanted]) -> Result:
        for home in homes:
            for one in wanted:
                self._refuse_early(home, one)
        for home in homes:
            for one in wanted:
                if one.state == "absent":
                    self._absent(home, one)
                else:
                    self._present(home, one)
        return self.result

    def _refuse_early(self, home: Home, one: Wanted) -> None:
        if one.state == "absent":
            return
        reason = refusal(home.rules, one.name, one.version, one.pre_release)
        if reason:
            raise WorkstationError(
                "install",
                "extension",
                one.name,
                f"the policy AllowedExtensions of {home.product} would disable it: {reason}",
                "Ask who administers this machine, or choose what the policy allows",
            )
        if one.package is None and home.command is None and not one.met_by(self._store(home.folder).find(one.name)):
            raise WorkstationError(
                "install",
                "extension",
                one.name,
                f"{home.product} has no command line here to fetch it with",
                f"Install {home.product} first, or give the extension as a .vsix",
            )

    def _present(self, home: Home, one: Wanted) -> None:
        store = self._store(home.folder)
        found = store.find(one.name)
        if one.met_by(found):
            self._keep(home, one, store, found)
            return
        old = found.version if found else "(nothing)"
        new = one.version or "the newest"
        self._say(home, "install", f"{one.name}: {old} -> {new}")
        if self._check:
            self._report(home, one, "install", found, one.version)
            return
        if one.package is not None:
            package_path = one.package()
            store.install(package_path, self._inspected(package_path, one))
        else:
            self._by_command(home, one)
        after = store.find(one.name)
        if not one.met_by(after):
            there = f"{after.version} is on disk" if after else "nothing is on disk"
            raise WorkstationError(
                "install", "extension", one.name, f"the program reported success, but {there}", "Use a .vsix instead"
            )
        if one.version and after is not None and not after.pinned:
            store.pin(one.name)
            after = store.find(one.name)
        self._report(home, one, "install", after)

    def _keep(self, home: Home, one: Wanted, store: Store, found: Installed | None) -> None:
        """It is there; an exact version must also stay."""
        if not one.version or (found is not None and found.pinned):
            self._report(home, one, "keep", found)
            return
        self._say(home, "edit", f"{one.name} {one.version}: updates by the editor off")
        if not self._check:
            store.pin(one.name)
            found = store.find(one.name)
        self._report(home, one, "pin", found)

    def _absent(self, home: Home, one: Wanted) -> None:
        store = self._store(home.folder)
        found = store.find(one.name)
        if not store.listed(one.name):
            return
        self._say(home, "remove", f"{one.name}: {found.version if found else 'leftovers'} -> (nothing)")
        if not self._check:
            store.remove(one.name)
        self._report(home, one, "remove", None)

    def _inspected(self, path: str, one: Wanted) -> Package:
        package = self._inspect(path)
        problem = ""
        if package.name != one.name.lower():
            problem = f"the package is {package.name}"
        elif one.version and package.version != one.version:
            problem = f"the package is version {package.version}, not {one.version}"
        elif package.platform and package.platform != self._platform:
            problem = f"the package is for {package.platform}, and this machine is {self._platform}"
        if problem:
            raise WorkstationError("install", "extension", one.name, problem, "Give the package that fits")
        return package

    def _by_command(self, home: Home, one: Wanted) -> None:
        name = f"{one.name}@{one.version}" if one.version else one.name
        command = [*(home.command or []), "--extensions-dir", home.folder, "--install-extension", name, "--force"]
        status, output = self._run(command + (["--pre-release"] if one.pre_release else []), CLI_ENVIRONMENT)
        if status != 0:
            lines = [line for line in output.splitlines() if line.strip()]
            raise WorkstationError(
                "install",
                "extension",
                one.name,
                lines[-1] if lines else f"the program ended with status {status}",
                "Check that the marketplace can be reached, or give the extension as a .vsix",
                rc=status,
                output=output,
            )

    def _say(self, home: Home, act: str, what: str) -> None:
        path = home.folder if act == "install" else self._store(home.folder).list
        self.result.changes.append(Change(path, act, what))

    def _report(self, home: Home, one: Wanted, act: str, found: Installed | None, version: str = "") -> None:
        self.result.extensions.append(
            {
                "name": one.name,
                "product": home.product,
                "act": act,
                "version": version or (found.version if found else ""),
                "path": found.path if found else "",
                "pinned": bool(found and found.pinned),
            }
        )
