"""One source that gives a new Go, and that what it gave was refused."""

from __future__ import annotations

from sdk.synthetic import NEW, OLD, module_zip, release, tar, wheel
from sdk.world import World

KINDS = ("archive", "proxy", "pypi")


def content(kind: str, version: str, platform: str = "linux-amd64") -> bytes:
    files = release(version, platform)
    if kind == "proxy":
        return module_zip(files, version, platform)
    return tar(files) if kind == "archive" else wheel(files, version)


def refused(world: World, kind: str) -> str:
    """With the old Go active, an install of the new one from this source alone must fail and leave no trace."""
    if not world.names():
        world.go(OLD)
    before = world.names()
    message = world.fails(NEW, sources=[world.source(kind)])
    assert message.startswith(f"Cannot install Go '{NEW}': no source could give it; {kind} (http://127.0.0.1:")
    assert "What stood there is as it was" in message
    assert world.active() == OLD
    assert world.names() == before
    return message
