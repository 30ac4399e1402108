# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: rules about variables that Go reads."""

from __future__ import annotations

import posixpath

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    WARNING,
    Finding,
    Policy,
    Unknown,
    rule,
)


def login_path(facts: Facts) -> list[str]:
    """PATH as the login shell makes it; without its answer nothing can be said about PATH."""
    if facts.text("env", "login_shell", "state") != "ok":
        raise Unknown(f"the login shell did not tell its environment ({facts.text('env', 'login_shell', 'state')})")
    return facts.text("env", "login", "PATH").split(":")


def bin_dir(facts: Facts) -> str:
    """Where ``go install`` puts programs: GOBIN, which is empty before Go 1.27 unless set, else GOPATH/bin."""
    return facts.text("dirs", "GOBIN", "path")


@rule(
    "GD014",
    "The folder of go install is not on PATH",
    WARNING,
    needs=("dirs.GOBIN", "env.login"),
    cause="Programs that go install builds land in a folder that the shell does not search.",
    remedy="Add the folder to PATH.",
    mended_by="go_env",
    fact_ids=("F1", "F3"),
)
def bin_not_on_path(facts: Facts, policy: Policy) -> Finding | None:
    wanted = {bin_dir(facts), facts.text("dirs", "GOBIN", "real")} - {""}
    path = {posixpath.normpath(one) for one in login_path(facts) if one}
    if not wanted or path & {posixpath.normpath(one) for one in wanted}:
        return None
    return Finding(
        [f"{bin_dir(facts)} is not in the login shell's PATH"], command=f'export PATH="$PATH:{bin_dir(facts)}"'
    )
