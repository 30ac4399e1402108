# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: ``go_caches`` on a Windows host, decided on the controller.

``win_go_caches`` tells what decides where Go keeps things, and how the places stand that Go would take by itself: where
nothing was moved one call is all. Which places these are, what speaks against them and what has to be mended is said
here; then it makes and mends them. What an elevated run has left to Administrators goes back to the account, by SID.
"""

from __future__ import annotations

import base64
import ntpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils import _envfile
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._places import VARIABLES
from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change, changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

Execute = Callable[[dict[str, Any]], dict[str, Any]]
BASES = ("USERPROFILE", "LOCALAPPDATA", "TEMP", "OneDrive", "OneDriveCommercial", "OneDriveConsumer", "ProgramFiles")
DEFAULTS = {
    "gopath": r"%USERPROFILE%\go",
    "gomodcache": r"%USERPROFILE%\go\pkg\mod",
    "gobin": r"%USERPROFILE%\go\bin",
    "gocache": r"%LOCALAPPDATA%\go-build",
    "gopls": r"%LOCALAPPDATA%\gopls",
    "gotmpdir": "%TEMP%",
}
READING = {"action": "read", "variables": [*BASES, "SystemRoot", *VARIABLES.values()]}
_SYNCED = re.compile(
    r"\\(OneDrive[^\\]*|Dropbox[^\\]*|Google Drive|iCloudDrive|Nextcloud|Syncthing)(\\|$)", re.IGNORECASE
)


@dataclass(frozen=True)
class Place:
    """One directory of Go's."""

    name: str
    path: str
    given: bool

    @property
    def ours(self) -> bool:
        """The system's own temporary directory is only tried out."""
        return self.name != "gotmpdir" or self.given


def run(options: Mapping[str, Any], execute: Execute, *, check: bool) -> dict[str, Any]:
    """The action's result."""
    _refuse_foreign(options)
    if options["state"] == "absent":
        # Content is the developer's; taking it away is `go clean`'s to do.
        return {**changes_result([]), "places": []}
    seen = execute({**READING, "looks": [DEFAULTS[name] for name in dict.fromkeys(options["places"])]})
    if seen.get("failed"):
        return seen
    _refuse_other(options.get("owner") or "", seen["account"])
    places = resolve(options, seen)
    # First: to look at a place is to write into it.
    doubts = [_doubts(place, drive_of(place.path, seen["drives"]), options, seen) for place in places]
    looks = {ntpath.normcase(one["path"]): one for one in seen["places"]}
    others = [place.path for place in places if ntpath.normcase(place.path) not in looks]
    if others:
        more = execute({**READING, "looks": others})
        if more.get("failed"):
            return more
        looks.update({ntpath.normcase(one["asked"]): one for one in more["places"]})
    views = [
        View.of(place, looks[ntpath.normcase(place.path)], doubt, options, seen)
        for place, doubt in zip(places, doubts, strict=True)
    ]
    for view in views:
        view.refuse(seen["account"])
    needy = [view for view in views if view.fresh or view.mends]
    if needy and not check:
        order = [{"path": view.place.path, "mend": bool(view.mends)} for view in needy]
        used = execute({"action": "use", "places": order})
        if used.get("failed"):
            return used
        for view, found in zip(needy, used["places"], strict=True):
            view.refuse_unusable(found["problem"], seen["account"])
    return {**changes_result(_changes(views)), "places": [view.shown(seen["account"]) for view in views]}


@dataclass(frozen=True)
class View:
    """A place as the host told of it, and what follows."""

    place: Place
    look: Mapping[str, Any]
    drive: Mapping[str, Any]
    doubts: dict[str, str]
    mends: str
    """What is wrong with owner and rights, in words; nothing where it is right or may not be repaired."""

    @classmethod
    def of(
        cls,
        place: Place,
        look: Mapping[str, Any],
        doubts: dict[str, str],
        options: Mapping[str, Any],
        seen: Mapping[str, Any],
    ) -> View:
        wrong = _wrong(look, seen["own"]) if place.ours and look["kind"] == "directory" else ""
        if wrong and not options["repair"]:
            doubts, wrong = {**doubts, "access": wrong}, ""
        return cls(place, look, drive_of(place.path, seen["drives"]), doubts, wrong)

    @property
    def fresh(self) -> list[str]:
        return list(self.look["missing"]) if self.place.ours else []

    def refuse(self, account: str) -> None:
        if self.look["kind"] == "file":
            cause, advice = f"'{self.place.path}' is a file", "Move it away, or name another path"
            raise WorkstationError("use", "cache", self.place.name, cause, advice)
        if not self.mends:
            self.refuse_unusable(self.look["problem"], account)

    def refuse_unusable(self, problem: str, account: str) -> None:
        if problem:
            cause = f"{account} cannot write in '{self.place.path}' ({problem})"
            advice = (
                "If an elevated run left it to Administrators, give it back: "
                f'icacls "{self.place.path}" /reset /t as an administrator; or name another path'
            )
            raise WorkstationError("use", "cache", self.place.name, cause, advice)

    def shown(self, account: str) -> dict[str, Any]:
        return {
            "name": self.place.name,
            "path": self.place.path,
            "fstype": self.drive["format"],
            "options": [self.drive["type"]],
            "writable": True,
            "owner": account if self.mends else self.look["access"]["owner"] or account,
            "free_bytes": self.drive["free"],
            "repaired": 1 + self.look["strange"] if self.mends else 0,
            "doubts": self.doubts,
        }


def _changes(views: Sequence[View]) -> list[Change]:
    """Each directory once, for the first place that needs it."""
    changes, known = [], set[str]()
    for view in views:
        fresh = [path for path in view.fresh if path not in known]
        known.update(fresh)
        changes += [Change(path, "create", f"directory for {view.place.name}") for path in fresh]
        changes += [Change(view.place.path, "owner", view.mends)] if view.mends else []
    return changes


def _wrong(look: Mapping[str, Any], own: Sequence[str]) -> str:
    """What is wrong with owner and rights of a directory that stands; file systems without any tell no owner."""
    access, found = look["access"], []
    if not access["sid"]:
        return ""
    if access["sid"] not in own:
        found.append(f"it belongs to {access['owner']}")
    if access["protected"]:
        found.append("it inherits no rights")
    if look["strange"]:
        found.append(f"{look['strange']} directories in it belong to others or inherit nothing")
    if look["problem"] and not found:
        found.append(f"it cannot be written ({look['problem']})")
    return ", ".join(found)


def resolve(options: Mapping[str, Any], seen: Mapping[str, Any]) -> list[Place]:
    """The places of the account, as ``go env`` there would say."""
    environment = seen["environment"]
    env_file = {**_envfile.parse(base64.b64decode(seen["go_env_file"] or "")), **options["variables"]}
    home = environment["USERPROFILE"]

    def named(name: str) -> str:
        variable = VARIABLES[name]
        given = options["paths"].get(name) or environment.get(variable) or env_file.get(variable, "")
        if name == "gopath":
            given = given.split(";")[0]
        return home + given[1:] if given.startswith("~") else str(given)

    gopath = named("gopath") or ntpath.join(home, "go")
    local = environment["LOCALAPPDATA"] or ntpath.join(home, "AppData", "Local")
    default = {
        "gopath": gopath,
        "gomodcache": ntpath.join(gopath, "pkg", "mod"),
        "gobin": ntpath.join(gopath, "bin"),
        "gocache": ntpath.join(local, "go-build"),
        "gopls": ntpath.join(local, "gopls"),
        "gotmpdir": environment["TEMP"] or ntpath.join(local, "Temp"),
    }
    found = []
    for name in dict.fromkeys(options["places"]):
        place = Place(name, ntpath.normpath(named(name) or default[name]), bool(named(name)))
        _check(place, environment)
        found.append(place)
    return found


def drive_of(path: str, drives: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The drive that holds a path; a share of another machine has no letter."""
    letter = ntpath.splitdrive(path)[0]
    for one in drives:
        if ntpath.normcase(one["name"]).startswith(ntpath.normcase(letter) + "\\"):
            return one
    kind = "Network" if letter.startswith("\\\\") else "NoRootDirectory"
    return {"name": letter, "type": kind, "format": "", "free": None}


def _check(place: Place, environment: Mapping[str, str]) -> None:
    path, home, cause = ntpath.normcase(place.path), ntpath.normcase(environment["USERPROFILE"]), ""
    system = [ntpath.normcase(environment.get(name) or "") for name in ("SystemRoot", "ProgramFiles")]
    if not ntpath.isabs(place.path) or not ntpath.splitdrive(place.path)[0]:
        cause = f"'{place.path}' is not absolute, and Go refuses that"
    elif place.ours and f"{home}\\".startswith(path.rstrip("\\") + "\\"):
        cause = f"'{place.path}' holds the whole profile"
    elif place.ours and any(one and f"{path}\\".startswith(one + "\\") for one in system):
        cause = f"'{place.path}' is in a directory of the system"
    if cause:
        advice = f"Correct {VARIABLES[place.name]} or name another path for it"
        raise WorkstationError("place", "cache", place.name, cause, advice)


def _doubts(
    place: Place, drive: Mapping[str, Any], options: Mapping[str, Any], seen: Mapping[str, Any]
) -> dict[str, str]:
    """What speaks against this place and was accepted; anything else is refused."""
    found = {}
    clouds = [value for name, value in seen["environment"].items() if name.startswith("OneDrive") and value]
    path = ntpath.normcase(place.path) + "\\"
    if drive["type"] == "Network":
        found["network"] = "it is on a network drive: locks are unsafe there, and every build is slow"
    elif drive["type"] in {"Removable", "CDRom", "NoRootDirectory"}:
        found["network"] = f"drive {drive['name']} is {drive['type']}: it may be gone at the next build"
    if _SYNCED.search(place.path) or any(path.startswith(ntpath.normcase(cloud) + "\\") for cloud in clouds):
        found["synced"] = "a file synchroniser would copy it away and lock its files"
    free = drive["free"]
    if place.ours and free is not None and free < options["min_free_mib"] << 20:
        found["space"] = f"only {free >> 20} MiB are free, {options['min_free_mib']} are wanted"
    for kind, reason in found.items():
        if kind not in options["accept"]:
            advice = f"Name another path (paths, and {VARIABLES[place.name]} for Go), or accept: [{kind}]"
            raise WorkstationError("place", "cache", place.name, f"'{place.path}': {reason}", advice)
    return found


def _refuse_other(owner: str, account: str) -> None:
    if owner and owner.rpartition("\\")[2].lower() != account.rpartition("\\")[2].lower():
        cause = f"the connection logs on as {account}, and caches are made for the account that runs"
        advice = "Log on as the developer, or become him by runas"
        raise WorkstationError("make caches for", "account", owner, cause, advice)


def _refuse_foreign(options: Mapping[str, Any]) -> None:
    """What has no meaning on Windows, or is not there, is not silently left out."""
    if options.get("move"):
        cause = "content is not moved between places on Windows"
        advice = "Leave it out: the next build fills the new place, and the old one may be deleted then"
        raise WorkstationError("use", "option", "move", cause, advice)
    given = [name for name in ("group", "mode") if options.get(name)]
    given += ["policy"] * (options["policy"] == "shared")
    if given:
        cause = "it is for POSIX file systems"
        raise WorkstationError("use", "option", given[0], cause, "Leave it out for Windows hosts")
