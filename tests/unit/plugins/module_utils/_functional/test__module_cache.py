"""Which module of the cache the probe may import: one that is whole there, with the hashes that go.sum would hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._functional._editor_env import (
    build_environment,
    editor_environment,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._functional._module_cache import cached_module
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import run

TOTAL = "h1:" + "A" * 43 + "="


def put(cache: Path, path: str, version: str, package: str, mod: str = "module x\n") -> None:
    """A module as go keeps it."""
    download = cache / "cache" / "download" / path / "@v"
    download.mkdir(parents=True, exist_ok=True)
    (download / f"{version}.mod").write_text(mod)
    (download / f"{version}.ziphash").write_text(TOTAL + "\n")
    (cache / f"{path}@{version}" / package).mkdir(parents=True)


def test_a_known_module_comes_with_the_lines_of_its_go_sum(tmp_path: Path) -> None:
    put(tmp_path, "golang.org/x/sync", "v0.17.0", "singleflight", "module golang.org/x/sync\n\ngo 1.24.0\n")
    put(tmp_path, "golang.org/x/sys", "v0.36.0", "cpu")
    assert cached_module(str(tmp_path), "go1.27.4") == {
        "path": "golang.org/x/sync",
        "version": "v0.17.0",
        "package": "golang.org/x/sync/singleflight",
        "symbol": "Group{}",
        "dir": str(tmp_path / "golang.org/x/sync@v0.17.0"),
        "sum": [
            f"golang.org/x/sync v0.17.0 {TOTAL}",
            # The line that golang.org/x/sync v0.17.0 has in go.sum files everywhere.
            "golang.org/x/sync v0.17.0/go.mod h1:9KTHXmSnoGruLpwFjVSX0lNNA75CykiMECbovNTZqGI=",
        ],
    }


def test_the_newest_whole_one_is_taken_and_none_that_would_need_more(tmp_path: Path) -> None:
    assert cached_module(str(tmp_path), "go1.27.4") is None
    sync = "golang.org/x/sync"
    put(tmp_path, sync, "v0.16.0", "singleflight")
    put(tmp_path, sync, "v0.17.0", "singleflight", "module x\n\nrequire y v1.0.0\n")
    found = cached_module(str(tmp_path), "go1.27.4")
    assert found is not None and found["version"] == "v0.16.0"
    (tmp_path / f"{sync}@v0.16.0" / "singleflight").rmdir()
    assert cached_module(str(tmp_path), "go1.27.4") is None
    put(
        tmp_path,
        "golang.org/x/mod",
        "v0.28.0",
        "semver",
        "module golang.org/x/mod\n\nrequire golang.org/x/tools v0.1\n",
    )
    found = cached_module(str(tmp_path), "go1.27.4")
    assert found is not None and (found["path"], found["symbol"]) == ("golang.org/x/mod", "IsValid")


@pytest.mark.parametrize(
    ("go", "version"),
    [
        ("go1.27.4", "v0.21.0"),
        ("go1.27rc1", "v0.21.0"),
        ("go1.26.11", "v0.20.0"),
        ("go1.25.1", None),
        ("devel", "v0.21.0"),
    ],
)
def test_a_module_that_asks_for_a_newer_go_is_not_taken(tmp_path: Path, go: str, version: str | None) -> None:
    """Two releases of Go share one module cache."""
    put(tmp_path, "golang.org/x/sync", "v0.21.0", "singleflight", "module golang.org/x/sync\n\ngo 1.27\n")
    put(tmp_path, "golang.org/x/sync", "v0.20.0", "singleflight", "module golang.org/x/sync\n\ngo 1.25.2\n")
    assert (cached_module(str(tmp_path), go) or {}).get("version") == version


@pytest.mark.parametrize("file", ["v0.36.0.mod", "v0.36.0.ziphash"])
def test_half_a_download_is_no_module(tmp_path: Path, file: str) -> None:
    put(tmp_path, "golang.org/x/sys", "v0.36.0", "cpu")
    assert cached_module(str(tmp_path), "go1.27.4") is not None
    (tmp_path / "cache" / "download" / "golang.org/x/sys" / "@v" / file).write_text("")
    assert cached_module(str(tmp_path), "go1.27.4") is None


def test_the_probe_sees_what_the_editor_gives_its_tools(tmp_path: Path) -> None:
    place = Place(run, {}, "Linux", "dev", 1000, str(tmp_path), "/bin/sh", str(tmp_path))
    login = {"PATH": "/usr/bin", "GOFLAGS": "-v"}
    settings = {"go.toolsEnvVars": {"GOPROXY": "off", "GOFLAGS": "-x"}}
    env = editor_environment(place, login, {"path": "/sdk/bin/go"}, settings)
    assert (env["GOPROXY"], env["GOFLAGS"]) == ("off", "-x")
    assert build_environment(env)["GOPROXY"] == "off"
