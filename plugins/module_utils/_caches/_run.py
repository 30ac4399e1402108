# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the target half of ``go_caches``.

Look as the developer, repair as root, try as the developer.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils import _envfile
from ansible_collections.gopherops.workstation.plugins.module_utils._caches import (
    _labels,
    _mounts,
    _move,
    _places,
    _reach,
    _receipt,
    _repair,
    _report,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._as_user import as_user
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._crew import workers
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._policy import Count, Policy
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._probe import Execute, probe
from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change, changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError


@dataclass(frozen=True)
class Host:
    """What the run needs from the machine."""

    system: str
    mounts: Callable[[], Sequence[_mounts.Mount]]
    execute: Execute
    environ: Mapping[str, str]
    relabel: _labels.Relabel | None = None
    """Only where SELinux is on."""


class CachesRun:
    def __init__(
        self, options: Mapping[str, Any], account: pwd.struct_passwd, gid: int, host: Host, *, check: bool
    ) -> None:
        self.options, self.account, self.gid, self.host, self.check = options, account, gid, host, check
        self.shared = options["policy"] == "shared"
        self.direct = account.pw_uid == os.getuid()
        self.changes: list[Change] = []
        self.warnings: list[str] = []

    def run(self) -> dict[str, Any]:
        """The module's result."""
        if self.options["state"] == "absent":
            # Content is the developer's; taking it away is `go clean`'s to do.
            taken = as_user(self.account, self._take_back)
            return {**changes_result([Change(*words) for words in taken]), "places": [], "warnings": []}
        seen: list[dict[str, Any]] = as_user(self.account, self._look)
        self.warnings += [f"{one['name']}: nothing was moved, {one['hindrance']}" for one in seen if one["hindrance"]]
        counts = {place["name"]: self._mend(place) for place in seen} if self.options["repair"] else {}
        # Asked before the developer acts, and as who runs: a directory of root's may hide what is behind it.
        missing = {place["name"]: _missing(_to_make(place)) if place["ours"] else [] for place in seen}
        made: list[dict[str, Any]] = as_user(self.account, lambda: self._use_all(seen, missing))
        for place, found in zip(seen, made):
            self.changes += [Change(path, "create", f"directory for {place['name']}") for path in found["made"]]
            if place["source"]:
                self.changes.append(Change(place["path"], "move", f"content of {place['source']}"))
        for change, warning in as_user(self.account, lambda: self._relabel(seen, made)):
            self.changes += [Change(*change)] if change else []
            self.warnings += [warning] if warning else []
        folders = [path for found in made for path in found["made"]]
        self.changes += [Change(*words) for words in as_user(self.account, lambda: self._record(folders))]
        return {
            **changes_result(_once(self.changes)),
            "places": [_report.shown(place, found, counts.get(place["name"])) for place, found in zip(seen, made)],
            "warnings": self.warnings,
        }

    def _take_back(self) -> list[tuple[str, ...]]:
        return [_words(change) for change in _receipt.take_back(self.account.pw_dir, check=self.check)]

    def _record(self, folders: Sequence[str]) -> list[tuple[str, ...]]:
        return [_words(change) for change in _receipt.record(self.account.pw_dir, folders, check=self.check)]

    def _look(self) -> list[dict[str, Any]]:
        """As the developer: where the places are and what speaks against them."""
        mounts = self.host.mounts()
        found = []
        for place in self._resolve():
            real = os.path.realpath(place.path)
            mount = _mounts.mount_of(real, mounts)
            above = _existing(real)
            source, hindrance = _move.source_of(place) if self.options["move"] else ("", "")
            doubts = _mounts.doubts(
                _places.Place(place.name, real, place.given),
                mount,
                _mounts.Room.of(above),
                min_free_mib=self.options["min_free_mib"],
                min_free_inodes=self.options["min_free_inodes"],
            )
            found.append(
                {
                    "name": place.name,
                    "path": place.path,
                    "real": real,
                    "ours": place.ours,
                    "fstype": mount.fstype,
                    "options": list(mount.options),
                    "doubts": doubts,
                    "there": os.path.isdir(real),
                    "source": source,
                    "hindrance": hindrance,
                }
            )
            self._refuse(place, doubts)
        return found

    def _refuse(self, place: _places.Place, doubts: Mapping[str, str]) -> None:
        for kind, reason in doubts.items():
            if kind not in self.options["accept"]:
                variable = _places.VARIABLES[place.name]
                raise WorkstationError(
                    "place",
                    "cache",
                    place.name,
                    f"'{place.path}': {reason}",
                    f"Name another path (paths, and {variable} for Go), or accept: [{kind}]",
                )

    def _resolve(self) -> list[_places.Place]:
        account = self.account
        # Root's own environment says nothing about the developer's.
        environ = self.host.environ if self.direct else {}
        path = _envfile.goenv_path(environ, account.pw_dir, self.host.system)
        try:
            with open(path, "rb") as stream:
                stands = _envfile.parse(stream.read())
        except (FileNotFoundError, NotADirectoryError):
            stands = {}
        except OSError as error:
            raise WorkstationError(
                "read", "Go's env file", path, error.strerror or str(error), "Give it to the developer"
            ) from error
        env_file = {**stands, **self.options["variables"]}
        who = _places.Account(
            account.pw_name, account.pw_uid, account.pw_gid, account.pw_dir, self.host.system, environ, env_file
        )
        return _places.resolve(self.options["places"], self.options["paths"], who)

    def _mend(self, place: Mapping[str, Any]) -> Count | None:
        """As root, by descriptors only; as the developer whatever the developer may."""
        # Content that will move is mended where it still is: check mode has to find the same.
        where = os.path.realpath(place["source"]) if place["source"] else place["real"]
        if not place["ours"] or not os.path.isdir(where):
            return None
        root = os.geteuid() == 0
        uid = self.account.pw_uid
        descriptor, held = _reach.open_place(
            where,
            os.path.realpath(self.account.pw_dir),
            (uid, self.gid),
            mend_parents=root and not self.check,
        )
        try:
            policy = Policy(uid, self.gid, self.shared, change_owner=root)
            walk = _repair.Walk(
                policy,
                act=not self.check,
                read_only_content=place["name"] == "gomodcache",
                workers=workers(),
            )
            # GOPATH holds the developer's own source as well; only the directory itself is a place.
            count = walk.run(descriptor, where, deep=place["name"] != "gopath")
        finally:
            os.close(descriptor)
        if root:
            self.changes += [Change(path, "owner", f"{self.account.pw_name}, was root's") for path in held]
        changes, warnings = _report.mended(place["name"], where, count, self.account.pw_name)
        self.changes += changes
        self.warnings += warnings
        return count

    def _use_all(self, places: Sequence[Mapping[str, Any]], missing: Mapping[str, list[str]]) -> list[dict[str, Any]]:
        before: set[str] = set()
        found = []
        for place in places:
            made = [folder for folder in missing[place["name"]] if folder not in before]
            before.update(made)
            found.append(self._use(place, made))
        return found

    def _use(self, place: Mapping[str, Any], made: list[str]) -> dict[str, Any]:
        """As the developer: make the directory and work in it."""
        path = place["path"]
        if not self.check:
            for folder in made:
                try:
                    os.mkdir(folder)
                    _repair.dress(folder, self._mode(folder == path), self.gid, shared=folder == path and self.shared)
                except FileExistsError:
                    continue
                except OSError as error:
                    raise self._unusable(place, f"mkdir '{folder}': {error.strerror}") from error
            if place["source"]:
                _move.move(place["source"], path)
        there = os.path.isdir(path)
        problem = ""
        if not self.check:
            starts = place["name"] in _places.EXECUTED and "noexec" not in place["doubts"]
            problem = probe(path, self.host.execute if starts else None)
        elif not os.access(path if there else _existing(path), os.W_OK | os.X_OK):
            # A repair that check mode only announces may be what makes it writable.
            read_only = os.statvfs(_existing(path)).f_flag & os.ST_RDONLY
            mended = self.options["repair"] and not self.direct and not read_only
            problem = "" if mended else f"create: {'read-only file system' if read_only else 'permission denied'}"
        if problem and "noexec" not in place["doubts"]:
            raise self._unusable(place, problem)
        info = os.stat(path) if there else None
        owner = _report.account_name(info.st_uid) if info else self.account.pw_name
        return {
            "made": made,
            "writable": not problem,
            "owner": owner,
            "free": _mounts.Room.of(_existing(path)).free_bytes,
        }

    def _relabel(self, places: Sequence[Mapping[str, Any]], made: Sequence[Mapping[str, Any]]) -> list[Any]:
        """As the developer: labels. Those of what is new are part of its being made."""
        found: list[Any] = []
        for place, use in zip(places, made):
            new = not place["there"] or bool(place["source"])
            if self.host.relabel is None or not (self.options["repair"] and place["ours"]) or (new and self.check):
                continue
            path = use["made"][0] if use["made"] else place["real"]
            status, output = self.host.relabel(path, place["name"] != "gopath", self.check)
            paths = _labels.restored(output)
            if paths and not new:
                words = f"{len(paths)} SELinux labels restored: {', '.join(paths[:3])}" + ", ..." * (len(paths) > 3)
                found.append([[place["path"], "label", words], ""])
            if status:
                found.append([None, f"{place['name']}: restorecon ended with status {status}: {output[-200:].strip()}"])
        return found

    def _mode(self, place_itself: bool) -> int:
        if place_itself and self.options["mode"]:
            return int(self.options["mode"], 8)
        return 0o2770 if self.shared and place_itself else 0o700

    def _unusable(self, place: Mapping[str, Any], problem: str) -> WorkstationError:
        name = self.account.pw_name
        return WorkstationError(
            "use",
            "cache",
            place["name"],
            f"{name} cannot work in '{place['path']}' ({problem})",
            "Mount it writable, or name another path"
            if "read-only" in problem.lower()
            else f"Run once as root with owner: {name} (scope machine), which repairs owners; or name another path",
        )


def _to_make(place: Mapping[str, Any]) -> str:
    """The directory that has to be there; a place to which content moves comes by the move."""
    path: str = place["path"]
    return os.path.dirname(path) if place["source"] else path


def _missing(path: str) -> list[str]:
    missing: list[str] = []
    while not os.path.lexists(path):
        missing.insert(0, path)
        path = os.path.dirname(path)
    return missing


def _existing(path: str) -> str:
    while not os.path.exists(path) or not os.path.isdir(path):
        path = os.path.dirname(path)
    return path


def _once(changes: Sequence[Change]) -> list[Change]:
    return list(dict.fromkeys(changes))


def _words(change: Change) -> tuple[str, ...]:
    """A change on its way through the pipe from the developer's process."""
    return (change.path, change.act, change.what)
