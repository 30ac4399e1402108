# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: F9, whether Go itself can fetch modules, and whether the clock is right."""

from __future__ import annotations

import email.utils
import os
import re
import shutil
import tempfile
import time
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError

from ansible.module_utils.urls import open_url

from ansible_collections.gopherops.workstation.plugins.module_utils._info._gos import quiet
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place
from ansible_collections.gopherops.workstation.plugins.module_utils._info._words import excerpt, scrub

SECONDS = 20.0
MODULE, VERSION = "golang.org/x/text", "v0.14.0"


def collect_network(place: Place, env: Mapping[str, str], go: Mapping[str, Any]) -> dict[str, Any]:
    """Asks with the go command, whose roots and proxies are those that count, in a module cache that is thrown away."""
    folder = tempfile.mkdtemp(prefix="gopherops-net-", dir=place.empty)
    try:
        with open(os.path.join(folder, "go.mod"), "w", encoding="utf-8") as stream:
            stream.write("module gopherops.example/network\n")
        asked = {
            **quiet(place, env),
            "GOPATH": os.path.join(folder, "path"),  # the checksum database's state
            "GOMODCACHE": os.path.join(folder, "cache"),
            "GOFLAGS": "-mod=mod -modcacherw",
            "GOWORK": "off",
        }
        latest = place.run([str(go["path"]), "list", "-m", f"{MODULE}@latest"], asked, folder, SECONDS, b"")
        fetched = place.run([str(go["path"]), "mod", "download", f"{MODULE}@{VERSION}"], asked, folder, SECONDS, b"")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    proxy = env.get("GOPROXY") or (go.get("env") or {}).get("GOPROXY", "")
    return {
        "latest": {"rc": latest.rc, "seconds": round(latest.seconds, 3), "error": excerpt(latest.err, 6)},
        "download": {"rc": fetched.rc, "seconds": round(fetched.seconds, 3), "error": excerpt(fetched.err, 6)},
        "dates": [_date(one) for one in re.split(r"[,|]", proxy) if one.strip().startswith(("http://", "https://"))][
            :3
        ],
    }


def _date(address: str) -> dict[str, Any]:
    """The server's clock against ours. The certificate is not judged here: go's own answer above judges it."""
    facts: dict[str, Any] = {"address": scrub(address.strip()), "skew": None, "error": ""}
    begin = time.time()
    try:
        headers = open_url(address.strip(), method="HEAD", timeout=10, validate_certs=False).headers
    except HTTPError as error:
        headers = error.headers
    except (OSError, ValueError) as error:
        return {**facts, "error": scrub(str(error))[:200]}
    try:
        date = email.utils.parsedate_to_datetime(headers.get("Date") or "")
    except (TypeError, ValueError):  # no date, or none that can be read
        return facts
    facts["skew"] = round((begin + time.time()) / 2 - date.timestamp(), 1)
    return facts
