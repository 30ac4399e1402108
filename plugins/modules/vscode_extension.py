#!/usr/bin/python
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The POSIX half of ``vscode_extension``: finds the folders of extensions of this machine and fills them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vscode_extension
short_description: Install extensions of VS Code and its relatives, exactly and verifiably
version_added: 0.1.0
description:
  - Brings extensions to an exact version, or removes them, and believes only what is on disk. The command line of
    VS Code ends with success where it has done nothing.
  - A C(.vsix) is unpacked by this module itself, without an editor, a marketplace or a network. Everything else is
    fetched by the product's own command line.
  - An extension with an exact version is marked so that the editor does not update it.
  - Refuses before it acts where a company's policy would disable the extension.
extends_documentation_fragment:
  - gopherops.workstation._attributes
attributes:
  diff_mode:
    support: none
    description: RV(changes) names every change.
options:
  extensions:
    description: The extensions to manage.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Publisher and name, as in C(golang.go).
        type: str
        required: true
      version:
        description:
          - The exact version. Any version counts as present when left out, unless a C(.vsix) that is a file says which.
          - Give it with a URL too, so that a newer package is fetched where an older one is there.
        type: str
      vsix:
        description:
          - A package to install from. A path on the controller, a path on the target with O(extensions[].remote_src),
            or a URL with O(extensions[].sha256).
        type: str
      sha256:
        description: The SHA-256 of the package. Required for a URL.
        type: str
      remote_src:
        description: Whether O(extensions[].vsix) is a path on the target.
        type: bool
        default: false
      pre_release:
        description: Take the pre-release channel of the marketplace.
        type: bool
        default: false
      state:
        description: Whether the extension is to be there.
        type: str
        choices: [present, absent]
        default: present
  products:
    description:
      - The products whose extensions are managed. V(auto) means those that are installed.
      - Where none is installed and every extension comes as a C(.vsix), V(auto) prepares the folder of Code.
    type: list
    elements: str
    choices: [auto, all, code, insiders, vscodium, cursor, windsurf, code-server]
    default: [auto]
  servers:
    description: Also manage the servers that editors have put on this machine for remote work. They take packages only.
    type: bool
    default: false
  extensions_dir:
    description: What the editor is started with as C(--extensions-dir).
    type: str
  _plan:
    description: What the controller decided. The action plugin fills it in; a task never does.
    type: dict
author:
  - The gopherops.workstation maintainers (@gopherops)
"""

EXAMPLES = r"""
- name: Have the Go extension in exactly this version
  gopherops.workstation.vscode_extension:
    extensions:
      - name: golang.go
        version: 0.56.0

- name: Install a package that the controller holds, where there is no network
  gopherops.workstation.vscode_extension:
    extensions:
      - name: golang.go
        vsix: files/golang.go-0.56.0.vsix

- name: Remove an extension from desktop editors and remote servers
  gopherops.workstation.vscode_extension:
    servers: true
    extensions:
      - name: ms-vscode.go
        state: absent
"""

RETURN = r"""
changes:
  description: What was changed, or in check mode would be.
  returned: success
  type: list
  elements: dict
  sample:
    - path: /home/ada/.vscode/extensions
      act: install
      what: 'golang.go: 0.54.0 -> 0.56.0'
extensions:
  description: Every extension in every product, as it is after the run.
  returned: success
  type: list
  elements: dict
  sample:
    - name: golang.go
      product: code
      act: install
      version: 0.56.0
      path: /home/ada/.vscode/extensions/golang.go-0.56.0
      pinned: true
rc:
  description: The exit status of the editor's command line.
  returned: failure of the editor's command line
  type: int
  sample: 1
output:
  description: What it said.
  returned: failure of the editor's command line
  type: str
  sample: Failed Installing Extensions golang.go
"""

import os

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.urls import open_url

from ansible_collections.gopherops.workstation.plugins.module_utils._changes import changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.vscode_extension import SPEC
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._disk import not_for_others, this_system
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._fetch import packages
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._homes import (
    homes,
    missing_packages,
    target_platform,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._install import Installer


def main() -> None:
    module = AnsibleModule(supports_check_mode=True, **SPEC)
    options, plan = module.params, module.params["_plan"]
    if not plan:
        module.fail_json(
            msg="Cannot run module 'vscode_extension' by hand: the controller decides first. Use it as a task."
        )

    def run(command: list[str], environment: dict[str, str]) -> tuple[int, str]:
        limit = module.get_bin_path("timeout")
        limited = [limit, "--kill-after=10", "600", *command] if limit else command
        status, out, err = module.run_command(limited, data="", environ_update=environment)
        return status, out + err

    system = this_system()
    try:
        found = homes(system, plan["products"], options)
        wanted = packages(options["extensions"], plan["files"], module.tmpdir, open_url)
        needed = [] if module.check_mode else missing_packages(found, wanted, options, plan)
        if needed:
            module.exit_json(changed=False, changes=[], extensions=[], needs=needed)
        for home in found:
            not_for_others(home.folder)
        installer = Installer(run, target_platform(system.name, os.uname().machine), module.check_mode)
        result = installer.apply(found, wanted)
    except WorkstationError as error:
        module.fail_json(**error.as_failure())
    module.exit_json(**changes_result(result.changes), extensions=result.extensions)


if __name__ == "__main__":
    main()
