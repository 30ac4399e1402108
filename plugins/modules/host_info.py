#!/usr/bin/python
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What kind of machine this is, for the roles that provision whole machines."""

from __future__ import annotations

DOCUMENTATION = r"""
module: host_info
version_added: 0.1.0
short_description: Tell Linux, WSL2, WSL1, macOS and Windows apart, for sure
description:
  - Concludes from several signs, since each alone is wrong somewhere. The kernel's name, WSL's interop registration and
    sockets, the root filesystem, and the marks that container engines leave.
  - A container that runs inside WSL2 is told from WSL2 itself, and WSL1 from WSL2.
  - On macOS the processor is asked, not the process, so that Rosetta hides nothing; no dialog is ever opened.
  - Windows is known by its connection. There the module gathers Ansible's smallest set of facts, as
    C(ansible.builtin.setup) does with C(gather_subset=min).
  - Nothing is changed.
extends_documentation_fragment:
  - gopherops.workstation._attributes
attributes:
  diff_mode:
    support: none
    description: There is nothing to compare, since nothing changes.
  platform:
    platforms: all
options:
  windows:
    description:
      - On WSL2, also ask Windows for its clock, its proxy and the account's folder.
        This starts PowerShell once, about a second.
    type: bool
    default: false
  go_version:
    description:
      - Also say whether this system is new enough for this Go, as M(gopherops.workstation.go_sdk) takes versions.
        Empty means do not.
    type: str
    default: ""
  developer:
    description:
      - The account whose machine it is to be. Empty means who called C(sudo), else the account that looks.
    type: str
    default: ""
author:
  - The gopherops.workstation maintainers (@gopherops)
"""

EXAMPLES = r"""
- name: See what this is
  gopherops.workstation.host_info:
  register: host_info_result

- name: Say it
  ansible.builtin.debug:
    msg: "{{ host_info_result.host.system }} because {{ host_info_result.host.why | join(', ') }}"
"""

RETURN = r"""
ansible_facts:
  description: The facts of that set.
  returned: on Windows
  type: dict
changes:
  description: Always empty.
  returned: success
  type: list
  elements: dict
host:
  description: The conclusion and what the roles decide by.
  returned: success
  type: dict
  contains:
    system:
      description: V(linux), V(wsl2), V(wsl1), V(macos) or V(windows).
      type: str
    container:
      description: Kind of container, empty for none.
      type: str
    why:
      description: The signs that led to the conclusion.
      type: list
      elements: str
    account:
      description:
        - V(name) of the account that looked, and V(sudo_user), who called C(sudo), empty for nobody.
        - V(developer), whose machine it is, and its V(home), empty where there is none. That is O(developer),
          else V(sudo_user) where root looked, since C(sudo) means that person's machine and not root's, else V(name).
        - On Windows V(sudo_user) and V(home) are empty.
      type: dict
    release:
      description: Version of macOS, or release of the kernel.
      type: str
    floor:
      description: With O(go_version), V(go) (the version), V(needs) (the oldest system) and V(met).
      type: dict
    linux:
      description:
        - On Linux and WSL, V(distribution), V(immutable) (why packages cannot be installed, else empty), V(tmp_noexec),
          V(systemd), V(selinux), V(apparmor), V(inotify).
      type: dict
    wsl:
      description:
        - On WSL2, V(distribution), V(interop), V(systemd), V(drives), V(powershell), V(gos), V(code), V(dns),
          V(proxied) (the account's environment names a proxy) and V(windows). On WSL1, V(distribution) alone.
      type: dict
    macos:
      description:
        - On macOS, V(version), V(arch), V(translated), V(command_line_tools), V(brews), V(maxfiles), V(shell).
      type: dict
"""

import os
import pwd
from dataclasses import asdict
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.gopherops.workstation.plugins.module_utils._changes import changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._host import _kind, _macos, _wsl
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import run
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.host_info import SPEC


def look(place: Place, release: str, machine: str, *, ask_windows: bool) -> dict[str, Any]:
    empty: dict[str, Any] = {"linux": {}, "wsl": {}, "macos": {}, "floor": {}}
    if place.system == "Darwin":
        kind = _kind.Kind("macos", "", [f"Darwin {release}"])
        macos = _macos.collect_macos(place, machine)
        return {**empty, **asdict(kind), "release": macos["version"], "macos": macos}
    kind = _kind.conclude(_kind.signs(place, release))
    wsl = {"distribution": place.environ.get("WSL_DISTRO_NAME", "")} if kind.system == "wsl1" else {}
    if kind.system == "wsl2":
        wsl = _wsl.collect_wsl(place, ask_windows=ask_windows)
    linux = _kind.collect_linux(place)
    return {**empty, **asdict(kind), "release": release, "linux": linux, "wsl": wsl}


def account(name: str, sudo_user: str, named: str) -> dict[str, str]:
    developer = named or (sudo_user if name == "root" else "") or name
    try:
        home = pwd.getpwnam(developer).pw_dir
    except KeyError:
        home = ""
    return {"name": name, "sudo_user": sudo_user, "developer": developer, "home": home}


def _here() -> Place:
    uid = os.geteuid()
    try:
        entry = pwd.getpwuid(uid)
        user, home, shell = entry.pw_name, entry.pw_dir, entry.pw_shell
    except KeyError:  # a container started with --user
        user, home, shell = str(uid), "/", "/bin/sh"
    return Place(run, dict(os.environ), os.uname().sysname, user, uid, home, shell, "/")


def main() -> None:
    module = AnsibleModule(supports_check_mode=True, **SPEC)
    name = os.uname()
    place = _here()
    host = look(place, name.release, name.machine, ask_windows=module.params["windows"])
    host["account"] = account(place.user, place.environ.get("SUDO_USER", ""), module.params["developer"])
    module.exit_json(host=host, **changes_result([]))


if __name__ == "__main__":
    main()
