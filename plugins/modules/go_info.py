#!/usr/bin/python
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gathers facts about Go, its tools and the editor for the account that runs it. Changes nothing."""

from __future__ import annotations

DOCUMENTATION = r"""
module: go_info
version_added: 0.1.0
short_description: Gather raw facts about a Go developer's machine
description:
  - Looks at the machine as the developer and the editor see it. It asks the login shell for its environment,
    every C(go) for its version and Go for its variables, reads what Go wrote into the tools and the editor's settings,
    and tries the directories by writing to them.
  - It changes nothing and judges nothing; M(gopherops.workstation.go_doctor) does the judging.
  - Probes have deadlines. What could not be found out is missing from RV(info) and named in RV(info.errors).
  - Values of variables are reported for a fixed list of names only, and credentials in addresses are blanked.
extends_documentation_fragment:
  - gopherops.workstation._attributes
attributes:
  diff_mode:
    support: none
    description: There is nothing to compare, since nothing changes.
options:
  go:
    description: The C(go) command to look at. Empty means the one that the editor's Go extension would take.
    type: str
    default: ""
  gopls:
    description: The C(gopls) to look at. Empty means the one that the editor's Go extension would start.
    type: str
    default: ""
  workspaces:
    description: Directories with the developer's own code to look at as well. Nothing is written there.
    type: list
    elements: str
    default: []
  network:
    description: Also ask the module proxy for a module, as Go would, and compare its clock.
    type: bool
    default: false
  _plan:
    description: Internal. What the controller sends along; it is not yours to set.
    type: dict
notes:
  - Run it as the developer. In somebody else's home root is refused, because Go would leave root's files there.
seealso:
  - module: gopherops.workstation.go_doctor
author:
  - The gopherops.workstation maintainers (@gopherops)
"""

EXAMPLES = r"""
- name: Look at the developer's Go
  gopherops.workstation.go_info:
  register: look

- name: Show which Go the editor uses
  ansible.builtin.debug:
    msg: "{{ look.info.go.path }} is {{ look.info.go.version }}"
"""

RETURN = r"""
changes:
  description: Always empty.
  returned: success
  type: list
  elements: dict
info:
  description: The facts.
  returned: success
  type: dict
  contains:
    schema:
      description: Version of this structure. It grows by one when a key changes its meaning.
      type: int
    errors:
      description: Parts that could not be collected, with the cause.
      type: dict
    seconds:
      description: How long the look took.
      type: float
      returned: not on Windows
    user:
      description: The account, with C(name), C(uid), C(gid), C(groups), C(home), C(shell) and others.
      type: dict
    os:
      description: System, kernel, WSL and container, C library, limits.
      type: dict
    env:
      description: Variables of this process, of the login shell and, on macOS, of launchd; how asking the shell went.
      type: dict
    gos:
      description: Every C(go) found, those on PATH first, with path, real path, version and error.
      type: list
      elements: dict
    go:
      description: The C(go) that counts, by which door it was found, and what C(go env) says.
      type: dict
      returned: when there is a Go
    files:
      description: Go's env file and every GOROOT that is named somewhere.
      type: dict
      returned: not on Windows
    tools:
      description: For C(gopls) and C(dlv) every candidate in the extension's order with its build information.
      type: dict
      returned: not on Windows
    dirs:
      description: Caches, temporary directory and workspaces, with owner, mode, file system, space and a write probe.
      type: dict
    editor:
      description: Editors with their settings about Go and the versions of the Go extension.
      type: dict
      returned: not on Windows
    programs:
      description: Compilers and git on PATH.
      type: dict
    workspaces:
      description: What Go and git say about each of the workspaces.
      type: list
      elements: dict
      returned: not on Windows
    windows:
      description: Paths of the registry, long paths, Defender's exclusions, Smart App Control and what else guards.
      type: dict
      returned: on Windows
    network:
      description: Whether Go can fetch modules, and the clock of the proxy.
      type: dict
      returned: O(network=true)
"""

import os

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.gopherops.workstation.plugins.module_utils._changes import changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._info._collect import Collection, visit
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_info import ARGUMENT_SPEC


def main() -> None:
    module = AnsibleModule(argument_spec={**ARGUMENT_SPEC, "_plan": {"type": "dict"}}, supports_check_mode=True)
    try:
        with visit(os.environ) as place:
            info = Collection(place, module.params).gather()
    except WorkstationError as error:
        module.fail_json(**error.as_failure())
    module.exit_json(info=info, **changes_result([]))


if __name__ == "__main__":
    main()
