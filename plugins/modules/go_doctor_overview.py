#!/usr/bin/python
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of ``go_doctor_overview``, which acts on the controller (``plugins/action/go_doctor_overview.py``)."""

from __future__ import annotations

DOCUMENTATION = r"""
module: go_doctor_overview
version_added: 0.1.0
short_description: Write one report of what the doctor found on all hosts of a play
description:
  - Reads what M(gopherops.workstation.go_doctor) found on each host of the play, registered as C(go_doctor_result),
    and writes one file for each format. The role C(go_doctor) calls it.
  - A host that was not examined is in the report as unknown.
  - It acts on the controller and never connects to a host; call it once, with C(run_once).
extends_documentation_fragment:
  - gopherops.workstation._attributes
attributes:
  diff_mode:
    support: none
    description: There is nothing to compare, since nothing changes.
  platform:
    platforms: all
options:
  report:
    description: Files on the controller to write, by format.
    type: dict
    required: true
    suboptions:
      json:
        description: Everything, for programs.
        type: path
      sarif:
        description: SARIF 2.1.0, for code scanning.
        type: path
      junit:
        description: JUnit XML, for continuous integration.
        type: path
      markdown:
        description: A table for an issue or a chat.
        type: path
      html:
        description: One page for people.
        type: path
author:
  - The gopherops.workstation maintainers (@gopherops)
"""

EXAMPLES = r"""
- name: One page for the whole team
  gopherops.workstation.go_doctor_overview:
    report:
      html: team.html
  run_once: true
"""

RETURN = r"""
reports:
  description: The files that were written.
  returned: success
  type: list
  elements: str
  sample: [team.html]
changes:
  description: Nothing on any host, so it is empty.
  returned: success
  type: list
  elements: dict
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_doctor_overview import ARGUMENT_SPEC


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    module.fail_json(msg="Cannot run module 'go_doctor_overview': it acts on the controller. Use it as a task.")


if __name__ == "__main__":
    main()
