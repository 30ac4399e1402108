# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose machine it is: sudo means the one who called it, a name that was given means that one."""

from __future__ import annotations

import os
import pwd

import pytest

from ansible_collections.gopherops.workstation.plugins.modules.host_info import account

ME = pwd.getpwuid(os.getuid())


@pytest.mark.parametrize(
    ("name", "sudo_user", "named", "developer"),
    [
        ("dev", "", "", "dev"),
        ("root", "dev", "", "dev"),
        ("root", "", "", "root"),
        ("ci", "dev", "", "ci"),  # sudo -u ci: the machine of ci
        ("root", "dev", "ann", "ann"),
        ("dev", "", "root", "root"),
    ],
)
def test_the_developer_is_named_or_called_sudo_or_looks(name: str, sudo_user: str, named: str, developer: str) -> None:
    assert account(name, sudo_user, named)["developer"] == developer


def test_the_home_is_the_developers_and_empty_where_there_is_no_such_account() -> None:
    assert account("nobody-here", "", ME.pw_name)["home"] == ME.pw_dir
    assert account(ME.pw_name, "", "nobody-here")["home"] == ""
