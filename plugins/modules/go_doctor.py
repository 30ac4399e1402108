#!/usr/bin/python
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Target half of ``go_doctor``: looks and proves. The judging is done on the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: go_doctor
version_added: 0.1.0
short_description: Say what is wrong with a Go developer's machine, and prove what is right
description:
  - Gathers the facts that M(gopherops.workstation.go_info) gathers and judges them by rules, each with an id,
    what was found, why it matters and how to mend it.
  - Then it proves that the machine works. A small Go program of this collection is built and tested by the
    toolchain under test. Running, it starts the very C(gopls) that the editor would start and asks it what an editor
    asks, over the language server protocol.
  - Run it as the developer. It changes nothing but the build cache and gopls' own cache, which may grow.
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
    description: Directories with the developer's own code to examine as well. Nothing is written there.
    type: list
    elements: str
    default: []
  network:
    description: Also ask the module proxy for a module, as Go would, and compare its clock.
    type: bool
    default: false
  functional:
    description:
      - Whether to build the probe and talk to the language server.
      - In check mode with V(false) the task never fails, because what it would find is about to change.
    type: bool
    default: true
  fail_on:
    description: The least severity that fails the task. A failed functional check fails it too, except with V(never).
    type: str
    choices: [error, warning, never]
    default: error
  fail:
    description:
      - Whether trouble fails the task.
      - With V(false) it is only told in RV(trouble), for a later task to act on. Ansible prints a failed task's result
        in full, facts and all.
    type: bool
    default: true
  policy:
    description: Thresholds and expectations that differ from the defaults. Unknown names are refused.
    type: dict
    default: {}
  severity:
    description: Other severities for some rules, by id. Known severities are C(error), C(warning) and C(info).
    type: dict
    default: {}
  ignore:
    description: Rules whose findings are known and accepted.
    type: list
    elements: dict
    default: []
    suboptions:
      id:
        description: The rule.
        type: str
        required: true
      reason:
        description: Why it is accepted.
        type: str
        required: true
      until:
        description: The last day on which this counts, as C(YYYY-MM-DD). Without it, for ever.
        type: str
  report:
    description: Files on the controller to write reports to, by format.
    type: dict
    default: {}
    suboptions:
      json:
        description: Everything, for programs. Its schema is C(docs/doctor-report.schema.json) in the repository.
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
  _plan:
    description: Internal. What the controller sends along; it is not yours to set.
    type: dict
seealso:
  - module: gopherops.workstation.go_info
author:
  - The gopherops.workstation maintainers (@gopherops)
"""

EXAMPLES = r"""
- name: Is this machine fit for Go?
  gopherops.workstation.go_doctor:
  register: doctor

- name: Look only, accept a known oddity until the new image is out
  gopherops.workstation.go_doctor:
    functional: false
    fail_on: never
    ignore:
      - id: GD014
        reason: Programs are started by the editor only
        until: "2027-01-31"
"""

RETURN = r"""
changes:
  description: Always empty.
  returned: success or findings
  type: list
  elements: dict
healthy:
  description: No finding of severity error, and no failed functional check.
  returned: success or findings
  type: bool
trouble:
  description: In one sentence what O(fail_on) calls trouble. Empty when there is none.
  returned: success or findings
  type: str
findings:
  description: What somebody has to read, worst first, without consequences of other findings and without ignored ones.
  returned: success or findings
  type: list
  elements: dict
  contains:
    id:
      description: The rule.
      type: str
      sample: GD002
    name:
      description: The rule's short name.
      type: str
      sample: goroot-invalid
    title:
      description: One line.
      type: str
      sample: GOROOT points nowhere
    severity:
      description: How bad it is.
      type: str
      sample: error
    verdict:
      description: In RV(findings) always V(fail).
      type: str
    evidence:
      description: What was found.
      type: list
      elements: str
    cause:
      description: Why.
      type: str
    remedy:
      description: How to mend it.
      type: str
    command:
      description: The exact command, where there is one.
      type: str
    mended_by:
      description: The role of this collection that mends it. Empty means that only a person can.
      type: str
      sample: go_env
    unset:
      description: Variables that have to go.
      type: list
      elements: str
    settings:
      description: Settings of the editor that have to go.
      type: list
      elements: str
    environment:
      description: Variables that the system's environment has to get.
      type: dict
    reason:
      description: Why a rule is V(unknown) or V(skipped). In RV(findings) always empty.
      type: str
    suppressed_by:
      description: The rule whose finding explains this one. In RV(findings) always empty.
      type: str
    ignored:
      description: The reason that O(ignore) gives. In RV(findings) always empty.
      type: str
verdicts:
  description: One entry for every rule, V(pass), V(fail), V(unknown) or V(skipped), with the keys of RV(findings).
  returned: success or findings
  type: list
  elements: dict
menders:
  description: The roles of this collection that mend the findings, in the order they have to run.
  returned: success or findings
  type: list
  elements: str
examined:
  description: When this was, in UTC.
  returned: success or findings
  type: str
  sample: "2026-11-21T12:00:00+00:00"
reports:
  description: The files that O(report) asked for. With several hosts each gets its own, with the host in its name.
  returned: success or findings
  type: list
  elements: str
functional:
  description: The functional check.
  returned: success or findings
  type: dict
  contains:
    passed:
      description: Null when it did not run.
      type: bool
    reason:
      description: Why it did not run.
      type: str
    seconds:
      description: How long it took.
      type: float
    steps:
      description: One entry for each thing that was tried.
      type: list
      elements: dict
      contains:
        name:
          description: What was tried.
          type: str
          sample: definition
        ok:
          description: Whether it went as it has to.
          type: bool
        seconds:
          description: How long it took.
          type: float
        detail:
          description: What it said, or why it failed.
          type: str
        late:
          description: It was given up because it took too long, which says nothing about the answer.
          type: bool
info:
  description: The facts, as RV(gopherops.workstation.go_info#module:info).
  returned: success or findings
  type: dict
"""

import os

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.gopherops.workstation.plugins.module_utils._changes import changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._functional._prove import Proof, not_proved
from ansible_collections.gopherops.workstation.plugins.module_utils._info._collect import Collection, visit
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_doctor import ARGUMENT_SPEC


def main() -> None:
    module = AnsibleModule(argument_spec={**ARGUMENT_SPEC, "_plan": {"type": "dict"}}, supports_check_mode=True)
    options, plan = module.params, module.params["_plan"] or {}
    try:
        with visit(os.environ) as place:
            look = Collection(place, options)
            info = look.gather()
            if not options["functional"]:
                early = "check mode: what this run would change has not been made"
                functional = not_proved(early if module.check_mode else "it was not asked for")
            elif "probe" not in plan:
                functional = not_proved("the controller sent no probe")
            else:
                proof = Proof(place, info, look.login, look.settings)
                functional = proof.run(plan["probe"], bool(plan.get("answers")))
    except WorkstationError as error:
        module.fail_json(**error.as_failure())
    module.exit_json(info=info, functional=functional, **changes_result([]))


if __name__ == "__main__":
    main()
