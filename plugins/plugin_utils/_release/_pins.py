# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the Go releases that this collection can prove, from its dated data file."""

from __future__ import annotations

import datetime
import json
import pathlib
from dataclasses import dataclass
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._layout import version_key

PLATFORMS = ("linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "windows-amd64", "windows-arm64")
_DATA = pathlib.Path(__file__).resolve().parents[1] / "_data"


@dataclass(frozen=True)
class Pins:
    """Versions, and per platform what proves them."""

    dated: datetime.date
    releases: dict[str, Any]
    texts: dict[str, str]

    def versions(self, platform: str) -> list[str]:
        """What can be proved on this platform, oldest first: by the tree's h1, or by its archive's SHA-256."""
        return sorted(
            (
                version
                for version, release in self.releases.items()
                if (pin := release["platforms"].get(platform)) and (pin["h1"] or pin.get("archive"))
            ),
            key=version_key,
        )

    def h1s(self, platform: str) -> dict[str, str]:
        """Version -> h1, to recognise a tree that is found."""
        return {
            version: release["platforms"][platform]["h1"]
            for version, release in self.releases.items()
            if release["platforms"].get(platform, {}).get("h1")
        }

    def release(self, version: str, platform: str) -> dict[str, Any]:
        """The fields of ``Release``; empty ones where nothing is known."""
        release = self.releases.get(version, {})
        pin = release.get("platforms", {}).get(platform, {})
        roots = {name: self.texts[digest] for name, digest in release.get("root_files", {}).items()}
        return {
            "h1": pin.get("h1"),
            "zip_size": pin.get("zip_size"),
            "archive": pin.get("archive"),
            "wheel": pin.get("wheel"),
            "root_files": roots,
        }

    def age_notice(self, today: datetime.date, max_age: int) -> str | None:
        """Old pins still prove; they only know no newer release."""
        age = (today - self.dated).days
        if age <= max_age:
            return None
        return (
            f"The list of Go releases is of {self.dated.isoformat()}, {age} days old: "
            "'stable' may be behind. Update the collection"
        )


def load_pins(path: pathlib.Path = _DATA / "go_releases.json") -> Pins:
    data = json.loads(path.read_text(encoding="utf-8"))
    return Pins(datetime.date.fromisoformat(data["dated"]), data["releases"], data["root_texts"])


def load_services(profile: str) -> dict[str, str]:
    """Default addresses; they stand in this one file and nowhere else."""
    data = json.loads((_DATA / "services.json").read_text(encoding="utf-8"))
    services: dict[str, str] = data["profiles"][profile]
    return services
