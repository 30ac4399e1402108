# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: one host's examination, as every report format takes it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._judge import findings
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import Verdict
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._clean import clean

SCHEMA = "gopherops.workstation/doctor/1"


def now() -> str:
    """The moment, as ``Examined.when`` has it."""
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Examined:
    """What was found on one host."""

    host: str
    when: str  # ISO 8601, UTC
    verdicts: Sequence[Verdict]
    functional: Mapping[str, Any]
    info: Mapping[str, Any]

    @property
    def findings(self) -> list[Verdict]:
        return findings(self.verdicts)

    @property
    def proof(self) -> str:
        """passed, failed, or unknown: what did not run is neither."""
        passed = self.functional.get("passed")
        return "passed" if passed is True else "failed" if passed is False else "unknown"

    @property
    def state(self) -> str:
        """The worst of everything."""
        worst = self.findings[0].severity if self.findings else ""
        if self.proof == "failed" or worst == "error":
            return "error"
        return worst or ("ok" if self.proof == "passed" else "unknown")

    def summary(self) -> str:
        facts = Facts(self.info)
        gopls = next(iter(facts.items("tools", "gopls", "found")), Facts({}))
        parts = [
            facts.text("go", "version"),
            f"gopls {gopls.text('version')}".strip(),
            facts.text("os", "distribution"),
        ]
        return clean(", ".join(one for one in parts if one and one != "gopls"), 200)
