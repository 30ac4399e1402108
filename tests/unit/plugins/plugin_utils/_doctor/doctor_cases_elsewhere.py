"""Cases as in doctor_cases.py, for the rules about editors, WSL2, macOS, Windows and containers."""

from __future__ import annotations

from doctor_facts import ME, WS, Case, failing, gopls, settings, step  # type: ignore[import-not-found]

ELSEWHERE = [
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
