# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Go module proxy on the loopback that can misbehave, and the little modules that it serves."""

from __future__ import annotations

import base64
import hashlib
import http.server
import io
import json
import ssl
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

MODULE = "tools.example.test/kit"
MAIN = 'package main\n\nfunc main() { println("%s") }\n'


def sources(module: str, version: str, *, retract: str = "", broken: bool = False) -> dict[str, str]:
    word = f"{module} {version}"
    return {
        "go.mod": f"module {module}\n\ngo 1.21\n" + (f"\nretract {retract} // it eats files\n" if retract else ""),
        "main.go": MAIN % word,
        "cmd/x/main.go": MAIN % f"x of {word}" if not broken else "package main\n\nfunc main() { undefined() }\n",
    }


def packed(module: str, version: str, files: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in sorted(files.items()):
            archive.writestr(f"{module}@{version}/{name}", text)
    return stream.getvalue()


def h1(module: str, version: str, files: dict[str, str]) -> str:
    """https://go.dev/ref/mod#go-sum-files, Hash1."""
    lines = (
        f"{hashlib.sha256(text.encode()).hexdigest()}  {module}@{version}/{name}\n"
        for name, text in sorted(files.items())
    )
    return "h1:" + base64.b64encode(hashlib.sha256("".join(lines).encode()).digest()).decode()


@dataclass
class Shelf:
    """module -> version -> files."""

    modules: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    password: str = ""

    def add(self, version: str, module: str = MODULE, *, retract: str = "", broken: bool = False) -> str:
        """Publish a version; its hash."""
        files = sources(module, version, retract=retract, broken=broken)
        self.modules.setdefault(module, {})[version] = files
        return h1(module, version, files)

    def answer(self, path: str) -> bytes | None:
        module, _at, name = path.strip("/").partition("/@v/")
        versions = self.modules.get(module)
        if versions is None:
            return None
        if name == "list":
            return "\n".join(versions).encode()
        version, _dot, kind = name.rpartition(".")
        if version not in versions:
            return None
        if kind == "info":
            return json.dumps({"Version": version, "Time": "2026-01-02T03:04:05Z"}).encode()
        return versions[version]["go.mod"].encode() if kind == "mod" else packed(module, version, versions[version])

    def as_folder(self, folder: Path) -> str:
        """The same as files; its address."""
        for module, versions in self.modules.items():
            for name in ["list", *(f"{version}.{kind}" for version in versions for kind in ("info", "mod", "zip"))]:
                path = folder / module / "@v" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(self.answer(f"{module}/@v/{name}") or b"")
        return f"file://{folder}"


@contextmanager
def serving(shelf: Shelf, certificate: Path | None = None) -> Iterator[str]:
    """The address of a running proxy."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shelf.asked.append(self.path)
            wanted = "Basic " + base64.b64encode(f"dev:{shelf.password}".encode()).decode()
            if shelf.password and self.headers.get("Authorization") != wanted:
                self.send_error(401)
                return
            body = shelf.answer(self.path)
            if body is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def own_certificate(folder: Path) -> Path:
    """Key and certificate for the loopback in one file."""
    path = folder / "proxy.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path), "-out", str(folder / "only.pem")]
    subprocess.run(command, check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + (folder / "only.pem").read_bytes())
    return path
