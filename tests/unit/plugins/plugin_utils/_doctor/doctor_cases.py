"""For every rule: what has to be in the facts for it to fire, and a case that looks alike and is none.

Each case is a set of changes to a recorded machine that is well. Where the change was itself seen on a real machine
its origin says so; the injected faults of tests/integration/go_doctor are the proof on real machines.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FACTS = Path(__file__).parent / "facts"
Changes = dict[str, Any]
GONE = object()


@dataclass(frozen=True)
class Case:
    id: str
    bad: Changes
    good: Changes = field(default_factory=dict)
    base: str = "linux"
    severity: str = ""
    policy: dict[str, Any] = field(default_factory=dict)  # for the bad case
    good_policy: dict[str, Any] = field(default_factory=dict)
    origin: str = "doctor rules' study, real Go 1.21 to 1.27"


def base(name: str) -> dict[str, Any]:
    """A recorded machine; macOS, WSL and Windows are the Linux record with what is different there."""
    facts: dict[str, Any] = json.loads((FACTS / "linux.json").read_text(encoding="utf-8"))
    if name != "linux":
        changes = json.loads((FACTS / f"{name}.json").read_text(encoding="utf-8"))["changes"]
        facts = changed(facts, changes)
    return facts


def changed(facts: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """A copy with ``a.b.c`` set, or taken out by GONE. Dots in keys are written as ``:``."""
    facts = copy.deepcopy(facts)
    for path, value in changes.items():
        *parents, last = [part.replace(":", ".") for part in path.split(".")]
        node: Any = facts
        for part in parents:
            node = node[int(part)] if isinstance(node, list) else node.setdefault(part, {})
        if value is GONE:
            del node[int(last) if isinstance(node, list) else last]
        elif isinstance(node, list):
            node[int(last)] = value
        else:
            node[last] = value
    return facts


def root(path: str, version: str = "", exists: bool = True) -> dict[str, Any]:
    return {"path": path, "real": path, "exists": exists, "pkg_tool": bool(version), "version": version}


def go(path: str, version: str, on_path: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "path": path,
        "real": path,
        "on_path": on_path,
        "version": version,
        "platform": "linux/amd64",
        "error": "",
        **more,
    }


def gopls(**more: Any) -> dict[str, Any]:
    path = "/home/dev/go/bin/gopls"
    about = {"path": path, "real": path, "via": "GOBIN", "version": "v0.24.0", "go_version": "go1.27.4", "problem": ""}
    return {**about, "goarch": "amd64", **more}


def settings(file: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """One desktop editor with these settings."""
    path = "/home/dev/.config/Code/User/settings.json"
    one = {"path": path, "scope": "user", "exists": True, "error": "", "settings": file, "programs": []}
    product = {
        "name": "Code",
        "kind": "desktop",
        "files": [one],
        "extension_versions": ["0.56.0"],
        "version": "1.105.0",
    }
    return [
        {**product, "command": "/usr/bin/code", "extensions_dir": "/home/dev/.vscode/extensions", "trusted": [], **more}
    ]


def step(name: str, detail: str) -> dict[str, Any]:
    return {"name": name, "ok": False, "seconds": 0.1, "detail": detail}


def failing(*steps: dict[str, Any]) -> Changes:
    return {"functional": {"passed": False, "reason": "", "seconds": 1.0, "steps": list(steps)}}


ME = "/home/dev/sdk/go1.27.4"
X509 = (
    'Get "https://proxy.golang.org/": tls: failed to verify certificate: x509: certificate signed by unknown authority'
)
WS = "workspaces.0"
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
    Case("GD042", {"editor.products": settings({}, extension_versions=[])}, {"editor.products": settings({})}),
    Case(
        "GD043",
        {"editor.products": settings({"go.useLanguageServer": False})},
        {"editor.products": settings({"go.useLanguageServer": True})},
    ),
    Case(
        "GD044",
        {"editor.products": settings({"go.languageServerFlags": ["-mod=vendor"]})},
        {
            "editor.products": settings(
                {"go.languageServerFlags": ["-rpc.trace", "serve", "--debug=localhost:6060", "-logfile", "/tmp/x"]}
            )
        },
    ),
    Case(
        "GD045",
        {"editor.products": settings({"go.goplsArgs": []})},
        {"editor.products": settings({"go.formatTool": "gofumpt"})},
    ),
    Case(
        "GD046",
        {
            "editor.products": [
                {
                    **settings({})[0],
                    "files": [
                        {"path": "/s", "exists": True, "programs": [{"key": "k", "value": "/x", "problem": "gone"}]}
                    ],
                }
            ]
        },
        {"editor.products": settings({"go.alternateTools": {"gopls": "gopls"}})},
    ),
    Case(
        "GD047",
        {"editor.products": settings({"go.toolsEnvVars": {"GOPROXY": "off"}})},
        {"editor.products": settings({"go.toolsEnvVars": {"GOPATH": "${workspaceFolder}/x", "GOFLAGS": ""}})},
    ),
    Case("GD048", {"editor.products": settings({})}, {"editor.products": settings({}, trusted=["/home/dev/src"])}),
    Case(
        "GD049",
        {"editor.processes": [{"name": "code", "pid": 7, "env": {"PATH": f"{ME}/bin", "GOPROXY": "direct"}}]},
        {"editor.processes": [{"name": "code", "pid": 7, "env": {"PATH": f"/usr/bin:{ME}/bin"}}]},
    ),
    Case(
        "GD050",
        {
            "editor.products": [
                {
                    "name": "vscode-server",
                    "kind": "remote",
                    "files": [],
                    "extension_versions": [],
                    "extensions_dir": "/e",
                }
            ]
        },
        {
            "editor.products": [
                {"name": "vscode-server", "kind": "remote", "files": [], "extension_versions": ["0.56.0"]}
            ]
        },
    ),
    Case("GD051", {"os.inotify_instances": 64}, {"os.inotify_instances": 128, "os.nofile": [1024, -1]}),
    Case(
        "GD052",
        {
            "dirs.workspace 1.fstype": "9p",
            "dirs.workspace 1.options": "rw,aname=drvfs",
            "dirs.workspace 1.mount": "/mnt/c",
        },
        base="wsl2",
    ),
    Case(
        "GD053",
        {"dirs.GOCACHE.fstype": "9p", "dirs.GOCACHE.options": "rw,aname=drvfs", "dirs.GOCACHE.mount": "/mnt/c"},
        base="wsl2",
    ),
    Case(
        "GD054",
        {"go.env.GOHOSTOS": "windows", "go.real": "/mnt/c/Program Files/Go/bin/go.exe"},
        {"go.env.GOOS": "windows"},
        base="wsl2",
    ),
    Case("GD055", {"programs.xcode": ""}, base="macos"),
    Case(
        "GD056",
        {"tools.gopls.found": [gopls(goarch="amd64")]},
        {"os.arm64": False, "tools.gopls.found": [gopls()]},
        base="macos",
    ),
    Case(
        "GD057",
        {"tools.gopls.found": [gopls(goarch="arm64", signed=False)]},
        {"tools.gopls.found": [gopls(goarch="arm64", signed=True)]},
        base="macos",
    ),
    Case("GD058", {f"{WS}.real": "/Users/dev/Documents/x"}, {f"{WS}.real": "/Users/dev/DocumentsX/x"}, base="macos"),
    Case("GD059", {"windows.path.machine": {"kind": "REG_SZ", "value": r"%SystemRoot%\system32"}}, base="windows"),
    Case("GD060", {"windows.long_paths": 0}, base="windows"),
    Case(
        "GD061",
        {
            "windows.controlled_folder_access": 1,
            "windows.protected_folders": [r"C:\Users\dev\Documents"],
            f"{WS}.path": r"C:\Users\dev\Documents\x",
        },
        {"windows.controlled_folder_access": 1},
        base="windows",
    ),
    Case("GD062", {"windows.exclusions": []}, base="windows"),
    Case(
        "GD063",
        {"windows.events": [{"id": 3077, "message": r"\Device\C\Users\dev\go\bin\gopls.exe did not meet the policy"}]},
        {"windows.events": [{"id": 3077, "message": r"\x\notepad.exe"}]},
        base="windows",
    ),
    Case(
        "GD064",
        {"windows.onedrive": r"C:\Users\dev\OneDrive", "dirs.GOPATH.path": r"C:\Users\dev\OneDrive\go"},
        {"windows.onedrive": r"C:\Users\dev\One"},
        base="windows",
    ),
    Case(
        "GD065",
        {f"{WS}.path": "/home/dev/a b", **failing(step("/home/dev/a b: definition", "no definition found"))},
        {f"{WS}.path": "/home/dev/a b"},
    ),
    Case(
        "GD066",
        {"os.container": "docker", "user": {"uid": 4242, "in_passwd": False, "home": "/"}},
        {"os.container": "docker"},
    ),
    Case("GD067", {"env.login.GOMAXPROCS": "1"}, {"env.login.GOMAXPROCS": "2", "env.login.GOGC": "200"}),
    Case(
        "GD068",
        # What a folder made below C:\\ inherits: everybody who signs in may modify it.
        {"windows.machine_path.1.sddl": "O:BAG:BAD:AI(A;OICIID;FA;;;BA)(A;OICIID;FA;;;SY)(A;ID;0x1301bf;;;AU)"},
        # The same for what is made in it only, and refused to the same group.
        {
            "windows.machine_path.1.sddl": "O:BAD:PAI(A;OICI;FA;;;BA)(A;OICIIO;SDGXGWGR;;;AU)"
            "(D;;DCLC;;;BU)(A;;0x1200af;;;BU)",
        },
        base="windows",
    ),
]
