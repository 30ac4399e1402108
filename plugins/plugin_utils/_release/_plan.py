# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the controller's decision for every platform, so that one round trip is enough."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._pins import (
    PLATFORMS,
    Pins,
    load_services,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._resolve import (
    read_version_file,
    resolve,
)

FetchH1 = Callable[[str, str], "str | None"]
"""(version, platform) -> h1 as the checksum database answers."""


def make_plan(options: Mapping[str, Any], pins: Pins, today: datetime.date, fetch: FetchH1) -> dict[str, Any]:
    """Raises when no platform can have what is asked for; else each platform has its answer, or its refusal."""
    wanted = _wanted(options)
    checksum = _checksum(options["checksum"], wanted)
    platforms: dict[str, Any] = {}
    refusals: list[WorkstationError] = []
    for platform in PLATFORMS:
        try:
            platforms[platform] = _platform(options, wanted, platform, pins=pins, checksum=checksum, fetch=fetch)
        except WorkstationError as error:
            refusals.append(error)
            platforms[platform] = {"refused": [error.name, error.cause, error.advice]}
    if len(refusals) == len(PLATFORMS):
        raise refusals[0]
    notice = pins.age_notice(today, options["pins_max_age"])
    return {
        "platforms": platforms,
        "sources": sources(options["sources"], options["profile"]),
        "notices": [notice] if notice else [],
        "survey": False,
    }


def _wanted(options: Mapping[str, Any]) -> list[str]:
    if options["version_file"]:
        return [read_version_file(options["version_file"])]
    if options["version"]:
        return list(options["version"])
    return ["stable"] if options["state"] == "present" else []


def _platform(
    options: Mapping[str, Any],
    wanted: list[str],
    platform: str,
    *,
    pins: Pins,
    checksum: str | None,
    fetch: FetchH1,
) -> dict[str, Any]:
    lenient = checksum is not None or options["state"] != "present"
    versions = [resolve(name, platform, pins, proved_otherwise=lenient) for name in wanted]
    active = options["active"]
    if active is not None:
        active = resolve(active, platform, pins, proved_otherwise=lenient)
        if active not in versions:
            cause = f"it is not among the versions asked for ({', '.join(versions)})"
            raise WorkstationError("activate", "Go", active, cause, "Add it to version")
    releases = {}
    if options["state"] == "present":
        releases = {
            version: _proved(version, platform, pins.release(version, platform), checksum, fetch)
            for version in versions
        }
    h1s = pins.h1s(platform)
    h1s.update({version: release["h1"] for version, release in releases.items() if release["h1"]})
    return {
        "versions": list(dict.fromkeys(versions)),
        "active": active or (versions[0] if versions else None),
        "releases": releases,
        "pins": h1s,
    }


def _proved(
    version: str, platform: str, release: dict[str, Any], checksum: str | None, fetch: FetchH1
) -> dict[str, Any]:
    """The release with what ``checksum`` adds to the pins."""
    if checksum == "fetch":
        if release["h1"] is None:
            release["h1"] = fetch(version, platform)
            if release["h1"] is None:
                cause = f"the checksum database knows no such release for {platform}"
                raise WorkstationError("install", "Go", version, cause, "Check the version")
    elif checksum and checksum.startswith("h1:"):
        if release["h1"] not in {None, checksum}:
            cause = f"its tree is pinned as {release['h1']}, not as {checksum}"
            raise WorkstationError("install", "Go", version, cause, "Leave checksum out")
        release["h1"] = checksum
    elif checksum:
        release["archive"] = {"sha256": checksum.removeprefix("sha256:"), "size": None}
    return release


def _checksum(text: str | None, wanted: list[str]) -> str | None:
    if text is None or text == "fetch":
        return text
    if not re.fullmatch(r"sha256:[0-9a-f]{64}|h1:[A-Za-z0-9+/]{43}=", text):
        raise WorkstationError(
            "read", "checksum", text, "it is none", "Write fetch, sha256:<64 hexadecimal digits> or h1:<base64>"
        )
    if len(wanted) > 1:
        cause = "one value cannot prove several versions"
        raise WorkstationError("use", "checksum", text, cause, "Use one task for each version")
    return text


def sources(given: list[Any] | None, profile: str) -> list[dict[str, str]]:
    """Where to look, in order, each with its address."""
    services = load_services(profile)
    return [_source(entry, services) for entry in (given or ["archive", "proxy", "pypi"])]


def _source(entry: Any, services: Mapping[str, str]) -> dict[str, str]:
    if isinstance(entry, str):
        if entry in {"archive", "proxy", "pypi"}:
            return {"type": entry, "name": entry, "url": services[entry]}
        if re.match(r"https?://", entry):
            return {"type": "archive", "name": "mirror", "url": entry}
        return _source({"type": "local", "path": entry}, services)
    if isinstance(entry, Mapping) and entry.get("type") in {"archive", "proxy", "pypi", "mirror", "local"}:
        kind = str(entry["type"])
        name = str(entry.get("name", kind))
        if kind == "local" and re.match(r"[/~]|[A-Za-z]:[\\/]", str(entry.get("path", ""))):
            return {"type": kind, "name": name, "path": str(entry["path"])}
        url = str(entry.get("url") or services.get(kind, ""))
        if kind != "local" and re.match(r"https?://[^/]", url):
            return {"type": "archive" if kind == "mirror" else kind, "name": name, "url": url}
    raise WorkstationError(
        "use",
        "source",
        str(entry),
        "it is neither a known source nor an address",
        "Write archive, proxy, pypi, the address of a mirror, an absolute path, "
        "or {type: archive|mirror|proxy|pypi, url: ...} or {type: local, path: ...}",
    )
