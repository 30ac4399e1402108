# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: writes the reports that were asked for, on the controller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._registry import rules
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._examined import Examined
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._html import as_html
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._json import as_json
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._junit import as_junit
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._markdown import as_markdown
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._sarif import as_sarif

VERSION = "0.1.0"


def rendered(kind: str, hosts: Sequence[Examined]) -> str:
    if kind == "sarif":
        return as_sarif(hosts, rules(), VERSION)
    formats = {"json": as_json, "junit": as_junit, "markdown": as_markdown, "html": as_html}
    return formats[kind](hosts)


def write(paths: Mapping[str, str], hosts: Sequence[Examined], suffix: str = "") -> list[str]:
    """One file for each format; ``suffix`` goes before the file's ending: name-host.html."""
    safe = "".join(char if char.isalnum() or char in "-._" else "_" for char in suffix)
    written = []
    for kind, path in paths.items():
        if not path:
            continue
        target = Path(path)
        target = target.with_name(f"{target.stem}{safe}{target.suffix}")
        try:
            target.write_text(rendered(kind, hosts), encoding="utf-8", errors="replace")
        except OSError as error:
            cause = error.strerror or str(error)
            raise WorkstationError(
                "write", "report", str(target), cause, "Name a file in a folder that exists"
            ) from error
        written.append(str(target))
    return written
