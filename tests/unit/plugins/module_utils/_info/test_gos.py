"""Which go counts, and what it says: with go commands that are played."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from played_host import Host  # type: ignore[import-not-found]  # beside this file

from ansible_collections.gopherops.workstation.plugins.module_utils._info._gos import (
    cache_home,
    collect_files,
    collect_go,
    collect_gos,
    config_home,
    describe_go,
    expand,
    goroot_facts,
    resolve_go,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import Ran

VERSION = "go version go1.27.4 linux/amd64\n"


def go_at(host: Host, path: str) -> str:
    return str(host.own(path, "#!/bin/sh\n", 0o755))


def test_every_go_is_listed_once_for_each_path_and_asked_once_for_each_program(host: Host) -> None:
    real = go_at(host, "sdk/go1.27.4/bin/go")
    (host.home / "sdk" / "go").symlink_to("go1.27.4")
    usual = host.file("/usr/local/go/bin/go", "", 0o755)
    host.file("/usr/lib/go-1.19/bin/go", "", 0o644)  # cannot be run
    host.says = {"go1.27.4/bin/go version": VERSION, "version": Ran(1, "", "go: cannot find GOROOT\nmore\n", 0.0)}
    path = str(host.home / "sdk" / "go" / "bin")
    gos = collect_gos(host.place(), {"PATH": f"{path}:relative:{path}:{Path(real).parent}"})
    assert [(one["path"], one["on_path"]) for one in gos] == [
        (f"{path}/go", True),
        (real, True),
        (str(usual), False),
    ]
    assert [one["version"] for one in gos] == ["go1.27.4", "go1.27.4", ""]
    assert [one["platform"] for one in gos] == ["linux/amd64", "linux/amd64", ""]
    assert gos[2]["error"] == "go: cannot find GOROOT\nmore"
    assert len(host.ran) == 2


@pytest.mark.parametrize(
    ("ran", "error"),
    [
        (Ran(0, "go version\n", "", 0.0), "go version"),
        (Ran(0, "no go version go1.27.4 linux/amd64\n", "", 0.0), "no go version go1.27.4 linux/amd64"),
        (Ran(2, VERSION, "", 0.0), VERSION.strip()),
        (Ran(139, "", "", 0.0), "exit status 139"),
        (Ran(0, "", "a\nb\nc\nd\n", 0.0), "a\nb\nc"),
    ],
)
def test_what_is_no_go_says_why(host: Host, ran: Ran, error: str) -> None:
    host.says = {"version": ran}
    told = describe_go(host.place(), "/x/go", {})
    assert (told["version"], told["platform"], told["error"]) == ("", "", error)


def test_a_go_is_asked_without_any_variable_that_could_silence_it(host: Host) -> None:
    host.says = {"version": VERSION}
    describe_go(host.place(), "/x/go", {"GOROOT": "/old", "GOFLAGS": "-x", "CGO_CFLAGS": "x", "LANG": "C"})
    ((_argv, env, folder),) = host.ran
    assert {"GOROOT", "GOFLAGS", "CGO_CFLAGS"}.isdisjoint(env)
    assert (env["GOENV"], env["GOTOOLCHAIN"], env["LANG"], folder) == ("off", "local", "C", str(host.empty))


def test_the_doors_to_go_are_tried_in_the_order_of_the_extension(host: Host) -> None:
    places = {
        "the option go": go_at(host, "option/bin/go"),
        "go.alternateTools": go_at(host, "named/go"),
        "GOBIN": go_at(host, "gobin/go"),
        "go.goroot": go_at(host, "setting/bin/go"),
        "GOROOT": go_at(host, "goroot/bin/go"),
        "PATH": go_at(host, "path/go"),
        "the usual place": str(host.file("/usr/local/go/bin/go", "", 0o755)),
    }
    home = str(host.home)
    env = {"GOBIN": f"{home}/gobin", "GOROOT": f"{home}/goroot", "PATH": f"{home}/path", "HOME": home}
    settings = {"go.alternateTools": {"go": "~/named/go"}, "go.goroot": "${env:HOME}/setting"}
    option = places["the option go"]
    for via, path in places.items():
        assert resolve_go(host.place(), env, settings, option) == (path, via)
        Path(path).unlink()
    own = go_at(host, "sdk/go/bin/go")
    assert resolve_go(host.place(), {}, {}, "") == (own, "the usual place")
    Path(own).unlink()
    assert resolve_go(host.place(), env, settings, option) == ("", "")
    assert resolve_go(host.place(), {}, {"go.alternateTools": "nonsense"}, "relative/go") == ("", "")


def test_only_a_leading_tilde_is_the_home(host: Host) -> None:
    place = host.place()
    assert expand(place, {}, "~") == str(host.home)
    assert expand(place, {}, "~other/go") == "~other/go"
    assert expand(place, {"A": "x"}, "/${env:A}/${env:B}y") == "/x/y"
    assert expand(place, {}, None) == ""


def answers(variables: dict[str, Any], version: str = VERSION) -> dict[str, Any]:
    return {"env -json": json.dumps(variables), "version": version}


def test_the_go_that_counts_tells_its_variables_without_secrets(host: Host) -> None:
    path = go_at(host, "go/bin/go")
    host.says = answers({"GOPROXY": "https://u:p@proxy.example", "GOGCCFLAGS": "-x", "GONUMBER": 1, "GOCACHE": "/a"})
    go = collect_go(host.place(), {"GOROOT": "/stale", "XDG_CACHE_HOME": "/xdg"}, path, "PATH", [])
    assert (go["path"], go["via"], go["version"], go["env_error"]) == (path, "PATH", "go1.27.4", "")
    assert go["root"] == str(host.home / "go")
    assert go["env"] == {"GOPROXY": "https://***@proxy.example", "GOCACHE": "/xdg/go-build"}
    asked = {" ".join(argv[1:]): env for argv, env, _folder in host.ran}
    assert "GOROOT" not in asked["env -json"]
    assert asked["version"]["GOROOT"] == "/stale"  # the last one sees what the user's shell has
    assert go["as_is"] == {"rc": 0, "error": ""}


def test_an_env_file_that_is_off_is_no_file_of_that_name(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "off").write_text("GOCACHE=/wrong\n")
    host.says = answers({"GOCACHE": "/a"})
    go = collect_go(host.place(), {"GOENV": "off", "XDG_CACHE_HOME": "/xdg"}, go_at(host, "go/bin/go"), "PATH", [])
    assert go["env"]["GOCACHE"] == "/xdg/go-build"


def test_a_go_that_is_known_already_is_not_asked_for_its_version_again(host: Host) -> None:
    path = go_at(host, "go/bin/go")
    host.says = answers({"GOPATH": "/p"})
    known = {"real": os.path.realpath(path), "version": "go1.26.0", "error": "", "on_path": True}
    assert (
        collect_go(host.place(), {}, path, "PATH", [{"real": "/x", "version": "x", "error": ""}, known])["version"]
        == "go1.26.0"
    )


def test_one_bad_variable_does_not_hide_the_others(host: Host) -> None:
    path = go_at(host, "go/bin/go")
    host.own(".config/go/env", "GOFLAGS=-bad\nGOPRIVATE=a\nGOROOT=/old\nnonsense\n#GOX=1\nGOCACHE=/named\r\n")
    calls: list[dict[str, str]] = []

    def run(argv: list[str], env: dict[str, str], *_more: Any) -> Ran:
        calls.append(env)
        if argv[1] == "version":
            return Ran(1, "", "go: parsing $GOFLAGS\n", 0.0)
        bad = env["GOENV"] != "off"
        return Ran(1, "", "go: parsing $GOFLAGS\n", 0.0) if bad else Ran(0, '{"GOPATH": "/p", "GOFLAGS": ""}', "", 0.0)

    host.run = run
    go = collect_go(host.place(), {"GOPRIVATE": "b"}, path, "PATH", [])
    assert go["env"] == {"GOPATH": "/p", "GOFLAGS": "-bad", "GOCACHE": "/named"}
    assert go["env_error"] == go["as_is"]["error"] == "go: parsing $GOFLAGS"
    assert go["as_is"]["rc"] == 1


@pytest.mark.parametrize("text", ["", "nonsense", "{}"])
def test_a_go_that_tells_nothing_has_no_variables(host: Host, text: str) -> None:
    host.says = {"env -json": text, "version": VERSION}
    assert collect_go(host.place(), {}, "/x/go", "PATH", [])["env"] == {}


def test_a_mac_keeps_caches_and_configuration_in_its_library(host: Host) -> None:
    assert cache_home(host.place(), {}) == f"{host.home}/.cache"
    assert cache_home(host.place(), {"XDG_CACHE_HOME": "/c"}) == "/c"
    assert config_home(host.place(), {}) == f"{host.home}/.config"
    host.system = "Darwin"
    assert cache_home(host.place(), {"XDG_CACHE_HOME": "/c"}) == f"{host.home}/Library/Caches"
    assert config_home(host.place(), {"XDG_CONFIG_HOME": "/c"}) == f"{host.home}/Library/Application Support"


def test_every_goroot_that_somebody_names_is_looked_at(host: Host) -> None:
    host.own(".config/go/env", "GOROOT=/first\nGOROOT=/env-file\r\nGOPROXY=direct\n")
    tree = host.home / "tree"
    host.own("tree/VERSION", "go1.26.11\ntime 2026\n")
    (tree / "pkg" / "tool").mkdir(parents=True)
    settings = {"go.goroot": "~/tree", "go.toolsEnvVars": {"GOROOT": "/tools", "A": 1}}
    files = collect_files(host.place(), {"GOROOT": "/shell"}, {"env": {"GOROOT": "/own"}, "root": "/r"}, settings)
    named = {key: one["path"] for key, one in files["goroots"].items()}
    assert named == {
        "environment": "/shell",
        "env_file": "/env-file",
        "settings": str(tree),
        "toolsEnvVars": "/tools",
        "go": "/own",
    }
    assert files["goenv"]["path"] == f"{host.home}/.config/go/env"
    facts = files["goroots"]["settings"]
    assert (facts["version"], facts["exists"], facts["pkg_tool"], facts["go_env"]["exists"]) == (
        "go1.26.11",
        True,
        True,
        False,
    )
    assert goroot_facts("/no/such")["exists"] is False


@pytest.mark.parametrize("settings", [{}, {"go.toolsEnvVars": []}, {"go.toolsEnvVars": {"GOROOT": 1}}])
def test_where_nobody_names_a_goroot_the_gos_own_counts(host: Host, settings: dict[str, Any]) -> None:
    files = collect_files(host.place(), {}, {"root": "/usr/lib/go"}, settings)
    assert {key: one["path"] for key, one in files["goroots"].items()} == {"go": "/usr/lib/go"}
    off = collect_files(host.place(), {"GOENV": "off"}, {}, settings)
    assert off == {"goenv": {"path": "off"}, "goroots": {}}
