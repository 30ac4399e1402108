"""What versions mean and what the target is told; over the shipped pins where those decide, else over small ones."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.lookup.go_release import describe
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._pins import (
    PLATFORMS,
    Pins,
    load_pins,
    load_services,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._plan import make_plan, sources
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._resolve import (
    read_version_file,
    refuse_numbers,
    resolve,
)

DAY = datetime.date(2026, 11, 21)
H1 = "h1:8Tl0rBb7KdISSdPkZBjlpZxsUBb+004GI/SM2XbmSqI="


def small() -> Pins:
    def release(*platforms: str) -> dict[str, Any]:
        return {"platforms": {p: {"h1": H1, "zip_size": 1} for p in platforms}, "root_files": {}}

    every = dict.fromkeys(("1.9.7", "1.10.0", "1.10.10", "1.10.9"), release(*PLATFORMS))
    return Pins(DAY, {**every, "1.10.11": release("linux-amd64")}, {})


def options(**given: Any) -> dict[str, Any]:
    names = ("version", "version_file", "active", "checksum", "sources")
    base = dict.fromkeys(names) | {"state": "present", "profile": "default", "pins_max_age": 180}
    return {**base, **given}


def never(version: str, platform: str) -> str | None:
    raise AssertionError(f"asked the checksum database for {version} {platform}")


@pytest.mark.parametrize(
    ("wanted", "platform", "version"),
    [
        ("1.10.9", "linux-amd64", "1.10.9"),
        ("go1.10.9", "linux-amd64", "1.10.9"),
        ("1.10", "linux-amd64", "1.10.11"),
        ("1.10", "linux-arm64", "1.10.10"),
        ("stable", "linux-amd64", "1.10.11"),
        ("stable", "darwin-arm64", "1.10.10"),
        ("oldstable", "windows-arm64", "1.9.7"),
    ],
)
def test_resolve(wanted: str, platform: str, version: str) -> None:
    assert resolve(wanted, platform, small(), proved_otherwise=False) == version


@pytest.mark.parametrize(
    ("wanted", "platform", "says"),
    [
        ("1.10.11", "linux-arm64", "it has no pin for linux-arm64 (it has for linux-amd64)"),
        ("1.10.12", "linux-amd64", "not among the releases that this collection knows (1.9.7 to 1.10.11)"),
        ("1.8", "linux-amd64", "not among the releases"),
        ("latest", "linux-amd64", "it is no version"),
        ("1.10.*", "linux-amd64", "it is no version"),
        ("", "linux-amd64", "it is no version"),
    ],
)
def test_refused(wanted: str, platform: str, says: str) -> None:
    with pytest.raises(WorkstationError) as caught:
        resolve(wanted, platform, small(), proved_otherwise=False)
    assert says in caught.value.message


@pytest.mark.parametrize("given", [1.20, 1, ["1.26.6", 1.27]])
def test_numbers_are_refused(given: Any) -> None:
    with pytest.raises(WorkstationError, match=r'Quote it: version: "'):
        refuse_numbers(given)


def test_text_is_no_number() -> None:
    refuse_numbers("1.20")
    refuse_numbers(["1.20", "stable"])
    refuse_numbers(None)


@pytest.mark.parametrize(
    ("name", "text", "version"),
    [
        ("go.mod", "module x\n\ngo 1.26\n\ntoolchain go1.26.6\n", "1.26.6"),
        ("go.mod", "module x\r\ngo 1.26.1 // pinned\r\n", "1.26.1"),
        ("go.mod", "module x\ntoolchain default\ngo 1.27\n", "1.27"),
        ("go.work", "go 1.27.0\nuse ./a\n", "1.27.0"),
        (".go-version", "1.26.6\n", "1.26.6"),
        (".go-version", "# team\ngo1.26.6\n", "1.26.6"),
        (".tool-versions", "nodejs 24\ngolang 1.26.6 1.25.1\n", "1.26.6"),
        (".tool-versions", "\ufeffgo 1.27\n", "1.27"),
    ],
)
def test_version_files(tmp_path: Path, name: str, text: str, version: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_version_file(str(tmp_path / name)) == version


@pytest.mark.parametrize("text", ["", "module x\n", "// go 1.26\n"])
def test_version_files_without_a_version(tmp_path: Path, text: str) -> None:
    (tmp_path / "go.mod").write_text(text)
    with pytest.raises(WorkstationError, match="it names no Go version"):
        read_version_file(str(tmp_path / "go.mod"))
    with pytest.raises(WorkstationError, match="No such file"):
        read_version_file(str(tmp_path / "go.work"))


def test_a_platform_that_cannot_have_it_is_told_so_and_the_others_get_it() -> None:
    plan = make_plan(options(version=["1.10.11"]), small(), DAY, never)
    assert plan["platforms"]["linux-amd64"]["active"] == "1.10.11"
    assert plan["platforms"]["linux-arm64"]["refused"][0] == "1.10.11"
    with pytest.raises(WorkstationError, match="not among the releases"):
        make_plan(options(version=["1.11.0"]), small(), DAY, never)


def test_several_versions_and_the_active_one() -> None:
    plan = make_plan(options(version=["1.10.9", "1.9"], active="1.9"), small(), DAY, never)
    assert plan["platforms"]["linux-amd64"]["versions"] == ["1.10.9", "1.9.7"]
    assert plan["platforms"]["linux-amd64"]["active"] == "1.9.7"
    with pytest.raises(WorkstationError, match="not among the versions asked for"):
        make_plan(options(version=["1.10.9"], active="1.9.7"), small(), DAY, never)


def test_an_unknown_version_needs_a_proof() -> None:
    asked: list[tuple[str, str]] = []

    def fetch(version: str, platform: str) -> str | None:
        asked.append((version, platform))
        return H1 if platform == "linux-amd64" else None

    plan = make_plan(options(version=["1.11.0"], checksum="fetch"), small(), DAY, fetch)
    assert plan["platforms"]["linux-amd64"]["releases"]["1.11.0"]["h1"] == H1
    assert "knows no such release for linux-arm64" in plan["platforms"]["linux-arm64"]["refused"][1]
    assert len(asked) == len(PLATFORMS)
    plan = make_plan(options(version=["1.11.0"], checksum="sha256:" + "0" * 64), small(), DAY, never)
    assert plan["platforms"]["linux-amd64"]["releases"]["1.11.0"]["archive"] == {"sha256": "0" * 64, "size": None}


def test_a_pin_is_not_overruled() -> None:
    other = "h1:" + "A" * 43 + "="
    with pytest.raises(WorkstationError, match="its tree is pinned as"):
        make_plan(options(version=["1.10.9"], checksum=other), small(), DAY, never)
    with pytest.raises(WorkstationError, match="it is none"):
        make_plan(options(version=["1.10.9"], checksum="md5:1"), small(), DAY, never)
    with pytest.raises(WorkstationError, match="one value cannot prove several"):
        make_plan(options(version=["1.10.9", "1.9.7"], checksum=H1), small(), DAY, never)


def test_old_pins_are_said_so() -> None:
    later = DAY + datetime.timedelta(days=181)
    assert make_plan(options(), small(), DAY, never)["notices"] == []
    assert "181 days old" in make_plan(options(), small(), later, never)["notices"][0]


def test_sources() -> None:
    default, china = load_services("default"), load_services("china")
    assert [source["url"] for source in sources(None, "default")] == [
        default["archive"],
        default["proxy"],
        default["pypi"],
    ]
    assert [source["url"] for source in sources(["proxy"], "china")] == [china["proxy"]]
    given = [
        "https://mirror.example.com/go",
        "/srv/go.tar.gz",
        {"type": "mirror", "url": "https://m.example.com"},
        {"type": "pypi", "url": "https://pypi.example.com/simple", "name": "ours"},
        {"type": "local", "path": "~/go.zip"},
    ]
    assert sources(given, "default") == [
        {"type": "archive", "name": "mirror", "url": "https://mirror.example.com/go"},
        {"type": "local", "name": "local", "path": "/srv/go.tar.gz"},
        {"type": "archive", "name": "mirror", "url": "https://m.example.com"},
        {"type": "pypi", "name": "ours", "url": "https://pypi.example.com/simple"},
        {"type": "local", "name": "local", "path": "~/go.zip"},
    ]


@pytest.mark.parametrize(
    "entry",
    ["", "mirror", 7, {}, {"type": "ftp"}, {"type": "local"}, {"type": "local", "path": "x"}, {"type": "mirror"}],
)
def test_sources_that_are_none(entry: Any) -> None:
    with pytest.raises(WorkstationError, match="it is neither a known source nor an address"):
        sources([entry], "default")


def test_the_shipped_pins_are_whole() -> None:
    pins = load_pins()
    assert pins.versions("linux-amd64")[-1] == "1.27.4"
    for platform in PLATFORMS:
        for version in pins.versions(platform):
            release = pins.release(version, platform)
            assert release["h1"] is None or release["h1"].startswith("h1:")
            assert release["h1"] or len(release["archive"]["sha256"]) == 64
            if release["wheel"]:
                assert set(release["root_files"]) >= {"LICENSE", "PATENTS", "README.md", "codereview.cfg"}
    assert len(set(pins.h1s("linux-amd64").values())) == len(pins.h1s("linux-amd64"))


def test_lookup() -> None:
    release = describe("1.26.6", "windows-amd64", load_services("china"), load_pins())
    assert release["filename"] == "go1.26.6.windows-amd64.zip"
    assert release["urls"]["archive"] == "https://golang.google.cn/dl/go1.26.6.windows-amd64.zip"
    assert release["urls"]["proxy"].endswith("/golang.org/toolchain/@v/v0.0.1-go1.26.6.windows-amd64.zip")
    assert len(release["sha256"]) == 64
