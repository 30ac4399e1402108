# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what stands on the machine, read without changing anything."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass

from ansible_collections.gopherops.workstation.plugins.module_utils import _dirhash
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk import _manifest
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._layout import VERSION, Layout


@dataclass(frozen=True)
class Expectation:
    """What is known about a version before looking at its tree."""

    version: str
    platform: str
    h1: str | None


@dataclass(frozen=True)
class Tree:
    """A place where a Go version stands, or should."""

    version: str
    path: str
    status: str
    """absent | intact | stomped | obstacle"""
    platform: str = ""
    h1: str = ""
    header: _manifest.Header | None = None
    differences: tuple[str, ...] = ()
    """Files that are not as released, as far as they can be named; for an obstacle, what it is."""
    digests: dict[str, str] | None = None
    """Set when the tree had to be read as a whole."""

    @property
    def ours(self) -> bool:
        return self.header is not None and self.header.ours


@dataclass(frozen=True)
class Link:
    """The name under which the active version is found."""

    status: str
    """absent | tree | foreign | directory | file | mount"""
    version: str | None = None
    text: str = ""


@dataclass(frozen=True)
class History:
    """Noted before the link is switched, so also what an interrupted run wanted."""

    active: str | None = None
    previous: str | None = None
    rolled_back_from: str | None = None


def read_version(layout: Layout, expected: Expectation, *, full: bool) -> Tree:
    """The tree of a version, where it belongs."""
    path = layout.tree(expected.version)
    if layout.is_stray_link(path):
        return Tree(expected.version, path, "absent")
    return read_tree(path, layout.manifest(expected.version), expected, full=full)


def read_tree(path: str, manifest: str, expected: Expectation, *, full: bool) -> Tree:
    """Compare a tree with its release: by stat data where they still fit, else file by file."""
    version = expected.version
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return Tree(version, path, "absent")
    if not stat.S_ISDIR(mode) or os.path.ismount(path):
        return Tree(version, path, "obstacle", differences=(_what(path, mode),))
    header = _manifest.read_header(manifest)
    if header and (header.version, header.platform) != (version, expected.platform):
        header = None
    wanted = expected.h1 or (header.h1 if header else None)
    if header and not full and header.h1 == wanted and _manifest.fits(header, path):
        return Tree(version, path, "intact", expected.platform, header.h1, header)
    digests = _dirhash.tree_digests(path)
    found = _dirhash.h1(digests, _dirhash.module_prefix(version, expected.platform))
    modes = _dirhash.wrong_modes(path, digests)
    if wanted is not None and found == wanted and not modes:
        return Tree(version, path, "intact", expected.platform, found, header, digests=digests)
    named = _differences(digests, manifest if header else None) + [f"{name} (mode)" for name in modes]
    return Tree(version, path, "stomped", expected.platform, found, header, tuple(named), digests)


def read_link(layout: Layout) -> Link:
    """What the link is, and which version it names when it is ours."""
    try:
        mode = os.lstat(layout.link).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return Link("absent")
    if stat.S_ISLNK(mode):
        text = os.readlink(layout.link)
        version = layout.version_of(os.path.join(os.path.dirname(layout.link), text))
        return Link("tree" if version else "foreign", version, text)
    if os.path.ismount(layout.link):
        return Link("mount")
    if stat.S_ISDIR(mode):
        return Link("directory", stated_version(layout.link))
    return Link("file")


def stated_version(tree: str) -> str | None:
    """What a tree says that it is; says nothing about whether it is."""
    try:
        with open(os.path.join(tree, "VERSION"), encoding="utf-8", errors="replace") as stream:
            line = stream.readline().strip()
    except OSError:
        return None
    version = line[2:] if line.startswith("go") else ""
    return version if VERSION.fullmatch(version) else None


def managed_versions(layout: Layout) -> dict[str, _manifest.Header]:
    """Versions that we laid down or took over, and that still stand."""
    found = {}
    for name in _names(layout.root):
        version = layout.version_of(os.path.join(layout.root, name))
        header = _manifest.read_header(layout.manifest(version)) if version else None
        if version and header and header.ours:
            found[version] = header
    return found


def standing_versions(layout: Layout) -> list[str]:
    """Every version that has a directory, whoever made it."""
    versions = (layout.version_of(os.path.join(layout.root, name)) for name in _names(layout.root))
    return [version for version in versions if version and os.path.isdir(layout.tree(version))]


def read_history(layout: Layout) -> History:
    try:
        with open(layout.history, encoding="utf-8") as stream:
            data = json.load(stream)
        return History(data.get("active"), data.get("previous"), data.get("rolled_back_from"))
    except (OSError, ValueError, AttributeError):
        return History()


def _names(root: str) -> list[str]:
    try:
        return sorted(os.listdir(root))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _differences(digests: dict[str, str], manifest: str | None) -> list[str]:
    if manifest is None:
        return []
    noted = _manifest.read_digests(manifest)
    extra = [f"{name} (extra)" for name in digests.keys() - noted.keys()]
    missing = [f"{name} (missing)" for name in noted.keys() - digests.keys()]
    changed = [f"{name} (changed)" for name in noted.keys() & digests.keys() if noted[name] != digests[name]]
    return sorted(extra + missing + changed)


def _what(path: str, mode: int) -> str:
    if stat.S_ISLNK(mode):
        return f"a symlink to {os.readlink(path)}"
    return "a mount point" if stat.S_ISDIR(mode) else "a file"
