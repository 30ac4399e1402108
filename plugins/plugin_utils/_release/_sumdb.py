# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: ask the Go checksum database, through a module proxy, for a tree's h1."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ansible.module_utils.urls import open_url

from ansible_collections.gopherops.workstation.plugins.module_utils._dirhash import module_prefix
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._network import Network, SourceError


def look_up(version: str, platform: str, services: Mapping[str, str]) -> str | None:
    """The published h1; nothing where the database has no such release."""
    module = module_prefix(version, platform).rstrip("/")
    url = f"{services['proxy'].rstrip('/')}/sumdb/{services['sumdb']}/lookup/{module}"
    try:
        _url, text = Network(open_url).page(url, 64 << 10)
    except SourceError as error:
        if "answered 404" in str(error) or "answered 410" in str(error):
            return None
        raise WorkstationError(
            "fetch the checksum of", "Go", f"{version} for {platform}", f"{url} {error}", "Give the value itself"
        ) from error
    pattern = rf"^{re.escape(module.replace('@', ' '))} (h1:[A-Za-z0-9+/]{{43}}=)$"
    found = re.search(pattern, text.decode("utf-8", "replace"), re.MULTILINE)
    return found.group(1) if found else None
