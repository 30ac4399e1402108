#!/usr/bin/python
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of ``verdict``, which acts on the controller (``plugins/action/verdict.py``)."""

from __future__ import annotations

DOCUMENTATION = r"""
module: verdict
version_added: 0.1.0
short_description: Show on one screen what a run did, or would do, and whether the machine works
description:
  - Reads the results of the modules that ran before it and prints one line for each capability,
    what the developer still has to do, and whether the functional check passed.
  - In check mode it prints the plan instead, every path that the run would touch.
  - It acts on the controller and never connects to the host.
extends_documentation_fragment:
  - gopherops.workstation._attributes
attributes:
  diff_mode:
    support: none
    description: There is nothing to compare, since nothing changes.
  platform:
    platforms: all
options:
  developer:
    description: The account that the machine was provisioned for.
    type: str
    required: true
  scope:
    description: How far the run reached.
    type: str
    choices: [user, machine]
    default: user
  packages:
    description: System packages that were, or would be, installed.
    type: list
    elements: str
    default: []
  results:
    description:
      - The registered results, by capability. Known keys are V(system) (what the role for the system changed itself),
        V(go_network), V(go_sdk), V(go_env), V(go_caches), V(go_tools), V(vscode) and V(go_doctor);
        what is missing did not run.
    type: dict
    default: {}
  failure:
    description:
      - The message of the task that ended the run early. Empty means none did.
      - With one the task fails with the same message, after it has shown where the machine stands.
    type: str
    default: ""
  report_file:
    description: A file on the controller that gets the same as JSON. Empty means none.
    type: path
    default: ""
author:
  - The gopherops.workstation maintainers (@gopherops)
"""

EXAMPLES = r"""
- name: Say how it went
  gopherops.workstation.verdict:
    developer: alice
    results:
      go_sdk: "{{ go_sdk_result }}"
      go_doctor: "{{ go_doctor_result }}"
"""

RETURN = r"""
host:
  description: The host, as the inventory names it.
  returned: success
  type: str
  sample: laptop-17
developer:
  description: O(developer).
  returned: success
  type: str
  sample: alice
scope:
  description: O(scope).
  returned: success
  type: str
  sample: user
planning:
  description: Whether this is a plan, as in check mode.
  returned: success
  type: bool
passed:
  description: Whether the functional check ran and passed. Null in check mode, where nothing can be proved.
  returned: success
  type: bool
lines:
  description: One entry for each capability.
  returned: success
  type: list
  elements: dict
  contains:
    state:
      description: What happened to it.
      type: str
      sample: changed
    name:
      description: The capability in plain words.
      type: str
      sample: Go
    text:
      description: What it is now.
      type: str
      sample: 1.27.4 in /home/alice/sdk/go1.27.4, from the module proxy; every byte as published
planned:
  description: Every path that the run touched, or in check mode would touch.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: The path on the host.
      type: str
      sample: /home/alice/.config/go/env
    act:
      description: What happens to it.
      type: str
      sample: edit
    what:
      description: The content in a few words.
      type: str
      sample: GOPROXY
to_do:
  description: What the developer has to do by hand.
  returned: success
  type: list
  elements: str
  sample: ["Open a new terminal: the PATH of this one is still the old one."]
failure:
  description: O(failure), which is empty where the task succeeds.
  returned: success
  type: str
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.gopherops.workstation.plugins.module_utils._spec.verdict import ARGUMENT_SPEC


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    module.fail_json(msg="Cannot run module 'verdict': it acts on the controller. Use it as a task, not by hand.")


if __name__ == "__main__":
    main()
