#!/usr/bin/python
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of ``fleet``, which acts on the controller (``plugins/action/fleet.py``)."""

from __future__ import annotations

DOCUMENTATION = r"""
module: fleet
version_added: 0.1.0
short_description: One step of a rollout in rings, recorded so that a killed controller can go on
description:
  - The playbook C(gopherops.workstation.fleet_rollout) is made of these steps; use that, not this by hand.
  - Every step reads the rollout's state file, decides, and appends to it. The file is JSON lines, flushed to the disk,
    in O(dir) under O(name).
  - It acts on the controller and never connects to the host.
extends_documentation_fragment:
  - gopherops.workstation._attributes
attributes:
  check_mode:
    support: full
    details:
      - Predicts nothing by itself. A rollout in check mode is a dry run, which keeps a record of its own.
  diff_mode:
    support: none
  idempotent:
    support: none
    details:
      - A record of events has no second time.
  platform:
    platforms: all
options:
  step:
    description:
      - V(plan) opens or resumes the rollout and returns the batches of this run.
      - V(begin) and V(end) record one host.
      - V(gate) judges a ring, V(approve) asks for leave to begin the next one.
      - V(finish) writes the reports.
    type: str
    required: true
    choices: [plan, begin, end, gate, approve, finish]
  name:
    description: The rollout. Runs with the same name are one rollout until it is through.
    type: str
    required: true
  dir:
    description: The folder on the controller that holds the rollouts.
    type: path
    required: true
  settings:
    description: The variables of role C(gopherops.workstation.fleet), without their prefix.
    type: dict
    default: {}
  batch:
    description: For V(gate) and V(approve), the batch as V(plan) returned it, or the gate's answer.
    type: dict
    default: {}
  results:
    description: For V(begin) and V(end), the registered results by capability.
    type: dict
    default: {}
  developer:
    description: For V(end), the developer's account, which is taken out of every text.
    type: str
    default: ""
  failure:
    description: For V(end), why the host failed. Empty means that no task did.
    type: str
    default: ""
  answer:
    description: For V(approve), what the person at the terminal typed.
    type: str
    default: ""
author:
  - The gopherops.workstation maintainers (@gopherops)
"""

EXAMPLES = r"""
- name: Judge the ring
  gopherops.workstation.fleet:
    step: gate
    name: autumn
    dir: /var/lib/fleet
    batch: "{{ fleet_batch }}"
    settings:
      rings:
        - name: canary
          percent: 5
        - name: everyone
      healthy_percent: 95
"""

RETURN = r"""
batches:
  description:
    - Who goes together, in order. The gate of the C(final) batch of a ring decides about the next ring.
  returned: O(step=plan)
  type: list
  elements: dict
  sample:
    - group: fleet_batch_0001
      gate: fleet-gate-0001-canary
      ring: canary
      hosts: [a]
      final: true
sizes:
  description: How many hosts each of the batches has with its gate, as C(serial) takes it.
  returned: O(step=plan)
  type: list
  elements: int
  sample: [2]
resumed:
  description: Whether the rollout had begun before.
  returned: O(step=plan)
  type: bool
verdict:
  description: The gate's answer, V(go), V(stop) or V(pause).
  returned: O(step=gate)
  type: str
  sample: go
reason:
  description: Why, in words.
  returned: O(step=gate), O(step=end), and O(step=approve) where nobody approved
  type: str
  sample: 19 of 20 hosts healthy
proceed:
  description: Whether the run goes on.
  returned: O(step=gate) and O(step=approve)
  type: bool
next_ring:
  description: The ring that comes after this one. Empty where the gate decides about none.
  returned: O(step=gate)
  type: str
  sample: everyone
needs_approval:
  description: Whether somebody has to approve RV(next_ring) first.
  returned: O(step=gate)
  type: bool
outcome:
  description: What became of the host, V(ok), V(failed) or V(rolled_back).
  returned: O(step=end)
  type: str
  sample: ok
host:
  description: What was recorded of the host, without secrets.
  returned: O(step=end)
  type: dict
totals:
  description: Hosts by outcome; they add up to the inventory.
  returned: O(step=plan) and O(step=finish)
  type: dict
  sample: {"ok": 41, "failed": 1, "rolled_back": 2, "away": 5, "unknown": 0, "waiting": 0}
closed:
  description: Whether the rollout is through with every host.
  returned: O(step=finish)
  type: bool
held:
  description: The gates that do not let the rollout go on, each with its reason.
  returned: O(step=finish)
  type: list
  elements: str
  sample: ["ring canary: 3 of 5 hosts healthy, fewer than 95 %"]
reports:
  description: The files that were written, by kind.
  returned: O(step=finish)
  type: dict
  sample: {"html": "/var/lib/fleet/autumn/report.html"}
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.gopherops.workstation.plugins.module_utils._spec.fleet import ARGUMENT_SPEC


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    module.fail_json(msg="Cannot run module 'fleet': it acts on the controller. Use it as a task, not by hand.")


if __name__ == "__main__":
    main()
