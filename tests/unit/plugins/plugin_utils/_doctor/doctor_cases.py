"""For every rule: what has to be in the facts for it to fire, and a case that looks alike and is none.

Each case is a set of changes to a recorded machine that is well. Where the change was itself seen on a real machine
its origin says so; the injected faults of tests/integration/go_doctor are the proof on real machines. The rules about
editors and single systems have theirs in doctor_cases_elsewhere.py.
"""

from __future__ import annotations

from doctor_cases_elsewhere import ELSEWHERE  # type: ignore[import-not-found]
from doctor_facts import ME, WS, X509, Case, failing, go, gopls, root, step  # type: ignore[import-not-found]

CASES = [
    Case("GD001", {"gos": []}, {"gos": [go("/usr/bin/go", "go1.27.4")]}),
    Case(
        "GD002",
        {"files.goroots.environment": root("/old/go", exists=False)},
        {"files.goroots.environment": root(ME, "go1.27.4")},
    ),
    Case(
        "GD003",
        {"files.goroots.environment": root("/usr/lib/go-1.19", "go1.19.8")},
        {"files.goroots.env_file": root(ME, "go1.27.4-vendor")},
    ),
    Case("GD004", {"files.goroots.settings": root(ME, "go1.27.4")}, {"files.goroots": {"go": root(ME, "go1.27.4")}}),
    Case(
        "GD005",
        {"gos": [go(f"{ME}/bin/go", "go1.27.4"), go("/opt/go/bin/go", "go1.26.1")]},
        {
            "gos": [
                go(f"{ME}/bin/go", "go1.27.4"),
                go("/home/dev/bin/go", "go1.27.4"),
                go("/opt/go/bin/go", "go1.20", on_path=False),
            ]
        },
    ),
    Case(
        "GD006",
        {
            "gos": [
                go("/usr/bin/go", "go1.19.8", real="/usr/lib/go-1.19/bin/go"),
                go(f"{ME}/bin/go", "go1.27.4", on_path=False),
            ]
        },
        {"gos": [go("/usr/bin/go", "go1.19.8", real="/usr/lib/go-1.19/bin/go")]},
    ),
    Case(
        "GD007",
        failing(step("build", f"{ME}/src/net/a.go:4:6: lookup redeclared in this block")),
        failing(step("build", "./main.go:4:6: main redeclared in this block")),
    ),
    Case("GD008", {"go.version": "go1.25.14"}, {"go.version": "go1.26.0"}),
    Case("GD009", {"os.release": "3.0.101-generic"}, {"os.release": "3.10.0-1160.el7"}),
    Case(
        "GD010",
        {f"{WS}.mod.go": "1.28", "env.login.GOTOOLCHAIN": "local"},
        {f"{WS}.mod.go": "1.28", "env.login.GOTOOLCHAIN": "auto"},
    ),
    Case(
        "GD011",
        {f"{WS}.mod.go": "1.28.0", "env.login.GOTOOLCHAIN": "auto", "go.env.GOSUMDB": "off"},
        {f"{WS}.mod.go": "1.27.4", "env.login.GOTOOLCHAIN": "auto", "go.env.GOSUMDB": "off"},
    ),
    Case(
        "GD012",
        {"go.as_is": {"rc": 2, "error": "go: unknown GOEXPERIMENT workfile"}},
        {"env.login.GOTOOLCHAIN": "go1.27.4+auto"},
    ),
    Case("GD013", {"env.login.GOPATH": "~/go"}, {"env.login.GOPATH": "/home/dev/go:/opt/shared go"}),
    Case("GD014", {"env.login.PATH": "/usr/bin:/bin"}, {"env.login.PATH": "/usr/bin:/home/dev/go/bin/"}),
    Case("GD015", {"go.env.GO111MODULE": "off"}, {"go.env.GO111MODULE": "on"}),
    Case("GD016", {"env.login.GOFLAGS": "-mod=vendor"}, {"env.login.GOFLAGS": "-trimpath -modcacherw"}),
    Case("GD017", {"go.env.GOOS": "windows", "env.login.GOOS": "windows"}, {"env.login.GOOS": "linux"}),
    Case(
        "GD018",
        {"files.goenv": {"path": "/e", "exists": True, "bom": "", "cr": True, "text": "GOPROXY=direct\r\n"}},
        {"files.goenv": {"path": "/e", "exists": True, "bom": "", "cr": False, "text": "# mine\n\nGOPROXY=direct\n"}},
    ),
    Case(
        "GD019",
        {"tools.gopls": {"found": [], "shell": ""}},
        {"tools.gopls": {"found": [], "shell": ""}},
        good_policy={"gopls_expected": False},
    ),
    Case(
        "GD020",
        {"tools.gopls.found": [gopls(go_version="go1.26.5")], f"{WS}.mod.go": "1.27"},
        {"tools.gopls.found": [gopls()]},
    ),
    Case("GD021", {"tools.gopls.found": [gopls(version="v0.16.1")]}, {"tools.gopls.found": [gopls(version="v0.22.0")]}),
    Case(
        "GD022",
        failing(step("/ws: diagnostics", "no diagnostics published: packages.Load error")),
        {"functional.steps": [{"name": "/ws: diagnostics", "ok": True, "detail": "0 errors, 2 diagnostics"}]},
    ),
    Case(
        "GD023",
        failing(step("definition", "the definition leads to /old/print.go, which is not under /new")),
        failing(step("test", "FAIL"), {**step("definition", ""), "ok": True}),
    ),
    Case(
        "GD024",
        {"tools.dlv.found": [gopls(path="/home/dev/go/bin/dlv", version="v1.24.0")]},
        {"tools.dlv.found": [gopls(path="/home/dev/go/bin/dlv", version="v1.27.1")]},
    ),
    Case(
        "GD025",
        {"dirs.GOCACHE.writable": False, "dirs.GOCACHE.write_error": "Permission denied"},
        {"dirs.HOME.writable": False},
    ),
    Case("GD026", {"dirs.GOMODCACHE.foreign": "/home/dev/go/pkg/mod/cache/lock"}, {"dirs.GOMODCACHE.foreign": None}),
    Case("GD027", {"dirs.TEMP.options": "rw,nosuid,noexec"}, {"dirs.TEMP.options": "rw,nosuid,nodev"}),
    Case(
        "GD028", {"dirs.GOCACHE.free_bytes": 5 << 20}, {"dirs.GOCACHE.free_bytes": 50 << 30, "dirs.GOCACHE.inodes": 0}
    ),
    Case(
        "GD029",
        {
            "programs": {"cc": "", "gcc": "", "clang": "", "CC": "", "git_version": "git version 2"},
            f"{WS}.cgo_packages": ["a.b/c"],
        },
        {"programs": {"cc": "", "gcc": "", "clang": "", "CC": "", "git_version": "git version 2"}},
    ),
    Case("GD030", {"programs.git_version": "", "go.env.GOPRIVATE": "git.corp.example"}, {"programs.git_version": ""}),
    Case(
        "GD031",
        {f"{WS}.git": {"repository": "/ws", "rc": 128, "error": "fatal: detected dubious ownership in repository"}},
        {f"{WS}.git": {"repository": "/ws", "rc": 0, "error": ""}},
    ),
    Case(
        "GD032",
        {"network.latest": {"rc": 1, "error": "dial tcp 127.0.0.1:9: connect: connection refused"}},
        {"network.latest": {"rc": 1, "error": X509}},
    ),
    Case(
        "GD033",
        {"go.env.GOPROXY": "direct,https://proxy.golang.org"},
        {"go.env.GOPROXY": "https://a.example|https://b.example,direct"},
    ),
    Case("GD034", {"env.login.GOSUMDB": "off"}, {"env.login.GOPRIVATE": "*.corp.example"}),
    Case(
        "GD035",
        {"network.latest": {"rc": 1, "error": X509}},
        {"network.latest": {"rc": 1, "error": "x509: certificate has expired"}},
    ),
    Case(
        "GD036",
        {"env.login.HTTP_PROXY": "http://p:1", "env.login.https_proxy": "p:1"},
        {"env.login.HTTPS_PROXY": "http://p:1"},
    ),
    Case(
        "GD037",
        {"network.dates": [{"address": "https://p", "skew": -900.0}]},
        {"network.dates": [{"address": "https://p", "skew": -900.0}, {"address": "https://q", "skew": 1.0}]},
    ),
    Case(
        "GD038",
        {
            f"{WS}.env.GOWORK": "/w/go.work",
            f"{WS}.work": {"exists": True, "go": "1.27", "use": [{"dir": "/w/a", "has_module": False}]},
        },
        {f"{WS}.env.GOWORK": "off"},
    ),
    Case(
        "GD039",
        {
            f"{WS}.env.GOWORK": "/w/go.work",
            f"{WS}.env.GOMOD": "/w/b/go.mod",
            f"{WS}.work": {"exists": True, "use": [{"dir": "/w/a", "has_module": True}]},
        },
        {
            f"{WS}.env.GOWORK": "/w/go.work",
            f"{WS}.env.GOMOD": "/w/a/go.mod",
            f"{WS}.work": {"exists": True, "use": [{"dir": "/w/a", "has_module": True}]},
        },
    ),
    Case(
        "GD040",
        {f"{WS}.env.GOMOD": "/dev/null", f"{WS}.modules": []},
        {f"{WS}.env.GOMOD": "/dev/null", f"{WS}.modules": ["a"]},
    ),
    Case("GD041", {f"{WS}.list_error": "go: inconsistent vendoring in /ws:"}, {f"{WS}.vendored": True}),
    *ELSEWHERE,
]
