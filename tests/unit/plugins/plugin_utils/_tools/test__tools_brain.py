# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the entries of a list mean, what latest is, and what the lock file says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.build import PAUSE_SECONDS, Builder
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.wanted import Tool, Wanted, choose
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools import catalog, lockfile
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.brain import decide
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.fetch import over_network, remembered
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.proxy import (
    Proxies,
    UnknownError,
    newest,
    prefixes,
)

TOOLS = catalog.load()


def options(*tools: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"tools": list(tools), "state": "present", "lock": None, "lock_update": False, **more}


def serve(folder: Path, module: str, releases: dict[str, str], sums: dict[str, str] | None = None) -> None:
    """A module proxy in a folder: version -> go.mod."""
    place = folder / module / "@v"
    place.mkdir(parents=True)
    (place / "list").write_text("\n".join(releases))
    for version, mod in releases.items():
        (place / f"{version}.mod").write_text(mod)
    for version, total in (sums or {}).items():
        record = folder / "sumdb" / "sum.golang.org" / "lookup" / f"{module}@{version}"
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(f"1\n{module} {version} {total}\n{module} {version}/go.mod h1:mod=\n\ntree\n")


def at(folder: Path) -> Proxies:
    return Proxies.of(f"file://{folder}", over_network)


def test_the_default_gopls_goes_with_the_newest_go_and_an_older_one_with_the_older_go() -> None:
    (request,) = catalog.understand([{"name": "gopls"}], TOOLS)
    tool = Tool.from_plan(request.as_plan())
    assert choose(tool, "1.27.4").version == "v0.24.0"
    assert choose(tool, "1.26.11").version == "v0.23.0"  # v0.24.0 says go 1.27.0 in its go.mod
    assert choose(tool, "1.27.4").sum == "h1:nPO/LffYa4sP62Ueuema5PPnZPGaZjGl+vZGvbTek4g="
    assert choose(tool, "1.24.6").made_for("1.24.6")


def test_dlv_gets_the_build_tag_without_which_it_does_not_build_there(tmp_path: Path) -> None:
    (request,) = catalog.understand([{"name": "dlv"}], TOOLS)
    tool = Tool.from_plan(request.as_plan())
    commands: list[list[str]] = []

    def run(command: list[str], environment: dict[str, str], folder: str) -> tuple[int, str, str]:
        commands.append(command)
        return 1, "", "not today"

    for platform in ("windows/arm64", "windows/amd64", "linux/arm64"):
        wanted = Wanted(tool, tool.releases[0], "1.27.4", *platform.split("/"))
        with pytest.raises(WorkstationError, match="not today"):
            Builder("go", run, {}).build(wanted, str(tmp_path), cross=True)
    assert [[word for word in command if "tags" in word] for command in commands] == [["-tags=exp.winarm64"], [], []]


@pytest.mark.parametrize(
    ("words", "tries"),
    [
        ("dial tcp: lookup proxy.example on 10.0.0.53:53: read udp 10.0.0.9:37736->10.0.0.53:53: i/o timeout", 2),
        ("Get https://proxy.example/x: net/http: TLS handshake timeout", 2),
        ("read tcp 10.0.0.9:1->10.0.0.1:443: read: connection reset by peer", 2),
        ("reading https://proxy.example/x: 503 Service Unavailable", 2),
        ("dial tcp 127.0.0.1:1: connect: connection refused", 1),
        ("dial tcp: lookup proxy.example: no such host", 1),
        ("reading https://proxy.example/x: 404 Not Found", 1),
        ("# example.com/tool\n./main.go:502 Xyz", 1),
        ("SECURITY ERROR", 1),
    ],
)
def test_what_may_be_over_in_a_moment_is_tried_once_more_after_a_pause(tmp_path: Path, words: str, tries: int) -> None:
    (request,) = catalog.understand([{"name": "gopls"}], TOOLS)
    tool = Tool.from_plan(request.as_plan())
    done: list[object] = []

    def run(command: list[str], environment: dict[str, str], folder: str) -> tuple[int, str, str]:
        done.append(command)
        return 1, "", words

    with pytest.raises(WorkstationError):
        Builder("go", run, {}, pause=done.append).build(
            Wanted(tool, tool.releases[0], "1.27.4", "linux", "amd64"), str(tmp_path)
        )
    assert done == [done[0], PAUSE_SECONDS, done[0]][: 2 * tries - 1]


def test_every_shipped_pin_has_a_hash_and_a_floor() -> None:
    for name, facts in TOOLS.items():
        for release in facts["releases"]:
            assert release["sum"].startswith("h1:") and len(release["sum"]) == 47, name
            assert release["go_build"], name
        versions = [catalog.EXACT.match(release["version"]) for release in facts["releases"]]
        assert all(versions)


@pytest.mark.parametrize(
    ("entry", "name", "package", "version"),
    [
        ({"name": "gopls", "version": "v0.23.0"}, "gopls", "golang.org/x/tools/gopls", "v0.23.0"),
        ({"name": "gopls@v0.23.0"}, "gopls", "golang.org/x/tools/gopls", "v0.23.0"),
        ({"name": "example.com/a/cmd/b@v1.2.3"}, "b", "example.com/a/cmd/b", "v1.2.3"),
        ({"name": "example.com/a/v2@v2.0.1-rc.1"}, "a", "example.com/a/v2", "v2.0.1-rc.1"),
        ({"name": "thing", "package": "example.com/x", "version": "v1.0.0"}, "thing", "example.com/x", "v1.0.0"),
    ],
)
def test_understands_the_ways_to_name_a_tool(entry: dict[str, Any], name: str, package: str, version: str) -> None:
    (request,) = catalog.understand([entry], TOOLS)
    assert (request.name, request.package, request.releases[0]["version"]) == (name, package, version)


def test_a_known_package_gets_its_pin_by_path_too() -> None:
    (request,) = catalog.understand([{"name": "golang.org/x/tools/gopls@v0.23.0"}], TOOLS)
    assert request.releases[0]["sum"].startswith("h1:") and request.module == "golang.org/x/tools/gopls"


@pytest.mark.parametrize(
    ("entries", "cause"),
    [
        ([{"name": "goplz"}], "nothing of that name is known"),
        ([{"name": "gopls", "version": "0.24.0"}], "'0.24.0' is no version"),
        ([{"name": "gopls", "version": "v0.24"}], "'v0.24' is no version"),
        ([{"name": "gopls"}, {"name": "gopls"}], "the list names it twice"),
        ([{"name": "../../bin/sh", "package": "example.com/x"}], "is no package path"),
        ([{"name": "x", "package": "example.com/x;rm"}], "is no package path"),
        ([{"name": "-x", "package": "example.com/x"}], "is no package path"),
    ],
)
def test_refuses_what_makes_no_sense(entries: list[dict[str, Any]], cause: str) -> None:
    with pytest.raises(WorkstationError) as caught:
        catalog.understand(entries, TOOLS)
    assert cause in caught.value.message


def test_latest_skips_prereleases_and_what_was_taken_back(tmp_path: Path) -> None:
    mods = {
        "v1.0.0": "module example.com/x\n\ngo 1.20\n",
        "v1.1.0": "module example.com/x\n\ngo 1.21\n",
        "v1.2.0-rc.1": "module example.com/x\n",
        "v1.3.0": "module example.com/x\n\ngo 1.22\n\nretract [v1.3.0, v1.4.0] // broken\n",
        "v1.4.0": "module example.com/x\n\ngo 1.22\n\nretract (\n\tv1.0.0\n\t[v1.3.0, v1.4.0] // broken\n)\n",
    }
    serve(tmp_path, "example.com/x", mods, {"v1.1.0": "h1:sum="})
    module, releases = newest(at(tmp_path), "example.com/x/cmd/y")
    assert module == "example.com/x"
    assert releases == [{"version": "v1.1.0", "sum": "h1:sum=", "go_build": "1.21", "go_max": ""}]


def test_latest_offers_an_older_release_to_an_older_go(tmp_path: Path) -> None:
    mods = {f"v1.{n}.0": f"module example.com/x\n\ngo 1.{20 + n}.0\n" for n in range(8)}
    serve(tmp_path, "example.com/x", mods)
    decision = decide(options({"name": "example.com/x", "version": "latest"}), lambda: at(tmp_path))
    tool = Tool.from_plan(decision.plan()["tools"][0])
    assert [choose(tool, go).version for go in ("1.27.4", "1.26.11")] == ["v1.7.0", "v1.6.0"]


def test_proxies_are_asked_as_go_asks_them() -> None:
    answers: dict[str, Any] = {"https://a": OSError("down"), "https://b": UnknownError(), "https://c": b"v1.0.0"}

    def fetch(address: str) -> bytes:
        answer = answers[address.partition("/m/")[0]]
        if isinstance(answer, Exception):
            raise answer
        return bytes(answer)

    assert Proxies.of("https://a|https://b,https://c", fetch).releases("m") == ["v1.0.0"]
    with pytest.raises(WorkstationError, match="Cannot ask module proxy 'https://a': down"):
        Proxies.of("https://a,https://c", fetch).releases("m")
    with pytest.raises(UnknownError):
        Proxies.of("https://b,direct,https://c", fetch).releases("m")


@pytest.mark.parametrize("answer", [b"<html>log in</html>", b"[]", b"{}", b"\xff\xfe"])
def test_a_page_that_stands_in_between_is_no_answer(answer: bytes) -> None:
    with pytest.raises(
        WorkstationError, match=r"Cannot ask a proxy for module 'example\.com/m': it answered something"
    ):
        newest(Proxies.of("https://a", lambda _address: answer), "example.com/m")


def test_an_unknown_module_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkstationError, match=r"Cannot find module of 'example\.com/none/cmd/x'"):
        newest(at(tmp_path), "example.com/none/cmd/x")
    assert prefixes("example.com/a/b") == ["example.com/a/b", "example.com/a", "example.com"]


def test_answers_are_remembered_for_all_processes(tmp_path: Path) -> None:
    asked = []

    def fetch(address: str) -> bytes:
        asked.append(address)
        return b"answer"

    for _process in range(3):
        assert remembered(fetch, tmp_path / "memory")("https://p/x") == b"answer"
    assert asked == ["https://p/x"]


def test_what_no_proxy_knows_is_asked_once_too(tmp_path: Path) -> None:
    asked = []

    def fetch(address: str) -> bytes:
        asked.append(address)
        raise UnknownError(address)

    for _process in range(3):
        with pytest.raises(UnknownError):
            remembered(fetch, tmp_path / "memory")("https://p/x")
    assert asked == ["https://p/x"]


def tool(version: str, total: str = "h1:a=") -> dict[str, Any]:
    return {"name": "x", "package": "example.com/x", "module": "example.com/x", "version": version, "sum": total}


def test_the_lock_decides_until_it_is_renewed(tmp_path: Path) -> None:
    serve(tmp_path / "proxy", "example.com/x", {"v1.0.0": "", "v1.1.0": ""})
    path = str(tmp_path / "team" / "go-tools.lock.yml")
    asked = options({"name": "example.com/x", "version": "latest"}, lock=path)
    first = decide(asked, lambda: at(tmp_path / "proxy"))
    assert first.locked is None and first.requests[0].releases[0]["version"] == "v1.1.0"
    lockfile.write(path, lockfile.written(lockfile.merged(first.requests, [tool("v1.0.0")], {})))
    held = decide(asked, lambda: pytest.fail("the lock needs no network"))
    assert held.requests[0].releases == ({"version": "v1.0.0", "sum": "h1:a="},)
    renewed = decide({**asked, "lock_update": True}, lambda: at(tmp_path / "proxy"))
    assert renewed.requests[0].releases[0]["version"] == "v1.1.0"
    other = decide({**asked, "tools": [{"name": "example.com/x", "version": "v1.1.0"}]}, lambda: at(tmp_path))
    assert other.requests[0].releases[0]["version"] == "v1.1.0"  # another wish: the entry no longer counts


def test_the_lock_keeps_other_entries_and_known_hashes() -> None:
    (request,) = catalog.understand([{"name": "example.com/x", "version": "latest"}], TOOLS)
    before = {"other": {"asked": "latest"}, "x": {"asked": "latest", "version": "v1.0.0", "sum": "h1:a="}}
    after = lockfile.merged([request], [tool("v1.0.0", "")], before)
    assert after["other"] == {"asked": "latest"} and after["x"]["sum"] == "h1:a="
    drift = lockfile.drift("go-tools.lock.yml", {"x": {"version": "v1.0.0"}}, {"x": {"version": "v1.1.0"}})
    assert "x v1.0.0 -> v1.1.0" in drift.message


@pytest.mark.parametrize("text", ["tools: [1]", "{", "a: b", "tools: {x: {version: 1}}", "\x00"])
def test_a_broken_lock_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "lock.yml"
    path.write_text(text)
    with pytest.raises(WorkstationError, match="Cannot read lock file"):
        lockfile.read(str(path))


def test_the_data_file_is_what_the_generator_writes() -> None:
    document = json.loads(catalog.DATA.read_text())
    assert set(document) == {"dated", "source", "tools"} and "gopls" in document["tools"]
