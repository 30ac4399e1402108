# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the collection's archive so that the same tree gives the same bytes, on any machine, at any time.

    tests/tools/tarball.py FOLDER

``ansible-galaxy collection build`` decides what is in it; it also writes down the order in which a disk lists its
files, times, and who built it. Those are put in order here. ``SOURCE_DATE_EPOCH`` is the time of all files, else that
of the last commit (https://reproducible-builds.org/docs/source-date-epoch/).
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

from dev.tree import copy_tree  # noqa: E402

Files = dict[str, tuple[tarfile.TarInfo, bytes]]


def build(folder: Path, root: Path | None = None) -> Path:
    """The archive, in the folder; ``root`` is a tree that was copied already."""
    with tempfile.TemporaryDirectory(prefix="gopherops-tarball-") as scratch:
        source = root or Path(scratch) / "tree"
        if root is None:
            copy_tree(source)
        command = [sys.executable, "-m", "ansible", "galaxy", "collection", "build", "--output-path", scratch]
        done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"Cannot build the collection: {done.stderr.strip()}")
        [built] = Path(scratch).glob("*.tar.gz")
        target = folder / built.name
        folder.mkdir(parents=True, exist_ok=True)
        target.write_bytes(packed(ordered(read(built)), epoch()))
    return target


def epoch() -> int:
    """The time that every file gets."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    command = ["git", "log", "-1", "--format=%ct"]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def read(archive: Path) -> Files:
    with tarfile.open(archive) as tar:
        members = tar.getmembers()
        # A link has no bytes of its own; extractfile would follow it.
        files = ((one, tar.extractfile(one) if one.isreg() else None) for one in members)
        return {one.name: (one, file.read() if file else b"") for one, file in files}


def ordered(files: Files) -> Files:
    """The list of files by name, and the manifest that vouches for it; the rest as it is."""
    listed: dict[str, Any] = json.loads(files["FILES.json"][1])
    listed["files"].sort(key=lambda entry: str(entry["name"]))
    text = json.dumps(listed, indent=True).encode()
    manifest: dict[str, Any] = json.loads(files["MANIFEST.json"][1])
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(text).hexdigest()
    changed = {"FILES.json": text, "MANIFEST.json": json.dumps(manifest, indent=True).encode()}
    return {name: (info, changed.get(name, body)) for name, (info, body) in sorted(files.items())}


def packed(files: Files, when: int) -> bytes:
    """The bytes: no owner, one time, two modes, no name and no time in the compressed stream's header."""
    out = io.BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0) as stream,
        tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, (info, body) in files.items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname, entry.mtime, entry.size = info.type, info.linkname, when, len(body)
            entry.mode = 0o755 if info.isdir() or info.mode & 0o100 else 0o644
            tar.addfile(entry, io.BytesIO(body))
    return out.getvalue()


def main(words: list[str]) -> int:
    target = build(Path(words[0]) if words else ROOT)
    print(f"{hashlib.sha256(target.read_bytes()).hexdigest()}  {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
