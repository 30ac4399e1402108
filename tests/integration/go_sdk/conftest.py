"""Makes the collection importable, and gives every test a world of its own."""

from __future__ import annotations

import os
import pathlib
import shutil
import sys
import tempfile
from collections.abc import Iterator

import pytest

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parents[2] / "collections"
ROOM = 3 << 30  # two processes with two real releases each, unpacked; a container's default has 64 MB
sys.path[:0] = [str(HERE.parents[1] / "tools"), str(HERE.parents[2])]

if not any(type(finder).__name__ == "_AnsibleCollectionFinder" for finder in sys.meta_path):
    from ansible.plugins.loader import init_plugin_loader

    init_plugin_loader([str(TREE)])

from sdk.mirror import Mirror  # noqa: E402
from sdk.world import World  # noqa: E402


@pytest.fixture
def tmp_path() -> Iterator[pathlib.Path]:
    """In memory where that can be had: thousands of runs that sync would wait for a disk that others use."""
    memory = pathlib.Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    folder = tempfile.mkdtemp(prefix="go_sdk-", dir=memory if roomy else None)
    yield pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with Mirror() as served:
        yield served


@pytest.fixture
def world(tmp_path: pathlib.Path, mirror: Mirror) -> World:
    """An empty host, and a mirror that serves two synthetic releases from every kind of source."""
    return World(tmp_path, mirror)
