#!/usr/bin/python
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The POSIX half of ``go_caches``; the action of the same name validates and runs it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: go_caches
short_description: Go's caches are there, belong to the developer and work
version_added: 0.1.0
author:
  - The gopherops.workstation maintainers (@gopherops)
description:
  - Finds GOPATH, GOCACHE, GOMODCACHE, GOBIN, GOTMPDIR and the cache of gopls as Go does, makes them, and tries each
    one by creating, writing, renaming, executing and deleting a file as the developer.
  - Refuses a place that breaks Go or that somebody else can take (noexec, a Windows drive, a network filesystem, a
    synchronised folder, a world-writable directory, a full disk).
  - As root with O(owner) it gives entries of others back to the developer. That is all that root does in a home; it
    goes through descriptors, follows no symbolic link and leaves files with a second name alone.
extends_documentation_fragment:
  - gopherops.workstation._attributes
attributes:
  diff_mode:
    support: none
    description: RV(changes) names every change.
options:
  state:
    type: str
    choices: [present, absent]
    default: present
    description:
      - V(absent) removes the directories that this module made and that are empty. Content is the developer's;
        C(go clean) removes it.
  places:
    type: list
    elements: str
    choices: [gopath, gocache, gomodcache, gobin, gotmpdir, gopls]
    default: [gopath, gocache, gomodcache, gobin, gotmpdir, gopls]
    description:
      - Which places. A temporary directory that nobody has named is the system's and only tried out.
  paths:
    type: dict
    default: {}
    description:
      - Other paths for some places. Go has to be told too, by option O(gopherops.workstation.go_env#module:variables).
  variables:
    type: dict
    default: {}
    description:
      - What Go's env file will hold by the time the places are used, if it does not yet. A check on a fresh machine
        looks at the places of then, by the C(env.variables) that M(gopherops.workstation.go_env) returns.
  owner:
    type: str
    description:
      - The developer. The account that runs without it; another account than that takes root.
  policy:
    type: str
    choices: [private, shared]
    default: private
    description:
      - V(private) makes directories that only the developer can enter, V(shared) such that the members of O(group)
        can use together, by the setgid bit and a default ACL where the filesystem has them.
      - The content of the module cache stays read-only in both.
  group:
    type: str
    description: The group of the entries. The primary group of the developer without it.
  mode:
    type: str
    description: Mode of a place that is made. V(0700) without it, V(2770) for O(policy=shared).
  move:
    type: bool
    default: false
    description:
      - Whether the content of Go's default place goes along to a place that is named otherwise and is still empty, by
        one rename where both are on one filesystem. O(state=absent) does not bring it back.
      - A GOPATH never moves, because it holds the developer's own source.
  repair:
    type: bool
    default: true
    description:
      - Whether wrong owners, groups and modes of what is there are mended. Owners take root.
      - Where SELinux is on, labels are restored as well, by C(restorecon) as the developer.
  accept:
    type: list
    elements: str
    choices: [noexec, drvfs, network, synced, tmp, space]
    default: []
    description: Which doubts about a place are only returned and do not refuse it.
  min_free_mib:
    type: int
    default: 1024
    description: Below so much free space a place is refused.
  min_free_inodes:
    type: int
    default: 10000
    description: Below so many free inodes a place is refused, where the filesystem counts them.
"""

EXAMPLES = r"""
- name: My caches are there and work
  gopherops.workstation.go_caches:

- name: Give a developer back what a go command under sudo left behind
  gopherops.workstation.go_caches:
    owner: ada
  become: true

- name: The module cache on the big disk, with what is in it
  gopherops.workstation.go_caches:
    paths:
      gomodcache: /data/ada/mod
    move: true

- name: One module cache for the whole team
  gopherops.workstation.go_caches:
    places: [gomodcache]
    paths:
      gomodcache: /srv/go/mod
    policy: shared
    group: gophers
"""

RETURN = r"""
changes:
  description: What was changed, or in check mode would be.
  type: list
  elements: dict
  returned: success
  sample: [{path: /home/dev/.cache/go-build, act: owner, what: "812 of 4041 entries given to dev: ..."}]
places:
  description: The places as they stand after the run.
  type: list
  elements: dict
  returned: success
  contains:
    name:
      description: Which place.
      type: str
    path:
      description: Where it is.
      type: str
    fstype:
      description: The filesystem that holds it.
      type: str
    options:
      description: Its mount options.
      type: list
    writable:
      description: Whether the developer can work in it.
      type: bool
    owner:
      description: Who owns the directory.
      type: str
    free_bytes:
      description: The space that the developer can still use; null where Windows does not tell.
      type: int
    repaired:
      description: How many entries were mended.
      type: int
    doubts:
      description: What speaks against the place and was accepted, kind and reason.
      type: dict
"""

import grp
import os
import platform
import pwd
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.gopherops.workstation.plugins.module_utils._caches import _mounts
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._run import CachesRun, Host
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_caches import SPEC


def developer(name: str | None) -> pwd.struct_passwd:
    try:
        account = pwd.getpwnam(name) if name else pwd.getpwuid(os.getuid())
    except KeyError as error:
        raise WorkstationError(
            "find",
            "account",
            name or str(os.getuid()),
            "this host does not know it",
            "Name an existing account as owner",
        ) from error
    if account.pw_uid != os.getuid() and os.geteuid() != 0:
        raise WorkstationError(
            "act as", "account", account.pw_name, "only root can act for somebody else", "Set become: true"
        )
    if not os.path.isdir(account.pw_dir):
        raise WorkstationError(
            "use", "home", account.pw_dir, f"account '{account.pw_name}' has no such directory", "Make the home first"
        )
    return account


def group_id(name: str | None, account: pwd.struct_passwd) -> int:
    try:
        return grp.getgrnam(name).gr_gid if name else account.pw_gid
    except KeyError as error:
        raise WorkstationError(
            "find", "group", str(name), "this host does not know it", "Name an existing group"
        ) from error


def host_of(module: AnsibleModule) -> Host:
    def mounts() -> list[_mounts.Mount]:
        if os.path.exists("/proc/self/mountinfo"):
            with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as stream:
                return _mounts.parse_mountinfo(stream.read())
        return _mounts.parse_mount_command(module.run_command(["mount"])[1])

    def relabel(path: str, deep: bool, check: bool) -> tuple[int, str]:
        words = [*restorecon, "-v", *(["-R"] if deep else []), *(["-n"] if check else []), path]
        status, stdout, stderr = module.run_command(words)
        return status, stdout + stderr

    found = module.get_bin_path("restorecon") if module.selinux_enabled() else None
    restorecon = [found] if found else []

    def execute(program: str) -> int:
        try:
            status: int = module.run_command([program], handle_exceptions=False)[0]
        except OSError:
            return 126
        return status

    return Host(platform.system(), mounts, execute, os.environ, relabel if restorecon else None)


def main() -> None:
    module = AnsibleModule(supports_check_mode=True, **SPEC)
    params: dict[str, Any] = module.params
    try:
        account = developer(params["owner"])
        run = CachesRun(params, account, group_id(params["group"], account), host_of(module), check=module.check_mode)
        result = run.run()
    except WorkstationError as error:
        module.fail_json(**error.as_failure())
    for warning in result.pop("warnings"):
        module.warn(warning)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
