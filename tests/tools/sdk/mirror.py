"""A mirror on the loopback interface that behaves, or misbehaves, as it is told."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

Behaviour = Callable[[BaseHTTPRequestHandler], None]


class Mirror:
    """``serve`` a path with bytes or with a behaviour; ``requests`` holds what was asked."""

    def __init__(self) -> None:
        self._pages: dict[str, Behaviour] = {}
        self.requests: list[tuple[str, str]] = []
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:  # the name is http.server's
                mirror.requests.append((self.path, self.headers.get("Range", "")))
                self.close_connection = True
                page = mirror._pages.get(self.path)
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    page(self) if page else self.send_error(404)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Mirror:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve(self, path: str, content: bytes | Behaviour) -> None:
        self._pages[path] = whole(content) if isinstance(content, bytes) else content

    def serves(self, path: str) -> bool:
        return path in self._pages

    def asked(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.requests)


def head(
    handler: BaseHTTPRequestHandler,
    length: int | None,
    status: int = 200,
    kind: str = "application/octet-stream",
    **more: str,
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    if length is not None:
        handler.send_header("Content-Length", str(length))
    for name, value in more.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def whole(content: bytes, kind: str = "application/octet-stream") -> Behaviour:
    def behave(handler: BaseHTTPRequestHandler) -> None:
        head(handler, len(content), kind=kind)
        handler.wfile.write(content)

    return behave


def truncated(content: bytes, at: int, *, honest: bool = False) -> Behaviour:
    """Ends early; ``honest`` about it in Content-Length."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        head(handler, at if honest else len(content))
        handler.wfile.write(content[:at])

    return behave


def breaking(content: bytes, at: int, *, times: int, ranges: bool = True) -> Behaviour:
    """Breaks off the first ``times`` answers after ``at`` bytes, then serves the rest to whom asks for it."""
    left = [times]

    def behave(handler: BaseHTTPRequestHandler) -> None:
        asked = handler.headers.get("Range", "")
        start = int(asked[6:-1]) if ranges and asked else 0
        more = {"Content_Range": f"bytes {start}-{len(content) - 1}/{len(content)}"} if start else {}
        head(handler, len(content) - start, 206 if start else 200, ETag='"1"', **more)
        if left[0]:
            left[0] -= 1
            handler.wfile.write(content[start : start + at])
            handler.wfile.flush()
        else:
            handler.wfile.write(content[start:])

    return behave


def endless(content: bytes) -> Behaviour:
    """The right bytes, and then more for ever, without a length."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        head(handler, None)
        handler.wfile.write(content)
        while True:
            handler.wfile.write(b"\0" * 65536)

    return behave


def slow(content: bytes, rate: int) -> Behaviour:
    def behave(handler: BaseHTTPRequestHandler) -> None:
        head(handler, len(content))
        for start in range(0, len(content), max(1, rate // 10)):
            handler.wfile.write(content[start : start + max(1, rate // 10)])
            handler.wfile.flush()
            time.sleep(0.1)

    return behave


def silent(seconds: float) -> Behaviour:
    def behave(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)

    return behave


def status(code: int, *, then: Behaviour | None = None, times: int = 0) -> Behaviour:
    """Answers ``code``; after ``times`` of that, behaves as ``then``."""
    left = [times]

    def behave(handler: BaseHTTPRequestHandler) -> None:
        if then and not left[0]:
            then(handler)
            return
        left[0] -= 1
        handler.send_error(code)

    return behave


def redirect(url: str) -> Behaviour:
    def behave(handler: BaseHTTPRequestHandler) -> None:
        head(handler, 0, 302, Location=url)

    return behave
