"""What is tried, and how often, where a download breaks off, a server or a host fails, or a file stands in for all."""

from __future__ import annotations

import socket
import time

import pytest
import sdk.mirror as m
from sdk.synthetic import NEW, OLD
from sdk.world import World
from sources import KINDS, content, refused  # type: ignore[import-not-found]

from ansible_collections.gopherops.workstation.plugins.module_utils._sdk import _network


@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_download_is_resumed(world: World, kind: str) -> None:
    data = content(kind, NEW)
    world.mirror.serve(world.path(kind, NEW), m.breaking(data, len(data) // 3, times=2))
    world.go(NEW, sources=[world.source(kind)])
    assert world.active() == NEW
    ranges = [span for path, span in world.mirror.requests if path == world.path(kind, NEW)]
    assert ranges == ["", f"bytes={len(data) // 3}-", f"bytes={len(data) // 3 * 2}-"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_download_without_ranges_is_given_up(world: World, kind: str) -> None:
    data = content(kind, NEW)
    world.mirror.serve(world.path(kind, NEW), m.breaking(data, len(data) // 3, times=9, ranges=False))
    assert "cannot be resumed" in refused(world, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_recovers(world: World, kind: str) -> None:
    data = content(kind, NEW)
    world.mirror.serve(world.path(kind, NEW), m.status(503, then=m.whole(data), times=2))
    world.go(NEW, sources=[world.source(kind)])
    assert world.slept == [0.5, 2.0]
    assert world.active() == NEW


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("code", "times"), [(404, 1), (403, 1), (500, 4), (503, 4)])
def test_a_server_that_does_not(world: World, kind: str, code: int, times: int) -> None:
    world.mirror.serve(world.path(kind, NEW), m.status(code))
    assert f"answered {code}" in refused(world, kind)
    assert world.mirror.asked(world.path(kind, NEW)) == times


def test_the_next_source_is_tried_and_the_reasons_are_told(world: World) -> None:
    world.mirror.serve(world.path("archive", NEW), m.status(404))
    world.mirror.serve(world.path("proxy", NEW), content("proxy", OLD))
    result = world.go(NEW)
    assert result["sdk"]["source"] == "pypi"
    assert ["archive" in text for text in result["sdk"]["failed_sources"]] == [True, False]
    assert world.active() == NEW
    world.assert_tidy(NEW)


def test_a_dead_host_costs_one_timeout(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A listening socket whose queue is full answers nothing, like a blackholed address."""
    tried: list[int] = []
    connect = _network._connect

    def counted(host: str, port: int, timeout: float) -> str | None:
        tried.append(port)
        return connect(host, port, timeout)

    monkeypatch.setattr(_network, "_connect", counted)
    world.connect_timeout = 2
    with socket.socket() as hole:
        hole.bind(("127.0.0.1", 0))
        hole.listen(0)
        port = hole.getsockname()[1]
        filling = [socket.socket() for _ in range(4)]
        for filler in filling:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        dead = {"type": "archive", "name": "dead", "url": f"http://127.0.0.1:{port}/dl"}
        started = time.monotonic()
        result = world.go(NEW, OLD, sources=[dead, dead, world.source("proxy")])
        elapsed = time.monotonic() - started
        for filler in filling:
            filler.close()
    assert len(result["sdk"]["failed_sources"]) == 4
    assert elapsed > 1.5, "it was waited for"
    assert tried.count(port) == 1, "one timeout of two seconds, not four"


def test_no_network_at_all(world: World) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    world.go(OLD)
    before = world.names()
    message = world.fails(NEW, sources=[{"type": kind, "url": url} for kind in KINDS])
    assert message.count("cannot be reached (Connection refused)") == 3
    assert (world.active(), world.names()) == (OLD, before)


@pytest.mark.parametrize("kind", KINDS)
def test_local_file(world: World, kind: str) -> None:
    path = world.home / "download"
    path.write_bytes(content(kind, NEW))
    world.go(NEW, sources=[{"type": "local", "path": str(path)}])
    assert world.active() == NEW
    assert not world.mirror.requests


def test_local_file_that_is_none(world: World) -> None:
    path = world.home / "download"
    assert "No such file" in world.fails(NEW, sources=[{"type": "local", "path": str(path)}])
    path.write_bytes(b"hello")
    assert "neither a .tar.gz nor a zip" in world.fails(NEW, sources=[{"type": "local", "path": str(path)}])
    assert world.names() == []
