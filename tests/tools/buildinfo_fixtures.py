#!/usr/bin/env python3
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds small real programs with several Go versions and keeps what the build info parser looks at.

Everything but the first pages, the tables and the build info is zeroed, so a megabyte packs into a kilobyte and the
unit tests read genuine files without Go. Beside each stands what ``go version -m`` says of the whole one.

    python tests/tools/buildinfo_fixtures.py --go .cache/go/go1.21.13 --go .cache/go/go1.27.4
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "tests" / "unit" / "fixtures" / "buildinfo"
MAGIC = b"\xff Go buildinf:"
KEEP_FRONT, KEEP_INFO = 4 << 10, 4 << 10
PLATFORMS = ["linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64"]
ODD = ["linux/386", "linux/arm", "linux/s390x", "linux/ppc64", "linux/mips", "windows/386"]
MAIN = 'package main\n\nimport "example.com/dep"\n\nfunc main() { println(dep.Word) }\n'
GO_MOD = (
    "module example.com/hello/v2\n\ngo 1.20\n\nrequire example.com/dep v1.2.3\n\nreplace example.com/dep => ./dep\n"
)


def source(folder: Path) -> None:
    (folder / "dep").mkdir()
    (folder / "main.go").write_text(MAIN)
    (folder / "go.mod").write_text(GO_MOD)
    (folder / "dep" / "dep.go").write_text('package dep\n\nconst Word = "hello"\n')
    (folder / "dep" / "go.mod").write_text("module example.com/dep\n\ngo 1.20\n")


def build(go: Path, folder: Path, platform: str, flags: list[str], out: Path) -> bool:
    goos, goarch = platform.split("/")
    environment = {
        **os.environ, "GOOS": goos, "GOARCH": goarch, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOENV": "off",
        "GOFLAGS": "-trimpath", "GOWORK": "off",
    }  # fmt: skip
    command = [str(go / "bin" / "go"), "build", *flags, "-o", str(out), "."]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"  {platform} {flags}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
    return done.returncode == 0


def said(go: Path, program: Path) -> list[str]:
    text = subprocess.run(
        [str(go / "bin" / "go"), "version", "-m", str(program)], capture_output=True, text=True, check=True
    ).stdout
    return [text.split(": ", 1)[1].splitlines()[0], *(line.lstrip("\t") for line in text.splitlines()[1:])]


def thin(data: bytes) -> bytes:
    """The same length; only what a reader of build info may look at."""
    kept = bytearray(len(data))
    spans = [(0, KEEP_FRONT), *((hit.start(), hit.start() + KEEP_INFO) for hit in re.finditer(re.escape(MAGIC), data))]
    if data[:4] == b"\x7fELF":
        order = "little" if data[5] == 1 else "big"
        at, width = (0x28, 8) if data[4] == 2 else (0x20, 4)
        table = int.from_bytes(data[at : at + width], order)  # type: ignore[arg-type]
        spans += [(table, table + 8192)]
        spans += [(hit.start() - 2048, hit.start() + 2048) for hit in re.finditer(rb"\.go\.buildinfo\x00", data)]
    for start, end in spans:
        kept[max(0, start) : end] = data[max(0, start) : end]
    return bytes(kept)


def variants(newest: bool) -> list[tuple[str, list[str], str]]:
    table: list[tuple[str, list[str], str]] = [(platform, [], "") for platform in PLATFORMS]
    table += [("linux/amd64", ["-ldflags=-s -w"], "-stripped"), ("linux/amd64", ["-buildmode=pie"], "-pie")]
    if newest:
        table += [(platform, [], "") for platform in ODD]
        table += [("windows/amd64", ["-ldflags=-s -w"], "-stripped"), ("darwin/amd64", ["-ldflags=-s -w"], "-stripped")]
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the fixtures of the build info parser's tests.")
    parser.add_argument(
        "--go", type=Path, action="append", required=True, help="GOROOT, oldest first; the last one reads"
    )
    parser.add_argument("--whole", type=Path, help="also keep the whole programs in this folder")
    arguments = parser.parse_args()
    roots = [root.resolve() for root in arguments.go]
    TARGET.mkdir(parents=True, exist_ok=True)
    facts = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "hello")
        folder.mkdir()
        source(folder)
        for root in roots:
            release = (root / "VERSION").read_text().split()[0]
            for platform, flags, suffix in variants(root == roots[-1]):
                name = f"{release}-{platform.replace('/', '-')}{suffix}"
                program = Path(scratch, name)
                if not build(root, folder, platform, flags, program):
                    continue
                (TARGET / f"{name}.xz").write_bytes(lzma.compress(thin(program.read_bytes()), preset=9))
                facts[name] = said(roots[-1], program)
                if arguments.whole:
                    program.rename(arguments.whole / name)
                print(name)
    (TARGET / "said.json").write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
