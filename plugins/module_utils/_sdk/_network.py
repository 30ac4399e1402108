# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: downloads that end, whatever the other side does.

A host that does not answer costs one short connect timeout, once. What breaks off is resumed, what stalls, never
ends or is a web page is given up with a reason, so that the next source can be tried.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import getproxies, proxy_bypass

_CHUNK = 1 << 18
_RETRIES = (0.5, 2.0, 5.0)
_MOVED = {301, 302, 303, 307, 308}
_REDIRECTIONS = 5


class SourceError(Exception):
    """This source cannot give it; says why in a few words."""


@dataclass
class Network:
    """How this host reaches the outside. ``opener`` has the signature of ``open_url``."""

    opener: Callable[..., Any]
    username: str | None = None
    password: str | None = None
    ca_path: str | None = None
    connect_timeout: float = 5.0
    slowest: int = 4096
    """Bytes a second below which a source is given up."""
    patience: float = 30.0
    """Seconds over which the speed is measured; also the longest silence."""
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    login_hosts: frozenset[str] = frozenset()
    """Where username and password may go: to the sources as configured, not to where they lead."""
    dead: dict[str, str] = field(default_factory=dict)
    """Hosts that did not answer in this run, and why."""

    @classmethod
    def of(cls, opener: Callable[..., Any], options: Mapping[str, Any]) -> Network:
        """As the options of ``go_sdk`` say."""
        return cls(
            opener,
            username=options["url_username"],
            password=options["url_password"],
            ca_path=options["ca_path"],
            connect_timeout=options["connect_timeout"],
            patience=options["stall_timeout"],
        )

    def page(self, url: str, limit: int = 16 << 20) -> tuple[str, bytes]:
        """A small answer as a whole, with the address it came from in the end."""
        download = Download(self, url, limit)
        try:
            return download.url, b"".join(download)
        finally:
            download.close()

    def open(self, url: str, offset: int, etag: str | None) -> Any:
        """The answer to one request, redirections followed; HTTP failures as ``HTTPError``."""
        for _hop in range(_REDIRECTIONS):
            self.reach(url)
            try:
                return self._ask(url, offset, etag)
            except HTTPError as error:
                target = error.headers.get("Location")
                if error.code not in _MOVED or not target:
                    raise
                error.close()
                moved = urllib.parse.urljoin(url, target)
                if url.startswith("https:") and not moved.startswith("https:"):
                    raise SourceError(f"redirected from https to {moved}") from error
                url = moved
        raise SourceError(f"redirected more than {_REDIRECTIONS} times")

    def _ask(self, url: str, offset: int, etag: str | None) -> Any:
        headers = {"Range": f"bytes={offset}-", **({"If-Range": etag} if etag else {})} if offset else {}
        # open_url would carry the log-in along to wherever a redirection leads.
        known = urllib.parse.urlsplit(url).netloc in self.login_hosts
        return self.opener(
            url,
            headers=headers,
            timeout=self.patience,
            url_username=self.username if known else None,
            url_password=self.password if known else None,
            force_basic_auth=known and bool(self.username),
            ca_path=self.ca_path,
            follow_redirects="none",
            http_agent="gopherops.workstation",
            decompress=False,
        )

    def reach(self, url: str) -> None:
        """Whether the host (or the proxy in front of it) takes connections at all, in bounded time."""
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise SourceError(f"'{url}' is no http(s) address")
        proxy = None if proxy_bypass(parts.hostname) else getproxies().get(parts.scheme)
        through = urllib.parse.urlsplit(proxy if "//" in proxy else f"//{proxy}") if proxy else parts
        host = through.hostname or parts.hostname
        port = through.port or (443 if through.scheme == "https" else 80)
        name = f"{host}:{port}"
        if name not in self.dead:
            reason = _connect(host, port, self.connect_timeout)
            if reason is None:
                return
            self.dead[name] = reason
        raise SourceError(f"{name} {self.dead[name]}")


class Download:
    """The bytes of one address, in order, across retries and resumptions. ``limit`` bounds what never ends."""

    def __init__(self, network: Network, url: str, limit: int) -> None:
        self._network, self._limit = network, limit
        self._asked, self._received, self._failures = url, 0, 0
        self._etag: str | None = None
        self._response = self._request()
        self.url: str = self._response.geturl()
        self.size: int | None = self._length()
        self.kind: str = (self._response.headers.get("Content-Type") or "").partition(";")[0].strip()
        if self.size is not None and self.size > limit:
            self.close()
            raise SourceError(f"offers {self.size} bytes where at most {limit} are expected")

    def __iter__(self) -> Iterator[bytes]:
        started, measured = self._network.clock(), 0
        while True:
            data = self._some()
            if not data:
                return
            self._received += len(data)
            measured += len(data)
            if self._received > self._limit:
                raise SourceError(f"does not end: {self._limit} bytes were expected at most")
            elapsed = self._network.clock() - started
            if elapsed >= self._network.patience:
                if measured < self._network.slowest * elapsed:
                    raise SourceError(f"is too slow: {measured} bytes in {elapsed:.0f} seconds")
                started, measured = self._network.clock(), 0
            yield data

    def close(self) -> None:
        self._response.close()

    def _some(self) -> bytes:
        while True:
            try:
                # read1: what has arrived. read() would sit until a whole chunk did, and see no slowness.
                data: bytes = self._response.read1(_CHUNK)
                if data or self.size is None or self._received >= self.size:
                    return data
                reason = f"broke off after {self._received} of {self.size} bytes"
            except (OSError, ValueError, HTTPException) as error:
                reason = f"broke off after {self._received} bytes ({_words(error)})"
            self._pause(reason)
            self._resume(reason)

    def _resume(self, reason: str) -> None:
        self._response.close()
        self._response = self._request()
        if self._received and getattr(self._response, "status", 200) != 206:
            raise SourceError(f"{reason} and cannot be resumed")

    def _request(self) -> Any:
        while True:
            try:
                response = self._network.open(self._asked, self._received, self._etag)
                self._etag = response.headers.get("ETag")
                return response
            except HTTPError as error:
                reason = f"answered {error.code} {error.reason}".rstrip()
                error.close()
                if error.code < 500 and error.code != 429:
                    raise SourceError(reason) from error
            except (OSError, ValueError, HTTPException) as error:
                reason = _words(error)
                if "CERTIFICATE" in reason.upper():
                    raise SourceError(reason) from error
            self._pause(reason)

    def _pause(self, reason: str) -> None:
        if self._failures >= len(_RETRIES):
            raise SourceError(reason)
        self._network.sleep(_RETRIES[self._failures])
        self._failures += 1

    def _length(self) -> int | None:
        text = self._response.headers.get("Content-Length") or ""
        return int(text) if text.isdigit() else None


def _connect(host: str, port: int, timeout: float) -> str | None:
    """Nothing when it can be reached, else the reason. A thread, since a name look-up has no timeout."""
    answer: queue.Queue[str | None] = queue.Queue()

    def attempt() -> None:
        try:
            socket.create_connection((host, port), timeout=timeout).close()
            answer.put(None)
        except OSError as error:
            answer.put(f"cannot be reached ({_words(error)})")

    threading.Thread(target=attempt, daemon=True).start()
    try:
        return answer.get(timeout=timeout + 0.5)
    except queue.Empty:
        return f"does not answer within {timeout:g} seconds"


def _words(error: BaseException) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    text = getattr(reason, "strerror", None) or str(reason) or type(error).__name__
    return " ".join(str(text).split())
