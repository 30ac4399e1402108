"""Where the extension looks for its tools, in its order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from played_host import Host  # type: ignore[import-not-found]  # beside this file

from ansible_collections.gopherops.workstation.plugins.module_utils._info._tools import collect_tools


def tool_at(host: Host, path: str) -> str:
    return str(host.own(path, "#!/bin/sh\n", 0o755))


def found(host: Host, name: str = "gopls", gopls: str = "", **facts: Any) -> list[tuple[str, str]]:
    env, go, settings = (dict(facts.get(key, {})) for key in ("env", "go", "settings"))
    return [(one["via"], one["path"]) for one in collect_tools(host.place(), env, go, settings, gopls)[name]["found"]]


def test_the_doors_stand_in_the_extensions_order(host: Host) -> None:
    named = tool_at(host, "named/gopls")
    gobin = tool_at(host, "gobin/gopls")
    tools = tool_at(host, "tools/bin/gopls")
    first, second = tool_at(host, "one/bin/gopls"), tool_at(host, "two/bin/gopls")
    root, path = tool_at(host, "root/bin/gopls"), tool_at(host, "path/gopls")
    home = str(host.home)
    env = {"GOBIN": f"{home}/gobin", "GOPATH": f"{home}/one:relative:{home}/two", "PATH": f"{home}/path:{home}/gobin"}
    settings = {"go.alternateTools": {"gopls": "~/named/gopls"}, "go.toolsGopath": "~/tools"}
    assert found(host, env=env, go={"env": {"GOROOT": f"{home}/root"}}, settings=settings) == [
        ("go.alternateTools", named),
        ("GOBIN", gobin),
        ("go.toolsGopath", tools),
        ("GOPATH/bin", first),
        ("GOPATH/bin", second),
        ("GOROOT/bin", root),
        ("PATH", path),  # the one of GOBIN is not named twice
    ]
    assert found(host, gopls=path, env=env) == [("the option gopls", path)]
    assert collect_tools(host.place(), env, {}, {}, "")["gopls"]["shell"] == path


def test_what_go_says_of_itself_counts_where_the_shell_says_nothing(host: Host) -> None:
    home = str(host.home)
    gobin, gopath, root = (tool_at(host, f"{one}/dlv") for one in ("gobin", "gopath/bin", "root/bin"))
    go = {"env": {"GOBIN": f"{home}/gobin", "GOPATH": f"{home}/gopath"}, "root": f"{home}/root"}
    assert found(host, "dlv", go=go) == [("GOBIN", gobin), ("GOPATH/bin", gopath), ("GOROOT/bin", root)]
    own = tool_at(host, "go/bin/dlv")
    assert found(host, "dlv") == [("GOPATH/bin", own)]
    Path(own).chmod(0o644)
    assert found(host, "dlv") == []


def test_a_bare_name_in_the_settings_is_looked_up_as_the_tool_is(host: Host) -> None:
    other = tool_at(host, "go/bin/gopls-nightly")
    tool_at(host, "go/bin/gopls")
    assert found(host, settings={"go.alternateTools": {"gopls": "gopls-nightly"}}) == [("GOPATH/bin", other)]
    assert found(host, settings={"go.alternateTools": ["nonsense"]})[0][0] == "GOPATH/bin"


def test_a_program_without_build_info_says_so(host: Host) -> None:
    tool_at(host, "go/bin/gopls")
    (one,) = collect_tools(host.place(), {}, {}, {}, "")["gopls"]["found"]
    assert one["problem"] and one["version"] == one["module"] == one["goarch"] == ""
