"""What each rule says of the further cases that it knows: the words of its evidence, and how serious it is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from doctor_facts import GONE, ME, WS, failing, go, gopls, settings, step  # type: ignore[import-not-found]
from judged import verdict  # type: ignore[import-not-found]

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import FAIL

WORK = {f"{WS}.env.GOWORK": "/w/go.work"}
NO_CC = {"programs": {"cc": "", "gcc": "", "clang": "", "CC": "", "git_version": "git version 2"}}


@pytest.mark.parametrize(
    ("id_", "severity", "words", "changes"),
    [
        (
            "GD001",
            "error",
            f"the editor would take {ME}/bin/go (PATH)",
            {"gos": [go(f"{ME}/bin/go", "go1.27.4", on_path=False)], "go.via": "PATH", "go.path": f"{ME}/bin/go"},
        ),
        ("GD001", "error", "/x/go: broken", {"gos": [go("/x/go", "", error="broken")]}),
        (
            "GD005",
            "warning",
            "the shell starts /b/gopls (v0.23.0)",
            {
                "tools.gopls": {
                    "found": [
                        gopls(path="/a/gopls", real="/a/gopls"),
                        gopls(path="/b/gopls", real="/b/gopls", version="v0.23.0"),
                    ],
                    "shell": "/b/gopls",
                }
            },
        ),
        ("GD012", "error", "invalid GOTOOLCHAIN 'newest' in the environment", {"env.login.GOTOOLCHAIN": "newest"}),
        ("GD013", "error", "GOBIN='/a:/b' holds a list; it is one folder", {"env.login.GOBIN": "/a:/b"}),
        ("GD013", "error", f"GOPATH is GOROOT, {ME}", {"go.env.GOPATH": f"{ME}/", "go.env.GOROOT": ME}),
        ("GD015", "warning", "GO111MODULE=auto (go env)", {"go.env.GO111MODULE": "auto"}),
        (
            "GD016",
            "warning",
            "-mod=mod is an error in a workspace with go.work",
            {"env.login.GOFLAGS": "-mod=mod", f"{WS}.work": {"path": "/w/go.work", "exists": True}},
        ),
        ("GD016", "warning", "-tags=x hides code", {"env.login.GOFLAGS": "-tags=x"}),
        (
            "GD017",
            "warning",
            "GOARCH=wasm (go.toolsEnvVars in /home/dev/.config/Code/User/settings.json)",
            {"editor.products": settings({"go.toolsEnvVars": {"GOARCH": "wasm"}}), "go.env.GOHOSTARCH": "amd64"},
        ),
        (
            "GD020",
            "warning",
            "is go1.27.4",
            {"tools.gopls.found": [gopls(go_version="go1.26.5")], f"{WS}.mod.go": "1.26", f"{WS}.work": {}},
        ),
        (
            "GD021",
            "warning",
            "the last gopls for Go 1.18 and older is v0.14.2",
            {"tools.gopls.found": [gopls(version="v0.15.0")], "go.version": "go1.18.10"},
        ),
        (
            "GD022",
            "info",
            f"{ME}/ws: 2 errors, 2 diagnostics",
            {"functional.steps": [{"name": f"{ME}/ws: diagnostics", "ok": True, "detail": "2 errors, 2 diagnostics"}]},
        ),
        (
            "GD023",
            "warning",
            "definition: no answer",
            failing({**step("definition", "no answer"), "late": True}, {**step("initialize", "gopls"), "ok": True}),
        ),
        (
            "GD024",
            "error",
            "this dlv is older than any that is known to work",
            {"tools.dlv.found": [gopls(path="/x/dlv", version="v1.9.0")]},
        ),
        (
            "GD025",
            "error",
            "GOCACHE='cache' is no absolute path",
            {"dirs.GOCACHE": {"path": "cache", "absolute": False}},
        ),
        (
            "GD025",
            "error",
            "GOCACHE is not defined",
            {"go.as_is": {"rc": 1, "error": "build cache is required: GOCACHE is not defined"}},
        ),
        ("GD025", "error", "disabled by GOCACHE=off", {"go.env_error": "build cache is disabled by GOCACHE=off"}),
        (
            "GD025",
            "warning",
            "the workspace /home/dev/src/ws: Read-only",
            {"dirs.workspace 1.writable": False, "dirs.workspace 1.write_error": "Read-only"},
        ),
        ("GD027", "error", "does not exist (TMPDIR)", {"dirs.TEMP.exists": False}),
        ("GD028", "error", "900 inodes free for /tmp (on /)", {"dirs.TEMP.free_inodes": 900}),
        ("GD028", "warning", "19999 inodes free for /tmp (on /)", {"dirs.TEMP.free_inodes": 19999}),
        (
            "GD028",
            "warning",
            "4.0 GiB free for /tmp (on its file system)",
            {"dirs.TEMP.free_bytes": 4 << 30, "dirs.TEMP.mount": ""},
        ),
        ("GD029", "warning", "CGO_ENABLED=1 is set", {**NO_CC, "env.login.CGO_ENABLED": "1"}),
        ("GD029", "warning", "GOFLAGS has -race", {**NO_CC, "env.login.GOFLAGS": "-v -race"}),
        ("GD030", "warning", "GOPROXY=direct", {"programs.git_version": "", "go.env.GOPROXY": "direct"}),
        (
            "GD030",
            "warning",
            "is a git repository",
            {"programs.git_version": "", f"{WS}.git": {"repository": "/ws", "rc": 127, "error": ""}},
        ),
        (
            "GD032",
            "error",
            "no answer within the time limit (exit status 124)",
            {"network.download": {"rc": 124, "error": ""}},
        ),
        ("GD033", "warning", "it holds separators only", {"go.env.GOPROXY": ",|"}),
        ("GD033", "warning", "quotes are part of the value", {"go.env.GOPROXY": '"https://a.example"'}),
        ("GD033", "warning", "'proxy.example' is no address", {"go.env.GOPROXY": "proxy.example,direct"}),
        ("GD033", "warning", "what follows off is never asked", {"go.env.GOPROXY": "off,direct"}),
        ("GD034", "warning", "GOPRIVATE=* takes every module out", {"env.login.GOPRIVATE": "*"}),
        (
            "GD034",
            "error",
            "verifying module: checksum mismatch",
            {"network.download": {"rc": 1, "error": "verifying module: checksum mismatch"}},
        ),
        (
            "GD036",
            "warning",
            "HTTPS_PROXY=http://a:1, but https_proxy=http://b:1",
            {"env.login.HTTPS_PROXY": "http://a:1", "env.login.https_proxy": "http://b:1"},
        ),
        (
            "GD036",
            "warning",
            "goproxy of GOPROXY is internal and not in NO_PROXY",
            {
                "env.login.HTTPS_PROXY": "http://a:1",
                "go.env.GOPROXY": "http://goproxy/x,direct",
                "env.login.NO_PROXY": "other, ",
            },
        ),
        ("GD037", "warning", "61 s ahead of https://p", {"network.dates": [{"address": "https://p", "skew": 61}]}),
        ("GD037", "error", "301 s behind https://p", {"network.dates": [{"address": "https://p", "skew": -301.0}]}),
        ("GD038", "error", "invalid GOWORK", {f"{WS}.env_error": "go: invalid GOWORK: not absolute"}),
        ("GD038", "error", "GOWORK=/w/go.work does not exist", {**WORK, f"{WS}.work": {"exists": False}}),
        ("GD038", "error", "/w/go.work: parsing", {**WORK, f"{WS}.work": {"exists": True, "error": "parsing go.work"}}),
        (
            "GD038",
            "error",
            "/w/go.work says go 1.26, but /w/a says go 1.27",
            {
                **WORK,
                f"{WS}.work": {
                    "exists": True,
                    "go": "1.26",
                    "use": [{"dir": "/w/a", "has_module": True, "go": "1.27"}],
                },
            },
        ),
        (
            "GD039",
            "warning",
            "is contained in a module that is not one of",
            {f"{WS}.list_error": "x is contained in a module that is not one of y"},
        ),
        (
            "GD042",
            "warning",
            "VS Code 1.89.1 is older than 1.90.0",
            {"editor.products": settings({}, version="1.89.1")},
        ),
        (
            "GD042",
            "warning",
            "golang.go 0.51.0 of Code is older than 0.52.0",
            {"editor.products": settings({}, extension_versions=["0.9.0", "0.51.0"])},
        ),
        ("GD044", "error", "is no list", {"editor.products": settings({"go.languageServerFlags": "-rpc.trace"})}),
        (
            "GD045",
            "warning",
            "go.formatTool in /home/dev/.config/Code/User/settings.json is 'goreturnz'; known are",
            {"editor.products": settings({"go.formatTool": "goreturnz"})},
        ),
        ("GD049", "warning", "take more than 10 s", {"env.login_shell.state": "timeout"}),
        (
            "GD049",
            "warning",
            "programs from the Dock get GOPATH=/old, the shell /new",
            {"env.launchd": {"GOPATH": "/old"}, "env.login.GOPATH": "/new"},
        ),
        (
            "GD049",
            "warning",
            f"the running code has no {ME}/bin on its PATH",
            {
                "go.via": "PATH",
                "go.path": f"{ME}/bin/go",
                "editor.processes": [{"name": "code", "pid": 7, "env": {"PATH": "/usr/bin"}}],
            },
        ),
        (
            "GD050",
            "warning",
            "there is no go on this side",
            {"editor.products": settings({}, kind="remote"), "go": GONE},
        ),
        (
            "GD051",
            "warning",
            "100000 inotify watches for 60000 folders",
            {"os.inotify_watches": 100_000, f"{WS}.dirs": 60_000},
        ),
        ("GD051", "info", "65535 inotify watches", {"os.inotify_watches": 65_535, f"{WS}.dirs": 10}),
        ("GD051", "warning", "the hard limit for open files is 4095", {"os.nofile": [1024, 4095]}),
        (
            "GD065",
            "info",
            "(really /real)",
            {
                f"{WS}.path": "/a b",
                f"{WS}.real": "/real",
                "functional": {"passed": False, "steps": [step("/a b: open", "no")]},
            },
        ),
        (
            "GD067",
            "warning",
            "GOFLAGS has -count=1: results are never taken from the cache",
            {"env.login.GOFLAGS": "-count=1"},
        ),
        ("GD067", "warning", "GOFLAGS has -a: everything is built again", {"env.login.GOFLAGS": "-a"}),
        ("GD067", "warning", "GODEBUG=x=1,gctrace=1", {"env.login.GODEBUG": "x=1,gctrace=1"}),
        ("GD067", "warning", "GOGC=24: the garbage collector", {"env.login.GOGC": "24"}),
        ("GD067", "warning", "is on tmpfs and is lost", {"dirs.GOCACHE.fstype": "tmpfs"}),
        ("GD067", "warning", "is on a network file system (nfs4)", {"dirs.GOCACHE.fstype": "nfs4"}),
        (
            "GD067",
            "warning",
            "GOMAXPROCS=2 on 8 cores",
            {"env.login.GOMAXPROCS": "2", "os.cpus": 8, "os.cpu_quota": None},
        ),
        (
            "GD067",
            "warning",
            "Go 1.24 starts 8 threads where 1.5 cores are allowed",
            {"go.version": "go1.24.9", "os.cpus": 8, "os.cpu_quota": 1.5},
        ),
    ],
)
def test_what_is_found_is_said(id_: str, severity: str, words: str, changes: dict[str, Any]) -> None:
    found = verdict(id_, changes)
    assert found.verdict == FAIL, found
    assert any(words in one for one in found.evidence), found.evidence
    assert found.severity == severity
