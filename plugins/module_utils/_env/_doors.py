# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: which files of which shells carry the environment, decided by facts about the host.

Who reads what (bash(1), zsh(1), fish(1), environment.d(5)): a login sh, dash or bash reads ~/.profile, bash only
where no ~/.bash_profile or ~/.bash_login stands; an interactive bash, and one that sshd starts for a command, reads
~/.bashrc; every zsh reads .zshenv; every fish reads conf.d; systemd --user reads environment.d.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.gopherops.workstation.plugins.module_utils import _envfile
from ansible_collections.gopherops.workstation.plugins.module_utils._env import _render

SHELLS = ("sh", "bash", "zsh", "fish", "systemd")
"""The doors that are used where they apply; the others only when asked for."""


@dataclass(frozen=True)
class Facts:
    """What is known of the host and the account."""

    system: str
    home: str
    login_shell: str
    environ: Mapping[str, str]
    has: Callable[[str], bool]
    """Whether a program is installed."""
    root: str = ""
    """In front of every machine path; tests use it."""

    def exists(self, path: str) -> bool:
        return os.path.lexists(path)

    @property
    def config_home(self) -> str:
        return _envfile.config_home(self.environ, self.home)

    @property
    def systemd(self) -> bool:
        places = ("/lib/systemd/systemd", "/usr/lib/systemd/systemd")
        return self.system == "Linux" and any(self.exists(self.root + place) for place in places)


@dataclass(frozen=True)
class Door:
    """One file: wholly ours (``content``) or somebody's with a hook in it (``hook``); not wanted means cleaned."""

    path: str
    wanted: bool
    content: bytes | None = None
    hook: Sequence[bytes] = ()
    mode: int = 0o644
    bare: bool = False
    """Its format has no comments, so that its name alone says whose it is."""

    @property
    def managed(self) -> bool:
        return not self.hook


@dataclass(frozen=True)
class Wish:
    """What shall be in the environment and through which doors."""

    path: Sequence[str]
    environment: Mapping[str, str]
    shells: Sequence[str] | None

    def __bool__(self) -> bool:
        return bool(self.path or self.environment)

    def asks(self, shell: str, *, applies: bool) -> bool:
        if not self:
            return False
        return applies and shell in SHELLS if self.shells is None else shell in self.shells


def user_folder(facts: Facts) -> str:
    return os.path.join(facts.home, ".config", "gopherops")


def machine_folder(facts: Facts) -> str:
    return facts.root + "/etc/gopherops"


def user_doors(facts: Facts, wish: Wish) -> list[Door]:
    """Every file of the account that may carry something of ours."""
    home, config = facts.home, facts.config_home
    path = [_render.expand(directory, home) for directory in wish.path]
    sh = wish.asks("sh", applies=True)
    bash = wish.asks("bash", applies=facts.has("bash"))
    zsh = wish.asks("zsh", applies=_in_use(facts, "zsh", (".zshenv", ".zshrc", ".zprofile")))
    fish = wish.asks("fish", applies=_in_use(facts, "fish", (".config/fish",)))
    managed = os.path.join(user_folder(facts), "env.sh")
    line = _render.hook("~/.config/gopherops/env.sh")
    # bash reads only the first of these three; making one would hide the user's own from it.
    login = [name for name in (".bash_profile", ".bash_login") if facts.exists(os.path.join(home, name))]

    def hook(name: str, wanted: bool) -> Door:
        return Door(os.path.join(home, name), wanted, hook=line)

    return [
        Door(managed, sh or bash or zsh, _render.shell_file(path, wish.environment)),
        hook(".profile", sh or bash),
        hook(".bash_profile", bash and login[:1] == [".bash_profile"]),
        hook(".bash_login", bash and login[:1] == [".bash_login"]),
        hook(".bashrc", bash),
        hook(".zshenv", zsh),
        # path_helper of macOS reorders PATH in /etc/zprofile, behind .zshenv.
        hook(".zprofile", zsh and (facts.system == "Darwin" or facts.exists(os.path.join(home, ".zprofile")))),
        Door(f"{config}/fish/conf.d/gopherops.fish", fish, _render.fish_file(path, wish.environment)),
        Door(
            f"{config}/environment.d/50-gopherops.conf",
            wish.asks("systemd", applies=facts.systemd),
            _render.systemd_file(path, wish.environment),
        ),
        Door(
            os.path.join(home, "Library", "LaunchAgents", "gopherops.workstation.env.plist"),
            facts.system == "Darwin" and wish.asks("launchd", applies=False),
            _render.launch_agent("gopherops.workstation.env", path, wish.environment),
        ),
    ]


def machine_doors(facts: Facts, wish: Wish) -> list[Door]:
    """Every file of the machine that may carry something of ours."""
    etc, mac = facts.root + "/etc", facts.system == "Darwin"
    sh = wish.asks("sh", applies=True)
    bash = wish.asks("bash", applies=facts.has("bash"))
    zsh = wish.asks("zsh", applies=facts.has("zsh"))
    fish = wish.asks("fish", applies=facts.has("fish"))
    text = _render.shell_file(wish.path, wish.environment)
    # The profile of macOS does not read profile.d.
    managed = f"{etc}/gopherops/env.sh" if mac else f"{etc}/profile.d/gopherops.sh"
    zshenv = f"{etc}/zsh/zshenv" if facts.exists(f"{etc}/zsh") else f"{etc}/zshenv"
    line = _render.hook(managed[len(facts.root) :])
    return [
        Door(managed, sh or bash or zsh, text),
        Door(f"{etc}/profile", mac and (sh or bash), hook=line),
        # Read by interactive shells and for commands over ssh. Fedora has none: its /etc/bashrc reads profile.d.
        Door(f"{etc}/bash.bashrc", bash and not mac and facts.exists(f"{etc}/bash.bashrc"), hook=line),
        Door(zshenv, zsh, hook=line),
        Door(f"{etc}/zprofile", mac and zsh, hook=line),
        Door(f"{etc}/fish/conf.d/gopherops.fish", fish, _render.fish_file(wish.path, wish.environment)),
        Door(
            f"{etc}/environment.d/50-gopherops.conf",
            wish.asks("systemd", applies=facts.systemd),
            _render.systemd_file(wish.path, wish.environment),
        ),
        Door(
            f"{etc}/paths.d/gopherops",
            mac and bool(wish.path) and (wish.shells is None or "paths_d" in wish.shells),
            _render.paths_d_file(wish.path),
            bare=True,
        ),
        Door(f"{etc}/environment", wish.asks("pam", applies=False), hook=[b"pam"]),
    ]


def _in_use(facts: Facts, shell: str, traces: Sequence[str]) -> bool:
    return (
        facts.has(shell)
        or os.path.basename(facts.login_shell) == shell
        or any(facts.exists(os.path.join(facts.home, trace)) for trace in traces)
    )
