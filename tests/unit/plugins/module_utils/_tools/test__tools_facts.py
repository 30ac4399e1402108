# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names, places and platforms, as the go command sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._tools.goenv import GoEnv
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.names import (
    file_name,
    go_key,
    go_minor,
    program_name,
    redacted,
)


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("golang.org/x/tools/gopls", "gopls"),
        ("github.com/go-delve/delve/cmd/dlv", "dlv"),
        ("github.com/golangci/golangci-lint/v2/cmd/golangci-lint", "golangci-lint"),
        ("github.com/goreleaser/goreleaser/v2", "goreleaser"),
        ("example.com/v2", "example.com"),
        ("example.com/tool/v1", "v1"),
        ("gopkg.in/yaml.v3", "yaml.v3"),
    ],
)
def test_a_program_is_called_as_go_install_calls_it(package: str, name: str) -> None:
    assert program_name(package) == name


def test_windows_programs_have_their_ending_once() -> None:
    assert [file_name("gopls", "windows"), file_name("x.exe", "windows"), file_name("gopls", "darwin")] == [
        "gopls.exe",
        "x.exe",
        "gopls",
    ]


def test_go_versions_are_ordered() -> None:
    assert go_key("1.27") < go_key("go1.27.4") < go_key("1.28")
    assert go_key("1.9.7") < go_key("1.10")
    assert go_minor("go1.27rc1") == (1, 27) and go_minor("devel") == ()


def test_credentials_are_taken_out_of_addresses() -> None:
    assert redacted("get https://a:b@host/x failed") == "get https://***@host/x failed"


def env_file(home: Path, text: str, goos: str = "linux") -> None:
    base = home / ("Library/Application Support" if goos == "darwin" else ".config") / "go"
    base.mkdir(parents=True, exist_ok=True)
    (base / "env").write_text(text)


def test_programs_go_where_go_install_puts_them(tmp_path: Path) -> None:
    home, goroot = tmp_path / "home", tmp_path / "goroot"
    goroot.mkdir(parents=True)

    def bin_dir(goos: str = "linux", **process: str) -> str:
        return GoEnv(process, str(home), goos, str(goroot)).bin_dir()

    assert bin_dir() == str(home / "go" / "bin")
    (goroot / "go.env").write_text("GOPROXY=x\nGOBIN=/machine/bin\n")
    assert bin_dir() == "/machine/bin"
    env_file(home, "#c\nGOPATH=/old\n GOPATH=/bad\nGOPATH=/a:/b\n")
    assert bin_dir() == "/machine/bin"
    env_file(home, "GOPATH=/a:/b\nGOBIN=\n")
    assert bin_dir() == "/a/bin"
    (goroot / "go.env").write_text("")
    env_file(home, "GOBIN=/from/file\n")
    assert bin_dir() == "/from/file"
    assert bin_dir(GOBIN="") == "/from/file"
    assert bin_dir(GOBIN="/from/process") == "/from/process"
    assert bin_dir(GOENV="off") == str(home / "go" / "bin")
    assert bin_dir(XDG_CONFIG_HOME=str(tmp_path)) == str(home / "go" / "bin")
    env_file(home, "GOBIN=/mac\n", "darwin")
    assert bin_dir("darwin") == "/mac"


def test_a_build_sees_where_modules_come_from_and_nothing_that_changes_the_program(tmp_path: Path) -> None:
    env_file(tmp_path, "GOPROXY=https://p\nGOARCH=wasm\nGOEXPERIMENT=x\nGOMODCACHE=/cache\n")
    settings = GoEnv({"GOPRIVATE": "corp"}, str(tmp_path), "linux").for_build()
    assert settings == {"GOPROXY": "https://p", "GOPRIVATE": "corp", "GOMODCACHE": "/cache"}


def test_a_build_sees_the_machines_defaults_and_not_what_stands_below_them(tmp_path: Path) -> None:
    """As the go command reads $GOROOT/go.env: the first line of a name counts, in the account's file the last."""
    (tmp_path / "go.env").write_text("# ours\nGOPROXY=https://company\n# of the release\nGOPROXY=https://public\n")
    env_file(tmp_path, "GOSUMDB=old\nGOSUMDB=new\n")
    settings = GoEnv({}, str(tmp_path), "linux", str(tmp_path)).for_build()
    assert settings == {"GOPROXY": "https://company", "GOSUMDB": "new"}


def test_off_means_no_network_and_still_the_cache(tmp_path: Path) -> None:
    env = GoEnv({"GOPROXY": "off", "GOMODCACHE": "/cache"}, str(tmp_path), "linux")
    assert env.for_build()["GOPROXY"] == "file:///cache/cache/download"
