# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the examination for programs. Its schema is docs/doctor-report.schema.json."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._clean import cleaned
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._examined import SCHEMA, Examined


def as_json(hosts: Sequence[Examined]) -> str:
    """Sorted keys, one host after the other."""
    document = {"schema": SCHEMA, "hosts": [_host(one) for one in hosts]}
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def _host(one: Examined) -> dict[str, Any]:
    return {
        "host": cleaned(one.host),
        "when": one.when,
        "state": one.state,
        "proof": one.proof,
        "functional": cleaned(dict(one.functional)),
        "verdicts": [cleaned(asdict(verdict)) for verdict in one.verdicts],
    }
