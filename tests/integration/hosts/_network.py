"""A company's network inside one container: a module proxy behind TLS and a log-in, and an HTTP proxy with a log.

Runs there, with the standard library only: ``python3 _network.py FOLDER``, a folder with cert.pem and key.pem.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import select
import socket
import socketserver
import ssl
import sys
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER = Path(sys.argv[1])
LOGIN = "Basic " + base64.b64encode(b"gopher:s3cret-token").decode()
MODULE, VERSION = "corp.test/hello", "v1.0.0"
MOD = f"module {MODULE}\n\ngo 1.21\n".encode()


def archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        out.writestr(f"{MODULE}@{VERSION}/go.mod", MOD)
        out.writestr(f"{MODULE}@{VERSION}/hello.go", "package hello\n")
    return made.getvalue()


FILES = {
    f"/{MODULE}/@v/list": f"{VERSION}\n".encode(),
    f"/{MODULE}/@v/{VERSION}.info": json.dumps({"Version": VERSION, "Time": "2026-01-01T00:00:00Z"}).encode(),
    f"/{MODULE}/@v/{VERSION}.mod": MOD,
    f"/{MODULE}/@v/{VERSION}.zip": archive(),
}


class Modules(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        allowed = self.headers.get("Authorization") == LOGIN
        body = FILES.get(self.path, b"") if allowed else b""
        self.send_response(200 if body else 404 if allowed else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        pass


class Connect(socketserver.StreamRequestHandler):
    """CONNECT, whatever the name: this network has one server."""

    def handle(self) -> None:
        wanted = self.rfile.readline().decode().split()
        while self.rfile.readline().strip():
            pass
        with (FOLDER / "connected").open("a") as log:
            log.write(f"{' '.join(wanted[:2])}\n")
        with socket.create_connection(("127.0.0.1", 8443)) as there, contextlib.suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            pair = {self.connection: there, there: self.connection}
            while True:
                for one in select.select(list(pair), [], [])[0]:
                    data = one.recv(65536)
                    if not data:
                        return
                    pair[one].sendall(data)


class Proxy(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(FOLDER / "cert.pem", FOLDER / "key.pem")
modules = ThreadingHTTPServer(("127.0.0.1", 8443), Modules)
modules.socket = context.wrap_socket(modules.socket, server_side=True)
threading.Thread(target=modules.serve_forever, daemon=True).start()
proxy = Proxy(("127.0.0.1", 3128), Connect)
(FOLDER / "ready").touch()
proxy.serve_forever()
