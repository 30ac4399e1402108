# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: ask a Go module proxy which releases a module has.

https://go.dev/ref/mod#goproxy-protocol. ``GOPROXY`` is understood as the go command does: after a comma the next entry
is asked where the one before does not know the module, after a bar also where it failed. ``file://`` works.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.names import redacted

Fetch = Callable[[str], bytes]
"""The bytes behind an address; raises ``UnknownError`` or ``OSError``."""
RELEASE = re.compile(r"v([0-9]+)\.([0-9]+)\.([0-9]+)(\+incompatible)?$")
BEST = 3  # releases to offer: a target whose Go is one or two versions behind still finds one


class UnknownError(Exception):
    """The proxy says that there is no such thing (404 or 410)."""


@dataclass(frozen=True)
class Proxies:
    """A GOPROXY list and a way to reach it."""

    entries: tuple[tuple[str, str], ...]  # (address, what follows it: "," or "|" or "")
    fetch: Fetch

    @classmethod
    def of(cls, goproxy: str, fetch: Fetch) -> Proxies:
        words = re.findall(r"([^,|]+)([,|]?)", goproxy)
        return cls(tuple((word.strip().rstrip("/"), mark) for word, mark in words if word.strip()), fetch)

    def get(self, path: str) -> bytes:
        """The first answer; ``UnknownError`` when no proxy knows."""
        for address, mark in self.entries:
            if address in ("direct", "off"):
                break
            try:
                return self.fetch(f"{address}/{path}")
            except UnknownError:
                continue
            except OSError as error:
                if mark != "|":
                    raise WorkstationError(
                        "ask",
                        "module proxy",
                        redacted(address),
                        str(error) or type(error).__name__,
                        "Check GOPROXY and the controller's network, or give an exact version",
                    ) from error
        raise UnknownError(path)

    def releases(self, module: str) -> list[str]:
        """Released versions, newest first."""
        known = self.get(f"{escaped(module)}/@v/list").decode("utf-8", "replace").split()
        return sorted((one for one in known if RELEASE.match(one)), key=version_key, reverse=True)

    def mod(self, module: str, version: str) -> str:
        return self.get(f"{escaped(module)}/@v/{escaped(version)}.mod").decode("utf-8", "replace")

    def latest(self, module: str) -> str:
        """The proxy's own idea of the newest version; of a module without releases a pseudo-version."""
        answer = self.get(f"{escaped(module)}/@latest")
        try:
            return str(json.loads(answer)["Version"])
        except (ValueError, KeyError, TypeError) as error:
            cause = "it answered something else than a module proxy does"
            advice = "Check GOPROXY, and that no log-in page stands in between"
            raise WorkstationError("ask a proxy for", "module", module, cause, advice) from error

    def sum(self, module: str, version: str) -> str:
        """The module's hash in the checksum database, through the proxy; empty where that is not served."""
        try:
            answer = self.get(f"sumdb/sum.golang.org/lookup/{escaped(module)}@{escaped(version)}")
        except (UnknownError, WorkstationError):
            return ""
        line = rf"^{re.escape(module)} {re.escape(version)} (h1:\S+)$"
        found = re.search(line, answer.decode("utf-8", "replace"), re.MULTILINE)
        return found.group(1) if found else ""


def newest(proxies: Proxies, package: str, module: str = "") -> tuple[str, list[dict[str, Any]]]:
    """The module of a main package, and its newest releases that were not taken back, best first."""
    for candidate in [module] if module else prefixes(package):
        try:
            versions = proxies.releases(candidate) or [proxies.latest(candidate)]
        except UnknownError:
            continue
        gone = retracted(proxies.mod(candidate, versions[0]))
        good = [one for one in versions if not any(low <= version_key(one) <= high for low, high in gone)]
        return candidate, [_release(proxies, candidate, version) for version in good[:BEST]]
    raise WorkstationError(
        "find",
        "module of",
        package,
        "no module proxy in GOPROXY knows it",
        "Check the package path, or give an exact version if only the targets can reach it",
    )


def _release(proxies: Proxies, module: str, version: str) -> dict[str, Any]:
    found = re.search(r"^go\s+(\S+)", proxies.mod(module, version), re.MULTILINE)
    return {
        "version": version,
        "sum": proxies.sum(module, version),
        "go_build": found.group(1) if found else "",
        "go_max": "",
    }


def prefixes(package: str) -> list[str]:
    """The modules that can hold a package, longest first, as the go command tries them."""
    elements = package.split("/")
    return ["/".join(elements[:count]) for count in range(len(elements), 0, -1) if "." in elements[0]]


def retracted(mod: str) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Closed ranges of versions that the newest go.mod takes back."""
    ranges = []
    blocks = re.findall(r"^retract\s*\(([^)]*)\)|^retract\s+([^(\n].*)$", mod, re.MULTILINE)
    for line in "\n".join(part for block in blocks for part in block).splitlines():
        found = re.findall(r"v[0-9][0-9A-Za-z.+-]*", line.partition("//")[0])
        if found:
            ranges.append((version_key(found[0]), version_key(found[-1])))
    return ranges


def version_key(version: str) -> tuple[int, ...]:
    found = RELEASE.match(version)
    return tuple(int(part) for part in found.groups()[:3]) if found else ()


def escaped(text: str) -> str:
    """In addresses of a proxy an upper-case letter is ``!`` and its lower-case form."""
    return re.sub(r"[A-Z]", lambda letter: "!" + letter.group().lower(), text)
