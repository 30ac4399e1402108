#!/usr/bin/python
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of ``bundle``, which acts on the controller (``plugins/action/bundle.py``)."""

from __future__ import annotations

DOCUMENTATION = r"""
module: bundle
version_added: 0.1.0
short_description: One signed folder with all that provisioning needs, for networks without a way out
description:
  - V(packed) downloads releases of Go and builds the tools for every platform, and puts them into one folder with a
    list of SHA-256 sums, which C(ssh-keygen) signs.
  - V(unpacked) checks signature and sums, and lays the files where C(delivery=controller) looks first.
  - It acts on the controller and never connects to the host.
extends_documentation_fragment:
  - gopherops.workstation._attributes
attributes:
  diff_mode:
    support: none
    description: RV(changes) names every change.
  idempotent:
    support: partial
    details:
      - V(packed) writes its list anew every time.
  platform:
    platforms: all
options:
  state:
    description: Whether to make the bundle or to use it.
    type: str
    required: true
    choices: [packed, unpacked]
  path:
    description: The folder.
    type: path
    required: true
  platforms:
    description: For V(packed), what the machines are, as Go names it.
    type: list
    elements: str
    default: [linux-amd64]
  versions:
    description: For V(packed), the releases of Go, as M(gopherops.workstation.go_sdk) has them.
    type: list
    elements: str
    default: [stable]
  tools:
    description: For V(packed), the tools, as M(gopherops.workstation.go_tools) has them, with pinned versions only.
    type: list
    elements: dict
    default:
      - name: gopls
  profile:
    description: For V(packed), which public addresses to use.
    type: str
    choices: [default, china]
    default: default
  signing_key:
    description: For V(packed), a private key of ssh. Without one the bundle is not signed, and nobody will use it.
    type: path
    default: ""
  allowed_signers:
    description: For V(unpacked), lines of an allowed signers file. One of them must have signed.
    type: list
    elements: str
    default: []
author:
  - The gopherops.workstation maintainers (@gopherops)
"""

EXAMPLES = r"""
- name: Pack what two kinds of laptops need
  gopherops.workstation.bundle:
    state: packed
    path: /srv/bundle
    platforms: [linux-amd64, darwin-arm64]
    signing_key: ~/.ssh/release

- name: Use it on the other side
  gopherops.workstation.bundle:
    state: unpacked
    path: /media/usb/bundle
    allowed_signers: ["release@example.org ssh-ed25519 AAAA..."]
"""

RETURN = r"""
changes:
  description:
    - With O(state=packed) the folder and what goes into it. With O(state=unpacked) every file of the controller's cache
      that came out of the bundle, or in check mode would.
  returned: success
  type: list
  elements: dict
  sample:
    - path: /srv/bundle
      act: create
      what: Go 1.27.3, gopls for linux-amd64, darwin-arm64
files:
  description: How many files the bundle has. In check mode V(0) for O(state=packed), since nobody has made it.
  returned: success
  type: int
  sample: 8
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.gopherops.workstation.plugins.module_utils._spec.bundle import ARGUMENT_SPEC


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    module.fail_json(msg="Cannot run module 'bundle': it acts on the controller. Use it as a task, not by hand.")


if __name__ == "__main__":
    main()
