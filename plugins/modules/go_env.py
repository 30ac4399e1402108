#!/usr/bin/python
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The POSIX half of ``go_env``; the action of the same name validates and runs it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: go_env
short_description: Go's environment for an account or a machine
version_added: 0.1.0
author:
  - The gopherops.workstation maintainers (@gopherops)
description:
  - Writes Go's own env file (the one of C(go env -w)) by one atomic replace, and the environment of the operating
    system through one managed file and one marked line in each shell file.
  - Foreign lines, comments, mode, owner and symbolic links of every file stay as they are.
  - Values are checked by Go's own rules before anything is written.
  - On a PowerShell connection the same action runs M(gopherops.workstation.win_go_env).
extends_documentation_fragment:
  - gopherops.workstation._attributes
options:
  state:
    type: str
    choices: [present, absent]
    default: present
    description:
      - V(absent) takes out what this module put in, and gives back what stood before, byte by byte where nobody has
        changed it since.
  scope:
    type: str
    choices: [user, machine]
    default: user
    description:
      - V(user) writes in the home of the account that runs. Root is refused nothing, but is rarely meant.
      - V(machine) writes below C(/etc) and needs root.
  variables:
    type: dict
    default: {}
    description:
      - Go's variables. In scope V(user) they go to Go's env file.
      - In scope V(machine) they are defaults that each user may override, in a marked block of C($GOROOT/go.env).
      - Any variable that C(go env -w) takes. Quote V("on") and V("off").
  unset:
    type: list
    elements: str
    default: []
    description:
      - Variables to take out of Go's env file and of the shell files of the scope.
      - A shell line is only made a comment when it is understood in full, and O(state=absent) makes it a line again.
  exclusive:
    type: bool
    default: false
    description: Whether variables of Go's env file that are not in O(variables) go.
  repair:
    type: bool
    default: false
    description:
      - Whether a byte order mark and carriage returns, which Go takes as part of names and values, leave Go's env file.
      - A line that is not C(NAME=VALUE), which Go skips without a word, becomes a comment.
  environment:
    type: dict
    default: {}
    description:
      - Variables for the operating system's environment, for what Go cannot read from its file (C(GODEBUG),
        C(HTTPS_PROXY)).
  path:
    type: list
    elements: str
    default: []
    description:
      - Directories that come first on C(PATH), in this order. V(~/) is the home of the account, in scope V(machine) of
        each account.
      - The managed file holds this and O(environment), and what an earlier task put there and this one does not name
        goes. Give both in one task.
  shells:
    type: list
    elements: str
    choices: [sh, bash, zsh, fish, systemd, pam, paths_d, launchd]
    description:
      - Which doors to use. Without it every shell that the host has, and C(environment.d) where systemd is.
      - V(pam) is C(/etc/environment), V(launchd) a LaunchAgent for macOS GUI sessions; both only when named.
  goroot:
    type: path
    description: The Go whose C(go.env) takes the machine's defaults. C(/usr/local/go) without it.
  owner:
    type: str
    description:
      - The account whose environment is meant in scope V(user), where the connection logs on as an administrator.
      - For Windows only, where that account's part of the registry is loaded for the time of the run if need be. On
        other systems become that account instead.
  _plan:
    type: dict
    description: What the controller knows about Go's variables. The action sets it; playbooks do not.
"""

EXAMPLES = r"""
- name: Go of this account comes first, private modules stay private
  gopherops.workstation.go_env:
    path: [~/sdk/go/bin, ~/go/bin]
    variables:
      GOPRIVATE: git.example.com
      GOTOOLCHAIN: local

- name: Every account of this machine finds Go, with the company's proxy as default
  gopherops.workstation.go_env:
    scope: machine
    path: [/usr/local/go/bin, ~/go/bin]
    variables:
      GOPROXY: https://goproxy.example.com,direct
  become: true

- name: Nothing overrides the toolchain any more
  gopherops.workstation.go_env:
    path: [~/sdk/go/bin, ~/go/bin]
    unset: [GOROOT, GOEXPERIMENT]
"""

RETURN = r"""
changes:
  description: What was changed, or in check mode would be.
  type: list
  elements: dict
  returned: success
  sample: [{path: /home/dev/.config/go/env, act: create, what: "GOTOOLCHAIN='local'"}]
env:
  description: The environment as it stands after the run.
  type: dict
  returned: success
  contains:
    file:
      description: Go's env file, or C(go.env) of the machine's Go.
      type: str
    variables:
      description: The variables of that file as Go reads them; credentials in addresses are masked.
      type: dict
    path:
      description: The directories put first on C(PATH).
      type: list
    shell_files:
      description: The files that carry C(PATH) and the environment.
      type: list
    new_terminal:
      description: Whether a terminal or an editor that is open now still has the old environment.
      type: bool
poison:
  description:
    - Lines in shell files and in Go's env file that harm, found by reading how shells assign. Nothing is done about
      them unless O(unset) names them.
  type: list
  elements: dict
  returned: success
  sample:
    - file: /home/dev/.bashrc
      line: 12
      name: GOROOT
      value: /usr/lib/go
      reason: go finds its own root
      recognised: true
path:
  description: The file.
  returned: failure at a file that cannot be read or written
  type: str
  sample: /home/dev/.bashrc
line:
  description: The line where the marker of a block stands alone.
  returned: failure at a torn block
  type: int
  sample: 40
"""

import os
import platform
import pwd
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.process import get_bin_path

from ansible_collections.gopherops.workstation.plugins.module_utils._env._doors import Facts
from ansible_collections.gopherops.workstation.plugins.module_utils._env._run import EnvRun
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_env import ARGUMENT_SPEC


def installed(program: str) -> bool:
    """Whether the host has the program, also where the connection's PATH is short."""
    try:
        get_bin_path(program, opt_dirs=["/usr/local/bin", "/opt/homebrew/bin", "/usr/bin", "/bin"])
    except ValueError:
        return False
    return True


def collect() -> Facts:
    account = pwd.getpwuid(os.getuid())
    # sudo and become may leave another account's HOME in the environment.
    return Facts(platform.system(), account.pw_dir, account.pw_shell, os.environ, installed)


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    params: dict[str, Any] = module.params
    try:
        run = EnvRun(params, collect(), check=module.check_mode)
        result = run.run()
    except WorkstationError as error:
        module.fail_json(**error.as_failure())
    module.exit_json(**result, diff=run.diff())


if __name__ == "__main__":
    main()
