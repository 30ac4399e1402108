"""Builds on the controller with a played go command: what is kept, what is checked, and where Go comes from."""

from __future__ import annotations

import gzip
import os
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sdk.mirror import Mirror
from sdk.synthetic import NEW, PLATFORM, module_zip, pin, release

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2] / "module_utils" / "_tools"))

from tool_bench import program  # type: ignore[import-not-found]  # noqa: E402

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError  # noqa: E402
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.wanted import (  # noqa: E402
    Release,
    Tool,
    Wanted,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools import sdk, workshop  # noqa: E402
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.toolchain import go_for  # noqa: E402

WANTED = Wanted(Tool("tool", "example.com/tool"), Release("v1.0.0", "h1:good="), "1.27.4", goos="linux", goarch="arm64")


@dataclass
class Builds:
    """A go command that puts this program where Go would, for another platform."""

    content: bytes = field(default_factory=lambda: program(GOARCH="arm64"))
    seen: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, command: list[str], environment: dict[str, str], folder: str) -> tuple[int, str, str]:
        if command[1] != "install":
            return 0, "", ""
        self.seen.append(environment)
        place = Path(environment.get("GOPATH") or folder) / "bin" / "linux_arm64"
        place.mkdir(parents=True, exist_ok=True)
        (place / "tool").write_bytes(self.content)
        return 0, "", ""


def shop(folder: Path, builds: Builds) -> workshop.Workshop:
    return workshop.Workshop(folder / "tools", lambda version: f"/sdk/go{version}/bin/go", builds, {})


def test_a_parcel_is_built_once_and_holds_what_was_asked_for(tmp_path: Path) -> None:
    builds = Builds()
    first = shop(tmp_path, builds).parcel(WANTED)
    assert gzip.decompress(first.packed.read_bytes()) == builds.content
    assert shop(tmp_path, builds).parcel(WANTED) == first
    assert len(builds.seen) == 1
    assert not list((tmp_path / "tools").glob("stage-*"))
    other = replace(WANTED, release=Release("v1.0.0", "h1:other="))
    builds.content = program(GOARCH="arm64", total="h1:other=")
    assert shop(tmp_path, builds).parcel(other).packed != first.packed


@pytest.mark.parametrize("file", ["tool", "packed.gz", "facts.json"])
def test_a_parcel_that_was_damaged_is_built_again(tmp_path: Path, file: str) -> None:
    builds = Builds()
    parcel = shop(tmp_path, builds).parcel(WANTED)
    damaged = parcel.packed.parent / file
    damaged.write_bytes(damaged.read_bytes()[:-1])
    assert gzip.decompress(shop(tmp_path, builds).parcel(WANTED).packed.read_bytes()) == builds.content
    assert len(builds.seen) == 2


def test_what_is_not_as_pinned_is_not_kept(tmp_path: Path) -> None:
    builds = Builds(program(GOARCH="arm64", total="h1:evil="))
    with pytest.raises(WorkstationError) as caught:
        shop(tmp_path, builds).parcel(WANTED)
    assert "built on the controller is not what was asked for: its module hash h1:evil=" in caught.value.message
    assert [one.name for one in (tmp_path / "tools").iterdir() if one.is_dir()] == []


def test_the_controllers_builds_use_its_own_module_cache_and_proxy(tmp_path: Path) -> None:
    config = tmp_path / ".config" / "go"
    config.mkdir(parents=True)
    (config / "env").write_text("GOPROXY=https://mine.example\n")
    settings = workshop.controller_settings({"HOME": str(tmp_path), "GOPATH": "/gopath"}, {"GONOSUMDB": "x"})
    assert settings["GOMODCACHE"] == "/gopath/pkg/mod"
    assert (settings["GOPROXY"], settings["GONOSUMDB"]) == ("https://mine.example", "x")
    assert "GOPATH" not in settings


def test_the_workshop_of_this_controller_lies_in_its_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = workshop.controller_workshop({"GOPRIVATE": "corp.example"})
    assert made.folder == tmp_path / "gopherops.workstation" / "tools"
    assert made.settings["GOPRIVATE"] == "corp.example"


def test_a_build_here_tells_what_it_said_and_does_not_wait_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shell = ["sh", "-c", 'echo "$MINE in $(pwd)"; echo oops >&2; exit 3']
    assert workshop.run_here(shell, {"MINE": "built"}, str(tmp_path)) == (3, f"built in {tmp_path}\n", "oops\n")
    monkeypatch.setattr(workshop, "LONGEST", 0.2)
    assert workshop.run_here(["sleep", "20"], {}, str(tmp_path)) == (1, "", "the build took more than 0 seconds")


def go_command(path: Path, version: str) -> str:
    path.parent.mkdir(parents=True)
    path.write_bytes(program("cmd/go", version, "", version, module=""))
    path.chmod(0o755)
    return str(path)


def test_a_go_of_exactly_this_version_is_used_where_there_is_one(tmp_path: Path) -> None:
    def obtain(version: str, folder: Path) -> None:
        asked.append((version, folder))

    asked: list[tuple[str, Path]] = []
    process = {"HOME": str(tmp_path / "home"), "PATH": str(tmp_path / "bin")}
    cache = tmp_path / "cache"
    assert go_for("1.98.4", process, cache, obtain) == f"{cache}/go1.98.4/bin/go"
    assert asked == [("1.98.4", cache)]
    other = go_command(tmp_path / "bin" / "go", "1.98.3")
    assert go_for("1.98.3", process, cache, obtain) == other
    home = go_command(tmp_path / "home" / "sdk" / "go1.98.4" / "bin" / "go", "1.98.4")
    assert go_for("1.98.4", process, cache, obtain) == home
    Path(home).chmod(0o644)
    go_for("1.98.4", process, cache, obtain)
    assert len(asked) == (1 if os.access(home, os.X_OK) else 2)


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the release data would say of one synthetic release."""
    facts: dict[str, Any] = {"platforms": {PLATFORM: {"releases": {NEW: pin(NEW)}}}, "sources": []}
    monkeypatch.setattr(sdk, "make_plan", lambda *_arguments: facts)
    monkeypatch.setattr(sdk, "detect", lambda *_arguments: PLATFORM)
    return facts


def test_a_go_that_the_controller_lacks_is_fetched_and_laid_down_once(
    tmp_path: Path, plan: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "sdk"
    with Mirror() as mirror:
        mirror.serve(f"/golang.org/toolchain/@v/v0.0.1-go{NEW}.{PLATFORM}.zip", module_zip(release(NEW), NEW))
        plan["sources"] = [{"type": "proxy", "name": "proxy", "url": mirror.url}]
        sdk.obtain_go(NEW, folder)
        asked = len(mirror.requests)
        sdk.obtain_go(NEW, folder)
        assert len(mirror.requests) == asked
    assert (folder / f"go{NEW}" / "bin" / "go").read_bytes() == release(NEW)["bin/go"]
    assert not list(folder.glob(".stage-*"))


def test_a_release_that_is_refused_is_refused_for_the_controller_too(tmp_path: Path, plan: dict[str, Any]) -> None:
    plan["platforms"][PLATFORM] = {"refused": [NEW, "it is not known", "Name another"]}
    with pytest.raises(WorkstationError, match=f"Cannot install Go for the controller '{NEW}': it is not known"):
        sdk.obtain_go(NEW, tmp_path)


def test_a_cached_archive_that_is_none_is_named(
    tmp_path: Path, plan: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = tmp_path / "archive"
    bad.write_bytes(b"nonsense")

    class Got:
        path = str(bad)

    monkeypatch.setattr(sdk, "obtain", lambda *_arguments: Got)
    with pytest.raises(WorkstationError, match=f"Cannot unpack Go '{NEW}': .*Remove {bad} and run again"):
        sdk.obtain_go(NEW, tmp_path / "sdk")
