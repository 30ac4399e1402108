# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what ``go_sdk`` decides for a Windows host, on the controller.

``win_go_sdk`` tells what stands; the very decision that a POSIX target takes for itself is taken here over it; what it
says becomes the few acts that ``win_go_sdk`` knows.
"""

from __future__ import annotations

import json
import ntpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk import _decide
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._layout import (
    STAGE,
    VERSION,
    Layout,
    version_key,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._manifest import Header
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._state import History, Link, Tree
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._windows_acts import block

ROOTS = {"user": r"%USERPROFILE%\sdk", "machine": r"%ProgramW6432%\Go SDK"}
MACHINE_LINK = r"%ProgramW6432%\Go"
MARK = ".go.place"


@dataclass(frozen=True)
class WindowsLayout(Layout):
    """The same names with the other slash; what stands was told by the host."""

    names: frozenset[str] = frozenset()

    def tree(self, version: str) -> str:
        return ntpath.join(self.root, f"go{version}")

    def manifest(self, version: str) -> str:
        return ntpath.join(self.root, f".go{version}.manifest")

    @property
    def history(self) -> str:
        return ntpath.join(self.root, ".go.history")

    @property
    def mark(self) -> str:
        return ntpath.join(self.root, MARK)

    def version_of(self, path: str) -> str | None:
        head, name = ntpath.split(ntpath.normpath(path))
        same = ntpath.normcase(head) == ntpath.normcase(ntpath.normpath(self.root))
        return name[2:] if same and name.startswith("go") and VERSION.fullmatch(name[2:]) else None

    def set_aside(self, version: str | None) -> str:
        base = f"go{version or '-unknown'}.set-aside"
        name, number = base, 2
        while name in self.names:
            name, number = f"{base}.{number}", number + 1
        return ntpath.join(self.root, name)


def reading(options: Mapping[str, Any], plan: Mapping[str, Any], versions: list[str] | None = None) -> dict[str, Any]:
    """The options that make ``win_go_sdk`` tell what the decision needs, whichever processor the host has."""
    machine = options["scope"] == "machine"
    root = _of_windows(options["root"] or ROOTS[options["scope"]])
    link = _of_windows(options["link"] or (MACHINE_LINK if machine else ntpath.join(root, "go")))
    trees = [
        {"platform": platform, "version": version, "h1": mine["pins"].get(version, "")}
        for platform, mine in plan["platforms"].items()
        if platform.startswith("windows-") and not mine.get("refused") and options["state"] != "absent"
        for version in (mine["versions"] if versions is None else versions)
    ]
    return {"action": "read", "root": root, "link": link, "trees": trees, "full": options["verify"] == "full"}


def _of_windows(path: str) -> str:
    path = "%USERPROFILE%" + path[1:] if path.startswith("~") else path
    if not path.startswith("%") and not ntpath.splitdrive(path)[0]:
        advice = r"Write it with its drive, C:\Go for instance, or begin with ~"
        raise WorkstationError("install Go in", "directory", path, "it is no full path of Windows", advice)
    return path.replace("/", "\\")


class WindowsSdk:
    """One look at one host, and the decision over it."""

    def __init__(self, options: Mapping[str, Any], plan: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
        self.options, self.seen, self.platform = options, seen, seen["platform"]
        mine = plan["platforms"].get(self.platform)
        if mine is None:
            advice = "Leave this host out (--limit)"
            raise WorkstationError("install Go on", "platform", self.platform, "Go is published for none such", advice)
        if mine.get("refused"):
            raise WorkstationError("install", "Go", *mine["refused"])
        self.mine, self.notices = mine, plan["notices"]
        self.kinds = {one["name"]: one["kind"] for one in seen["names"]}
        self.layout = WindowsLayout(seen["root"], seen["link_path"], frozenset(self.kinds))
        self.headers = self._headers()
        self.history = self._history()
        self.link = self._link()

    @property
    def placed(self) -> str | None:
        """The version whose tree itself stands at the link, for want of junctions."""
        noted = self.seen["notes"].get(MARK, "")
        here = self.seen["link"]["kind"] == "directory" and noted and noted == self.seen["link_says"]
        return str(noted[2:]) if here else None

    def rollback_target(self) -> str | None:
        return _decide.rollback_target(self.link, self.history)

    def decide(self) -> tuple[_decide.State, list[_decide.Step]]:
        leaving = self._installer()
        if leaving:
            # As if it were gone: the first act is that it goes.
            self.link = Link("absent")
            state, steps = self._decided()
            change = Change(self.layout.link, "remove", leaving["name"])
            return state, [_decide.Step("uninstall", (change,), path=leaving["product"]), *steps]
        return self._decided()

    def _decided(self) -> tuple[_decide.State, list[_decide.Step]]:
        options, mine = self.options, self.mine
        state = self._state()
        if options["state"] == "absent":
            return state, _decide.absent(state, mine["versions"], self.layout)
        if options["state"] == "rollback":
            return state, _decide.rollback(state, self.layout)
        wish = _decide.Wish(mine["versions"], mine["active"], options["keep"])
        return state, _decide.present(state, wish, self.layout)

    def standing(self) -> list[str]:
        """Every version that has a directory, whoever made it."""
        found = {name[2:] for name, kind in self.kinds.items() if kind == "directory" and self._is_version(name)}
        return sorted(found | ({self.placed} if self.placed else set()), key=version_key)

    def tree(self, version: str) -> dict[str, Any]:
        return next((one for one in self.seen["trees"] if one["version"] == version), {})

    def _state(self) -> _decide.State:
        seen, absent = self.seen, self.options["state"] == "absent"
        ours = [version for version in self.standing() if version in self.headers and self.headers[version].ours]
        active = self.rollback_target() if self.options["state"] == "rollback" else self.mine["active"]
        moves = active is not None and self.link.status in {"tree", "directory"} and self.link.version != active
        found = seen["link_tree"] if self.link.status == "directory" else None
        return _decide.State(
            root_exists=self._is_directory(),
            trees={} if absent else {one["version"]: self._tree(one) for one in seen["trees"] if self._is_mine(one)},
            link=self.link,
            ours=ours,
            history=self.history,
            leftovers=self._leftovers(),
            others=self._others(ours),
            link_tree=None if absent or not found or self.placed else self._tree(found),
            defaults=block(seen["link_go_env"]) if moves else (),
            next_defaults=block(self.tree(active).get("go_env")) if moves and active else (),
        )

    def _is_mine(self, one: Mapping[str, Any]) -> bool:
        return self.options["state"] == "rollback" or one["version"] in self.mine["versions"]

    def _tree(self, one: Mapping[str, Any]) -> Tree:
        version, path = one["version"], self.layout.tree(one["version"])
        if one["kind"] == "absent":
            return Tree(version, path, "absent")
        if one["kind"] != "directory":
            what = f"a link to {one['target']}" if one["kind"] == "junction" else "a file"
            return Tree(version, path, "obstacle", differences=(what,))
        header = self.headers.get(version)
        wanted = self.mine["pins"].get(version) or (header.h1 if header else None)
        status = "intact" if wanted and one["h1"] == wanted else "stomped"
        return Tree(version, path, status, self.platform, one["h1"], header, tuple(sorted(one["differences"])))

    def _link(self) -> Link:
        link = self.seen["link"]
        if link["kind"] == "junction":
            version = self.layout.version_of(link["target"])
            return Link("tree" if version else "foreign", version, link["target"])
        if link["kind"] == "directory":
            says = self.seen["link_says"]
            stated = says[2:] if VERSION.fullmatch(says[2:]) else None
            return Link("tree", self.placed) if self.placed else Link("directory", stated)
        return Link(link["kind"])

    def _headers(self) -> dict[str, Header]:
        found = {}
        for name, line in self.seen["notes"].items():
            version = name[len(".go") : -len(".manifest")]
            if name.endswith(".manifest") and VERSION.fullmatch(version):
                noted = _json(line)
                if noted.pop("format", None) == 1 and noted.get("version") == version:
                    found[version] = Header(**{"go_env": "", **noted})
        return {version: header for version, header in found.items() if header.platform == self.platform}

    def _history(self) -> History:
        data = _json(self.seen["notes"].get(".go.history", ""))
        return History(data.get("active"), data.get("previous"), data.get("rolled_back_from"))

    def _leftovers(self) -> list[str]:
        """Only where no run holds the lock: Windows takes that file away with the run, however it ends."""
        if self.seen["busy"]:
            return []
        return [ntpath.join(self.layout.root, name) for name in sorted(self.kinds) if _is_leftover(name)]

    def _others(self, ours: list[str]) -> list[str]:
        known = {".go.history", MARK, ".go.lock"}
        if self.link.status == "tree":
            known.add(ntpath.basename(self.layout.link))
        for version in ours:
            known |= {f"go{version}", f".go{version}.manifest"}
        return [name for name in self.kinds if name not in known and not _is_leftover(name)]

    def _is_directory(self) -> bool:
        kind = self.seen["root_kind"]
        if kind == "file":
            advice = "Move it away, or choose another root"
            raise WorkstationError("install Go in", "directory", self.layout.root, "a file stands there", advice)
        return bool(kind != "absent")

    def _installer(self) -> Mapping[str, str] | None:
        """The Go of Windows Installer that has to go, where that is wanted.

        Left there, Windows Installer would look for its files at the link for ever after, and remove ours with its own.
        """
        if self.link.status != "directory" or self.options["state"] == "absent":
            return None
        for one in self.seen["installers"]:
            place = one["location"] or r"C:\Program Files\Go"
            if ntpath.normcase(place.rstrip("\\")) != ntpath.normcase(self.layout.link):
                continue
            known = re.fullmatch(r"\{[0-9A-Fa-f-]+\}", one["product"])
            if known and self.options["replace_packaged"] and self.options["state"] == "present":
                return dict(one)
            raise WorkstationError(
                "install Go at",
                "path",
                self.layout.link,
                f"'{one['name']}' of Windows Installer stands there",
                f"Remove it (msiexec /x {one['product']}) and run again, let replace_packaged do that, "
                "or choose other paths with root and link",
            )
        return None

    @staticmethod
    def _is_version(name: str) -> bool:
        return name.startswith("go") and VERSION.fullmatch(name[2:]) is not None


def _is_leftover(name: str) -> bool:
    return name.startswith(STAGE) or name.endswith((".manifest.new", ".gopherops-new", ".gopherops-old"))


def _json(line: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
