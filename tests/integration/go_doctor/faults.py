"""Faults as they happen to people, made for real in a container, and the one rule that has to say so."""

# ruff: noqa: E501
from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

WS = "/home/dev/src/ws"
CODE = "/home/dev/.config/Code/User/settings.json"
MODULE = f"mkdir -p {WS}; cd {WS}; printf 'package main\\n\\nimport \"fmt\"\\n\\nfunc main() {{ fmt.Println(1) }}\\n' > main.go;"


@dataclass(frozen=True)
class Fault:
    id: str
    dev: str = ""  # shell, as the developer
    root: str = ""  # shell, as root, before that
    options: dict[str, Any] = field(default_factory=dict)
    run: tuple[str, ...] = ()  # arguments of podman run
    user: str = "dev"
    home: str = "/home/dev"
    before: str = ""  # shell in the very process that looks
    also: frozenset[str] = frozenset()  # other ids that are true there as well
    name: str = ""
    background: str = ""  # a program of root that runs while we look


def export(text: str) -> str:
    return f"echo {json.dumps('export ' + text)} >> ~/.profile"


def settings(**keys: Any) -> str:
    text = json.dumps({key.replace("__", "."): value for key, value in keys.items()})
    return f"mkdir -p $(dirname {CODE}) && cat > {CODE} <<'E'\n{text}\nE"


def managed(version: str) -> str:
    """This collection laid that Go down, long ago."""
    return (
        f"rm -rf ~/sdk; mkdir ~/sdk; cp -r /opt/go{version} ~/sdk/; ln -s go{version} ~/sdk/go;"
        "sed -i s#sdk/go1.27.4/bin#sdk/go/bin# ~/.profile;"
    )


EDITOR = (
    "mkdir -p ~/bin ~/.vscode/extensions/golang.go-0.56.0; printf '#!/bin/sh\\n' > ~/bin/code; chmod +x ~/bin/code;"
    'printf \'{"version": "0.56.0"}\' > ~/.vscode/extensions/golang.go-0.56.0/package.json;'
    "echo 'export PATH=$PATH:$HOME/bin' >> ~/.profile;"
)
IN_WS = {"workspaces": [WS]}
NET = {"network": True}
SERVER = """
import http.server, ssl, sys, time, email.utils
class Answer(http.server.BaseHTTPRequestHandler):
    def date_time_string(self, timestamp=None): return email.utils.formatdate(time.time() + {skew}, usegmt=True)
    def do_GET(self): self.send_response(404); self.send_header("Content-Length", "0"); self.end_headers()
    do_HEAD = do_GET
server = http.server.HTTPServer(("127.0.0.1", {port}), Answer)
{tls}
server.serve_forever()
"""
TLS = """
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain("/opt/tree/tls.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
"""

FAULTS = [
    Fault("GD001", "mv ~/sdk ~/old-sdk"),
    Fault("GD001", "chmod -x ~/sdk/go1.27.4/bin/go", name="not executable"),
    Fault("GD002", export("GOROOT=/usr/local/go")),
    Fault("GD002", "mkdir -p ~/.config/go; echo GOROOT=/usr/local/go >> ~/.config/go/env", name="env file"),
    Fault("GD003", export("GOROOT=/opt/go1.26.11")),
    Fault("GD004", export("GOROOT=$HOME/sdk/go1.27.4")),
    Fault("GD005", export("PATH=$PATH:/opt/go1.26.11/bin")),
    Fault(
        "GD006",
        "sed -i '/sdk/d' ~/.profile;" + export("PATH=/usr/bin:$HOME/go/bin:$PATH:$HOME/sdk/go1.27.4/bin"),
        root="mkdir -p /usr/lib/go-1.26; mount --bind /opt/go1.26.11 /usr/lib/go-1.26; ln -s ../lib/go-1.26/bin/go /usr/bin/go",
    ),
    Fault("GD007", "printf 'package fmt\\n\\nfunc Println() {}\\n' > ~/sdk/go1.27.4/src/fmt/zz_old.go"),
    Fault("GD008", managed("1.25.14")),
    Fault(
        "GD010",
        managed("1.26.11") + MODULE + "printf 'module x\\n\\ngo 1.27.0\\n' > go.mod;" + export("GOTOOLCHAIN=local"),
        options=IN_WS,
    ),
    Fault(
        "GD011",
        MODULE
        + "printf 'module x\\n\\ngo 1.28\\n' > go.mod;"
        + export("GOTOOLCHAIN=auto")
        + ";"
        + export("GOPROXY=off"),
        options=IN_WS,
    ),
    Fault("GD012", export("GOEXPERIMENT=workfile")),
    Fault("GD012", export("GOFLAGS=trimpath"), name="GOFLAGS"),
    Fault("GD012", export("GOTOOLCHAIN=1.27"), name="GOTOOLCHAIN"),
    Fault("GD013", export("GOPATH='~/go'")),
    Fault("GD013", "mkdir -p ~/.config/go; echo 'GOBIN=bin' >> ~/.config/go/env", name="relative GOBIN"),
    Fault("GD014", "sed -i 's#:$HOME/go/bin##' ~/.profile"),
    Fault("GD015", export("GO111MODULE=off")),
    Fault("GD015", "go env -w GO111MODULE=off", name="env file"),
    Fault("GD016", export("GOFLAGS=-mod=vendor")),
    Fault("GD017", export("GOOS=windows")),
    Fault("GD018", "mkdir -p ~/.config/go; printf 'GOFLAGS=-trimpath\\r\\nGONOSUMDB=x.example\\n' > ~/.config/go/env"),
    Fault(
        "GD018", "mkdir -p ~/.config/go; printf 'export GOFLAGS=-trimpath\\n' > ~/.config/go/env", name="not KEY=VALUE"
    ),
    Fault("GD019", "rm ~/go/bin/gopls"),
    Fault("GD020", "sed -i 's/go1\\.27\\.4/go1.26.4/g' ~/go/bin/gopls"),
    Fault("GD021", "sed -i 's/v0\\.24\\.0/v0.16.0/g' ~/go/bin/gopls"),
    Fault("GD020", "cp /opt/old/usr/bin/gopls ~/go/bin/gopls", name="a distribution's gopls"),
    Fault(
        "GD022",
        MODULE + "printf 'module x\\n\\ngo 1.27\\n' > go.mod; echo 'var x int = undeclared' >> main.go",
        options=IN_WS,
    ),
    Fault("GD023", "printf '#!/bin/sh\\nexit 1\\n' > ~/go/bin/gopls"),
    Fault("GD023", "printf '#!/bin/sh\\nread x; echo nonsense\\n' > ~/go/bin/gopls", name="answers nonsense"),
    Fault("GD024", "cp /opt/dlv/dlv ~/go/bin/dlv; sed -i 's/v1\\.27\\.2/v1.24.0/g' ~/go/bin/dlv"),
    Fault("GD025", "chmod 555 ~/.cache/go-build"),
    Fault(
        "GD025", root="chown -R root:root /home/dev/.cache/gopls; chmod 755 /home/dev/.cache/gopls", name="gopls cache"
    ),
    Fault("GD026", root="touch /home/dev/.cache/go-build/00/root-was-here"),
    Fault(
        "GD026",
        root="install -d -o dev -g dev /home/dev/go/pkg /home/dev/go/pkg/mod; mkdir -p /home/dev/go/pkg/mod/cache; touch /home/dev/go/pkg/mod/cache/root-was-here",
        name="module cache",
    ),
    Fault("GD027", export("TMPDIR=/noexec"), run=("--tmpfs", "/noexec:rw,noexec,mode=1777")),
    Fault("GD027", "go env -w GOTMPDIR=/gone", name="GOTMPDIR missing"),
    Fault("GD028", export("TMPDIR=/small"), run=("--tmpfs", "/small:rw,exec,mode=1777,size=2m")),
    Fault(
        "GD028",
        export("TMPDIR=/few"),
        root="mkdir /few; mount -t tmpfs -o nr_inodes=30,size=6g,mode=1777 tmpfs /few",
        name="inodes",
    ),
    Fault("GD029", export("CGO_ENABLED=1")),
    Fault(
        "GD029",
        MODULE
        + "printf 'module example.com/x\\n\\ngo 1.27\\n' > go.mod; sed -i 's/^import/import \"C\"\\nimport/' main.go;"
        + export("CGO_ENABLED=1"),
        options=IN_WS,
        name="cgo in the workspace",
    ),
    Fault("GD030", export("GOPRIVATE=git.corp.example"), root="mv /usr/bin/git /usr/bin/git.away"),
    Fault(
        "GD031",
        root=MODULE + "printf 'module x\\n\\ngo 1.27\\n' > go.mod; git init -q .; chmod -R a+rwX .",
        options=IN_WS,
    ),
    Fault("GD032", export("GOPROXY=http://127.0.0.1:9"), options=NET),
    Fault("GD033", export("GOPROXY=direct,https://proxy.golang.org")),
    Fault("GD034", export("GOSUMDB=off")),
    Fault("GD034", export("GOPRIVATE='*'"), name="GOPRIVATE"),
    Fault(
        "GD035",
        export("GOPROXY=https://localhost:18443"),
        options=NET,
        background=SERVER.format(skew=0, port=18443, tls=TLS),
    ),
    Fault("GD036", export("HTTP_PROXY=http://127.0.0.1:9")),
    Fault(
        "GD037",
        export("GOPROXY=http://127.0.0.1:18080"),
        options=NET,
        background=SERVER.format(skew=-3600, port=18080, tls=""),
    ),
    Fault(
        "GD038",
        MODULE + "printf 'module x\\n\\ngo 1.27\\n' > go.mod; printf 'go 1.27\\n\\nuse ./gone\\n' > go.work",
        options=IN_WS,
    ),
    Fault(
        "GD039",
        MODULE
        + "printf 'module x\\n\\ngo 1.27\\n' > go.mod; mkdir a; printf 'module a\\n\\ngo 1.27\\n' > a/go.mod; printf 'go 1.27\\n\\nuse ./a\\n' > go.work",
        options=IN_WS,
    ),
    Fault("GD040", MODULE, options=IN_WS),
    Fault(
        "GD041",
        MODULE
        + "printf 'module x\\n\\ngo 1.27\\n\\nrequire example.com/y v1.0.0\\n' > go.mod; mkdir vendor; touch vendor/modules.txt",
        options=IN_WS,
    ),
    Fault("GD042", EDITOR + "rm -r ~/.vscode/extensions/golang.go-0.56.0"),
    Fault("GD042", EDITOR + "sed -i s/0.56/0.30/ ~/.vscode/extensions/golang.go-0.56.0/package.json", name="too old"),
    Fault("GD043", settings(go__useLanguageServer=False)),
    Fault("GD044", settings(go__languageServerFlags=["-workspaceModule"])),
    Fault("GD045", settings(go__goplsArgs=["-v"])),
    Fault("GD045", f"mkdir -p $(dirname {CODE}); echo '{{\"go.lintTool\": ' > {CODE}", name="malformed"),
    Fault("GD046", settings(go__alternateTools={"gopls": "/opt/gone/gopls"})),
    Fault("GD047", settings(go__toolsEnvVars={"GOPROXY": "https://goproxy.cn"})),
    Fault(
        "GD048",
        EDITOR
        + MODULE
        + "printf 'module x\\n\\ngo 1.27\\n' > go.mod; mkdir -p ~/.config/Code/User/globalStorage; python3 - <<'E'\n"
        "import sqlite3\nc = sqlite3.connect('/home/dev/.config/Code/User/globalStorage/state.vscdb')\n"
        "c.execute('CREATE TABLE ItemTable (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)')\n"
        "c.execute('INSERT INTO ItemTable VALUES (?, ?)', ('content.trust.model.key', '{\"uriTrustInfo\": []}'))\n"
        "c.commit()\nE",
        options=IN_WS,
    ),
    Fault(
        "GD049",
        "cp /bin/sleep ~/go/bin/code; (GOPROXY=direct setsid ~/go/bin/code 60 </dev/null >/dev/null 2>&1 &) ; sleep 1; rm ~/go/bin/code",
    ),
    Fault("GD050", "mkdir -p ~/.vscode-server/bin"),
    Fault("GD051", before="ulimit -n 1000;"),
    Fault(
        "GD066",
        user="4242",
        home="/",
        root="ln -s /opt/go1.27.4 /usr/local/go; ln -s /usr/local/go/bin/go /usr/local/bin/go; cp /home/dev/go/bin/gopls /usr/local/bin/",
    ),
    Fault("GD067", export("GOMAXPROCS=1")),
    Fault("GD067", export("GOFLAGS=-count=1"), name="GOFLAGS"),
    Fault(
        "GD067", export("GOCACHE=/cache"), run=("--tmpfs", "/cache:rw,exec,mode=1777,size=8g"), name="cache in memory"
    ),
]

# Realistic machines that are not ill.
VARIATIONS = [
    Fault(
        "distribution Go on purpose",
        "rm -rf ~/sdk; sed -i /sdk/d ~/.profile;" + export("PATH=$PATH:$HOME/go/bin"),
        root="mkdir /usr/lib/go-1.27; mount --bind /opt/go1.27.4 /usr/lib/go-1.27; ln -s ../lib/go-1.27/bin/go /usr/bin/go",
    ),
    Fault("GOFLAGS=-trimpath", "go env -w GOFLAGS=-trimpath"),
    Fault("GOPRIVATE set", "go env -w GOPRIVATE=git.corp.example"),
    Fault(
        "multi-module repository",
        MODULE
        + 'rm main.go; for m in a b; do mkdir $m; printf "module $m\\n\\ngo 1.27\\n" > $m/go.mod; printf "package $m\\n" > $m/m.go; done; git init -q .',
        options=IN_WS,
    ),
    Fault(
        "go.work",
        MODULE
        + "printf 'module x\\n\\ngo 1.27\\n' > go.mod; mkdir b; printf 'module b\\n\\ngo 1.27\\n' > b/go.mod; go work init . ./b",
        options=IN_WS,
    ),
    Fault(
        "vendored",
        MODULE
        + "printf 'module x\\n\\ngo 1.27\\n\\nrequire example.com/y v1.0.0\\n\\nreplace example.com/y => ./y\\n' > go.mod; mkdir y; printf 'module example.com/y\\n\\ngo 1.27\\n' > y/go.mod; printf 'package y\\n\\nfunc Y() {}\\n' > y/y.go; sed -i 's#\"fmt\"#\"example.com/y\"#; s/fmt.Println(1)/y.Y()/' main.go; go mod vendor",
        options=IN_WS,
    ),
    Fault(
        "container user with a home of its own",
        user="4242",
        home="/srv/home",
        root="install -d -o 4242 /srv/home; echo 'export PATH=/home/dev/sdk/go1.27.4/bin:/srv/home/go/bin:$PATH' > /srv/home/.profile; chmod 755 /home/dev /home/dev/go /home/dev/go/bin; install -d -o 4242 /srv/home/go /srv/home/go/bin; cp /home/dev/go/bin/gopls /srv/home/go/bin/",
    ),
    Fault("zsh user", "cp ~/.profile ~/.zprofile", root="usermod -s /usr/bin/zsh dev"),
    Fault(
        "fish user",
        "mkdir -p ~/.config/fish; echo 'fish_add_path -P $HOME/sdk/go1.27.4/bin $HOME/go/bin' > ~/.config/fish/config.fish",
        root="usermod -s /usr/bin/fish dev",
    ),
    Fault(
        "shared cache",
        export("GOMODCACHE=/srv/mod"),
        root="groupadd gophers; usermod -aG gophers dev; install -d -g gophers -m 2775 /srv/mod; install -d -g gophers -m 2775 /srv/mod/cache",
        options={"policy": {"shared_cache": True}},
    ),
]


def digest(id_: str) -> str:
    """Of everything that makes this rule's faults: a proof counts for these and no others."""
    made = [{**vars(one), "also": sorted(one.also)} for one in FAULTS if one.id == id_]
    return hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:16]
