# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetches pip's own wheel from a Python package index with nothing but the standard library.

Debian without python3-venv has no ensurepip, so something has to bring the first pip. PEP 503 is all it takes:
https://packaging.python.org/en/latest/specifications/simple-repository-api/
"""

from __future__ import annotations

import base64
import configparser
import hashlib
import json
import os
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path

from .errors import DevError
from .paths import CACHE, REQUIREMENTS, ROOT

Fetch = Callable[[str], bytes]
DEFAULT_INDEX = "https://pypi.org/simple"
SERVICES = ROOT / "plugins" / "plugin_utils" / "_data" / "services.json"
CONNECT_SECONDS = 15


class _Links(HTMLParser):
    """The ``href`` of every anchor of an index page."""

    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hrefs += [value for name, value in attrs if tag == "a" and name == "href" and value]


def without_secret(url: str) -> str:
    """The address as it may be shown: no user name, no password."""
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def fetch_url(url: str) -> bytes:
    """Body of an address; credentials in it become the header that urllib does not make by itself."""
    parts = urllib.parse.urlsplit(url)
    request = urllib.request.Request(without_secret(url))
    if parts.username is not None:
        pair = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        request.add_header("Authorization", "Basic " + base64.b64encode(pair.encode()).decode())
    bundle = os.environ.get("PIP_CERT") or os.environ.get("REQUESTS_CA_BUNDLE")
    trust = ssl.create_default_context(cafile=bundle if bundle and Path(bundle).is_file() else None)
    with urllib.request.urlopen(request, timeout=CONNECT_SECONDS, context=trust) as answer:
        body: bytes = answer.read()
    return body


def profile_index(profile: str, services: Path = SERVICES) -> str | None:
    """The package index of a profile (``default``, ``china``), from the collection's one list of services."""
    try:
        profiles = json.loads(services.read_text(encoding="utf-8"))["profiles"]
    except (OSError, ValueError, KeyError):
        return None
    known = profiles.get(profile)
    if known is None:
        names = ", ".join(sorted(profiles))
        raise DevError(f"Cannot use profile '{profile}': there are only {names}. Set GOPHEROPS_PROFILE to one of them.")
    address = known.get("pypi")
    return address if isinstance(address, str) else None


def index_url(env: Mapping[str, str]) -> str:
    """The index that pip would use: its variable, the profile, its configuration files, PyPI."""
    if address := env.get("PIP_INDEX_URL"):
        return address
    profile = env.get("GOPHEROPS_PROFILE", "default")
    if profile != "default" and (address := profile_index(profile)):
        return address
    home = env.get("HOME", "")
    config_home = env.get("XDG_CONFIG_HOME") or f"{home}/.config"
    files = [f"{config_home}/pip/pip.conf", f"{home}/.pip/pip.conf", "/etc/pip.conf"]
    for name in [env["PIP_CONFIG_FILE"]] if env.get("PIP_CONFIG_FILE") else files:
        parser = configparser.RawConfigParser()
        try:
            parser.read(name, encoding="utf-8")
        except configparser.Error:
            continue
        for section in ("install", "global"):
            if address := parser.get(section, "index-url", fallback=None):
                return address
    return DEFAULT_INDEX


def wheel_address(index: str, file: str, fetch: Fetch) -> str:
    """Where the index says that the wheel lies."""
    page = index.rstrip("/") + "/pip/"
    links = _Links()
    links.feed(fetch(page).decode("utf-8", "replace"))
    for href in links.hrefs:
        address = urllib.parse.urljoin(page, href).partition("#")[0]
        if urllib.parse.unquote(address).rpartition("/")[2] == file:
            return _same_login(index, address)
    raise DevError(
        f"Cannot fetch pip '{file}': the index {without_secret(index)} does not list it. "
        "Point PIP_INDEX_URL to a complete index."
    )


def _same_login(index: str, address: str) -> str:
    """Hand the index's credentials to its own host, and to no other."""
    ours, theirs = urllib.parse.urlsplit(index), urllib.parse.urlsplit(address)
    if ours.username is None or ours.hostname != theirs.hostname or theirs.username is not None:
        return address
    return urllib.parse.urlunsplit(theirs._replace(netloc=ours.netloc))


def pip_wheel(
    env: Mapping[str, str],
    version: str | None = None,
    *,
    fetch: Fetch = fetch_url,
    cache: Path = CACHE / "pip",
) -> Path:
    """The pinned wheel of pip, from the cache or the index; its bytes are those that are pinned, or it fails."""
    pins = json.loads((REQUIREMENTS / "pip.json").read_text(encoding="utf-8"))
    version = version or pins["use"]
    if version not in pins["wheels"]:
        raise DevError(f"Cannot fetch pip '{version}': requirements/pip.json has no pin for it. Add one.")
    pin = pins["wheels"][version]
    wheel = cache / str(pin["file"])
    if wheel.is_file() and hashlib.sha256(wheel.read_bytes()).hexdigest() == pin["sha256"]:
        return wheel
    index = index_url(env)
    try:
        body = fetch(wheel_address(index, pin["file"], fetch))
    except (OSError, ValueError, urllib.error.URLError) as error:
        raise DevError(
            f"Cannot fetch pip '{version}' from {without_secret(index)}: {getattr(error, 'reason', error)}. "
            "Look at the network, or set PIP_INDEX_URL to an index that can be reached."
        ) from error
    if hashlib.sha256(body).hexdigest() != pin["sha256"]:
        raise DevError(
            f"Cannot use pip '{version}' from {without_secret(index)}: its SHA-256 is not the pinned one. "
            "Somebody changed it on the way; use another index (PIP_INDEX_URL)."
        )
    cache.mkdir(parents=True, exist_ok=True)
    part = wheel.with_name(f"{wheel.name}.{os.getpid()}")
    part.write_bytes(body)
    part.replace(wheel)
    return wheel
