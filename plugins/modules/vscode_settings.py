#!/usr/bin/python
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The POSIX half of ``vscode_settings``: finds the files of this machine and edits each in one atomic write."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vscode_settings
short_description: Edit settings of VS Code and its relatives, keeping every comment
version_added: 0.1.0
description:
  - Brings single keys of C(settings.json) to what is wanted. Everything else in the file stays byte by byte - comments,
    order, indentation, trailing commas, line endings, byte order mark.
  - One task manages any number of keys in any number of files. Every file is read before the first is written.
  - A malformed file is refused with line and column, and is untouched.
  - Runs as the developer. As root it refuses to write into a folder of another account.
extends_documentation_fragment:
  - gopherops.workstation._attributes
options:
  settings:
    description:
      - Keys and their values, named as in C(settings.json).
      - A key may be a path into objects, its steps separated by C(" > "), as in C(gopls > formatting.gofumpt).
      - With O(state=absent) the values do not matter; of an object only the members that are named here go, and the
        object itself when that leaves nothing. An empty object or any other value means the whole key.
    type: dict
    default: {}
  policies:
    description:
      - What is done with single keys of O(settings); without one an object is merged and anything else is set.
      - V(set) gives the key exactly this value, V(set_if_absent) leaves a value alone that is there already, V(absent)
        removes the key (of an object in O(settings), what that names), V(take_back) removes it where it still has the
        value in O(settings) (of an object, the members that have), V(merge) sets the members of an object and keeps its
        others, V(list_add) adds what a list lacks, V(list_remove) takes elements out of a list, V(list_merge) knows
        elements by their C(name) or C(label), gives those that are there the new members and adds the others.
      - A key with V(absent) need not stand in O(settings).
    type: dict
    default: {}
  products:
    description:
      - The products whose files are managed. V(auto) means those that are installed, and always Code.
      - Flatpak and Snap installations of a product are managed where they exist.
    type: list
    elements: str
    choices: [auto, all, code, insiders, vscodium, cursor, windsurf, code-server]
    default: [auto]
  targets:
    description: The files to manage.
    type: list
    elements: dict
    default: [{kind: user}]
    suboptions:
      kind:
        description:
          - V(user) is the user's settings of each product.
          - V(profile) is the profile O(targets[].name) of each product, or every profile.
          - V(workspace) is C(.vscode/settings.json) in the folder O(targets[].path).
          - V(workspace_file) is the C(.code-workspace) file O(targets[].path).
          - V(machine) is the machine settings of a remote server (WSL, SSH, containers), where there is one.
        type: str
        choices: [user, profile, workspace, workspace_file, machine]
        default: user
      document:
        description:
          - Which of its files is edited. V(tasks), V(launch) and V(extensions) are C(tasks.json), C(launch.json) and
            C(extensions.json) of a workspace, and sections of a C(.code-workspace) file.
          - The user and a profile have V(tasks) too, but nothing else, and V(machine) has nothing but V(settings).
          - Only V(settings) is checked against what the Go extension knows.
        type: str
        choices: [settings, tasks, launch, extensions]
        default: settings
      name:
        description: The name of a profile as the editor shows it. All profiles when left out.
        type: str
      path:
        description: A folder or a C(.code-workspace) file on the target; C(~) is the home of the task's account.
        type: str
  user_data_dir:
    description: What the editor is started with as C(--user-data-dir), or C(data/user-data) of a portable Code.
    type: str
  obsolete:
    description:
      - What is done about keys in the files that the Go extension no longer knows, or never knew.
      - V(report) names them in the notices, V(remove) removes them.
    type: str
    choices: [report, remove, ignore]
    default: report
  strict:
    description: Fail, instead of warn, where a key is unknown, removed, deprecated, mistyped or of the wrong scope.
    type: bool
    default: false
  backup:
    description: Keep a copy of a file before it changes.
    type: bool
    default: false
  backup_keep:
    description: How many copies of a file stay.
    type: int
    default: 5
  state:
    description: Whether the keys of O(settings) are to be there.
    type: str
    choices: [present, absent]
    default: present
  _plan:
    description: What the controller decided. The action plugin fills it in; a task never does.
    type: dict
author:
  - The gopherops.workstation maintainers (@gopherops)
"""

EXAMPLES = r"""
- name: Use the pinned gopls, and keep the extension from replacing it
  gopherops.workstation.vscode_settings:
    settings:
      go.alternateTools:
        gopls: /home/ada/go/bin/gopls
      go.toolsManagement.checkForUpdates: "off"
      go.toolsManagement.autoUpdate: false

- name: Suggest a theme, drop a key and add one word to a list
  gopherops.workstation.vscode_settings:
    settings:
      workbench.colorTheme: Default Dark Modern
      cSpell.words: [gopls]
    policies:
      workbench.colorTheme: set_if_absent
      cSpell.words: list_add
      go.goplsArgs: absent

- name: Format a project's Go files with gofumpt
  gopherops.workstation.vscode_settings:
    targets:
      - kind: workspace
        path: ~/src/project
    settings:
      gopls:
        formatting.gofumpt: true
"""

RETURN = r"""
changes:
  description: What was changed, or in check mode would be. Every replaced value is named with the value it had.
  returned: success
  type: list
  elements: dict
  sample:
    - path: /home/ada/.config/Code/User/settings.json
      act: edit
      what: 'go.useLanguageServer: false -> true'
files:
  description:
    - Every file that was looked at, with its product (empty for a workspace), the kind of its target, the keys that
      changed, and what is worth knowing about it, such as obsolete or duplicate keys.
    - C(backup_file) is the copy of the file as it was, where one was made.
  returned: success
  type: list
  elements: dict
  sample:
    - path: /home/ada/.config/Code/User/settings.json
      product: code
      kind: user
      keys: [go.useLanguageServer]
      notices: [go.goplsArgs never existed and does nothing; use go.languageServerFlags]
line:
  description: The line of a malformed file where it is malformed.
  returned: failure at a malformed file
  type: int
  sample: 12
column:
  description: The column there.
  returned: failure at a malformed file
  type: int
  sample: 24
source:
  description: That line as it stands.
  returned: failure at a malformed file
  type: str
  sample: '"go.useLanguageServer" true,'
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.gopherops.workstation.plugins.module_utils._changes import changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._policy import wishes_of
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.vscode_settings import SPEC
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._disk import real_files, this_system
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._places import installations, places
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._settings import Manager


def main() -> None:
    module = AnsibleModule(supports_check_mode=True, **SPEC)
    options = module.params
    plan = options["_plan"]
    if not plan:
        module.fail_json(
            msg="Cannot run module 'vscode_settings' by hand: the controller decides first. Use it as a task."
        )
    system = this_system()
    try:
        found = installations(system, plan["products"], options["products"], options["user_data_dir"] or "")
        wishes = wishes_of(options["settings"], options["policies"], options["state"] == "absent")
        plan["backup"] = options["backup"]
        manager = Manager(wishes, plan, real_files(options["backup_keep"]), module.check_mode)
        report = manager.run(places(system, found, options["targets"]))
    except WorkstationError as error:
        module.fail_json(**error.as_failure())
    module.exit_json(**changes_result(report.changes), files=report.files, diff=report.diff)


if __name__ == "__main__":
    main()
