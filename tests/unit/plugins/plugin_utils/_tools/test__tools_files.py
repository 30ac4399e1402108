"""Where the controller's answers come from and where they are kept."""

from __future__ import annotations

import os
import urllib.error
from pathlib import Path
from typing import Any

import pytest
from sdk.mirror import Mirror, status

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools import lockfile
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.brain import decide
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.fetch import (
    default_goproxy,
    over_network,
    remembered,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.proxy import Proxies, UnknownError


def no_network() -> Proxies:
    pytest.fail("this needs no network")


def options(*tools: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"tools": list(tools), "state": "present", "lock": None, "lock_update": False, **more}


def test_without_a_goproxy_the_public_one_is_asked() -> None:
    assert default_goproxy().startswith("https://")


@pytest.mark.parametrize("code", [404, 410])
def test_what_a_proxy_does_not_know_is_unknown_and_a_refusal_is_none(code: int) -> None:
    with Mirror() as mirror:
        mirror.serve("/there", b"answer")
        mirror.serve("/gone", status(code))
        mirror.serve("/refused", status(403))
        assert over_network(f"{mirror.url}/there") == b"answer"
        with pytest.raises(UnknownError):
            over_network(f"{mirror.url}/gone")
        with pytest.raises(urllib.error.HTTPError, match="403"):
            over_network(f"{mirror.url}/refused")


def test_a_file_that_is_not_there_is_unknown_too(tmp_path: Path) -> None:
    (tmp_path / "a b").write_bytes(b"answer")
    assert over_network(f"file://{tmp_path}/a%20b") == b"answer"
    with pytest.raises(UnknownError):
        over_network(f"file://{tmp_path}/none")
    with pytest.raises(UnknownError):
        over_network(f"file://{tmp_path}/a%20b/below")


def test_an_answer_is_asked_for_again_when_it_is_old(tmp_path: Path) -> None:
    answers = [b"old", b"new"]
    fetch = remembered(lambda _address: answers.pop(0), tmp_path)
    assert fetch("https://p/x") == b"old"
    (kept,) = tmp_path.iterdir()
    os.utime(kept, (0, kept.stat().st_mtime - 300))
    assert fetch("https://p/x") == b"old"
    os.utime(kept, (0, kept.stat().st_mtime - 310))
    assert fetch("https://p/x") == b"new"


def test_a_cache_that_cannot_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert remembered(lambda _address: b"answer", tmp_path / "file")("https://p/x") == b"answer"

    def unknown(address: str) -> bytes:
        raise UnknownError(address)

    with pytest.raises(UnknownError):
        remembered(unknown, tmp_path / "file")("https://p/x")


def test_to_remove_a_tool_no_version_has_to_be_known() -> None:
    decision = decide(options({"name": "example.com/x"}, {"name": "gopls"}, state="absent"), no_network)
    assert decision.requests[0].releases[0]["version"] == ""
    assert decision.requests[1].releases[0]["version"].startswith("v")


def test_what_a_target_asks_for_is_the_release_for_its_go() -> None:
    decision = decide(options({"name": "gopls"}), no_network)
    need = {"name": "gopls", "go_version": "1.26.11", "goos": "linux", "goarch": "arm64"}
    wanted = decision.wanted(need)
    assert (wanted.title, wanted.go_version, wanted.goos, wanted.goarch) == (
        "gopls v0.23.0",
        "1.26.11",
        "linux",
        "arm64",
    )


def test_a_lock_is_written_readably_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "team" / "go-tools.lock.yml"
    entry = {
        "asked": "latest", "package": "example.com/x", "module": "example.com/x", "version": "v1.0.0", "sum": "h1:a=",
    }  # fmt: skip
    lockfile.write(str(path), lockfile.written({"x": entry}))
    assert lockfile.read(str(path)) == {"x": entry}
    assert lockfile.read(str(tmp_path / "none.yml")) is None
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkstationError, match="Cannot write lock file"):
        lockfile.write(str(tmp_path / "file" / "lock.yml"), "")


def test_a_tool_that_no_host_has_yet_leaves_the_lock_as_it_is() -> None:
    decision = decide(options({"name": "gopls"}), no_network)
    assert lockfile.merged(decision.requests, [], {"x": {"asked": "latest"}}) == {"x": {"asked": "latest"}}
    lost = lockfile.drift("lock.yml", {}, {"x": {"version": "v1.0.0"}})
    assert "it would change: x (none) -> v1.0.0" in lost.message
