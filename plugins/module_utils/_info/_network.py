# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: F9, whether Go itself can fetch modules, and whether the clock is right."""

from __future__ import annotations

import email.utils
import os
import re
import shutil
import ssl
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

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
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    begin = time.time()
    try:
        request = urllib.request.Request(address.strip(), method="HEAD")
        with urllib.request.urlopen(request, timeout=10, context=context) as answer:
            date = answer.headers.get("Date")
    except urllib.error.HTTPError as error:
        date = error.headers.get("Date")
    except (OSError, ValueError) as error:
        return {**facts, "error": scrub(str(error))[:200]}
    parsed = email.utils.parsedate_to_datetime(date) if date else None
    if parsed:
        facts["skew"] = round((begin + time.time()) / 2 - parsed.timestamp(), 1)
    return facts
