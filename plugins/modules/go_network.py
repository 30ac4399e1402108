#!/usr/bin/python
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates and credentials on the target. What the profile means is decided in ``plugins/action/go_network.py``."""

from __future__ import annotations

DOCUMENTATION = r"""
module: go_network
version_added: 0.1.0
short_description: Make Go work behind a company's proxy, with its own authority, or with mirrors in China
description:
  - Decides what a network profile means for Go and returns it as RV(network.variables) and RV(network.environment).
    Module M(gopherops.workstation.go_env) writes them, so each file has one writer.
  - Puts root certificates into the system's trust store (O(trust=machine)), or, without root, into a directory
    that Go reads besides the system's (O(trust=user), Linux).
  - Keeps credentials for module proxies and private repositories in netrc, mode 0600, and keeps every other entry.
  - A password in an address is refused, so are C(GOSUMDB=off) and a C(GOPRIVATE) for everything.
extends_documentation_fragment:
  - gopherops.workstation._attributes
options:
  state:
    description: V(absent) takes back the certificates that this module placed, and the named credentials.
    type: str
    choices: [present, absent]
    default: present
  profile:
    description:
      - V(default) leaves Go's own addresses alone.
      - V(china) uses goproxy.cn and sum.golang.google.cn.
      - V(corporate) uses your own proxy, see O(goproxy).
    type: str
    choices: [default, china, corporate]
    default: default
  goproxy:
    description: List of module proxies as C(GOPROXY) takes it. Empty means the profile's.
    type: str
    default: ""
  gosumdb:
    description: Checksum database. Empty means the profile's.
    type: str
    default: ""
  goprivate:
    description: Patterns of module paths that are your own, fetched directly and without the checksum database.
    type: list
    elements: str
    default: []
  http_proxy:
    description: Proxy for plain HTTP. Empty means the one of O(https_proxy).
    type: str
    default: ""
  https_proxy:
    description: Proxy for HTTPS. Empty means the one of O(http_proxy).
    type: str
    default: ""
  no_proxy:
    description:
      - Hosts that are reached without the proxy.
      - Those of O(goprivate) and, in profile V(corporate), of O(goproxy) are added.
    type: list
    elements: str
    default: []
  certificates:
    description: Root authorities as PEM text, or files on the controller that hold it.
    type: list
    elements: str
    default: []
  trust:
    description: Whose trust store. V(machine) needs root.
    type: str
    choices: [user, machine]
    default: user
  credentials:
    description: Log-ins for netrc.
    type: list
    elements: dict
    default: []
    suboptions:
      machine:
        description:
          - Host name. Where the address names a port, Go wants it here too (C(goproxy.example.com:8443)),
            while git and curl do not; give both entries where both ask.
        type: str
        required: true
      login:
        description: Account. Not needed to remove the entry.
        type: str
        default: ""
      password:
        description: Password or access token, from a vault.
        type: str
        default: ""
  _plan:
    description: What the controller knows about the profile. The action sets it; playbooks do not.
    type: dict
    default: {}
author:
  - The gopherops.workstation maintainers (@gopherops)
"""

EXAMPLES = r"""
- name: Mirrors for China
  gopherops.workstation.go_network:
    profile: china
  register: go_network_result

- name: Our proxy, our authority, our private modules
  gopherops.workstation.go_network:
    profile: corporate
    goproxy: https://goproxy.example.com
    goprivate: [git.example.com]
    https_proxy: http://proxy.example.com:3128
    certificates: [files/example-root.pem]
    trust: machine
  become: true

- name: The log-in for our module proxy
  gopherops.workstation.go_network:
    credentials:
      - machine: goproxy.example.com
        login: alice
        password: "{{ vault_goproxy_token }}"
"""

RETURN = r"""
changes:
  description: Every path that was, or in check mode would be, touched.
  returned: success
  type: list
  elements: dict
network:
  description: What the profile means, and what is in place.
  returned: success
  type: dict
  contains:
    profile:
      description: The profile.
      type: str
    variables:
      description: For Go's env file.
      type: dict
    environment:
      description: For the operating system's environment.
      type: dict
    certificates:
      description: Authorities in place, with V(path), V(subject), V(sha256) and V(expires).
      type: list
      elements: dict
    netrc:
      description: The file and the names of the machines in it that were asked for.
      type: dict
"""

import os
import pwd
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.gopherops.workstation.plugins.module_utils import _trust_store
from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change, changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._netrc_file import Credentials
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_network import SPEC


def _home() -> str:
    return os.environ.get("HOME") or pwd.getpwuid(os.geteuid()).pw_dir


def _trust(module: AnsibleModule, certificates: list[dict[str, str]]) -> _trust_store.Result:
    present, check = module.params["state"] == "present", module.check_mode
    machine, darwin = module.params["trust"] == "machine", os.uname().sysname == "Darwin"
    if not certificates and (darwin or (machine and os.geteuid() != 0)):
        return _trust_store.Result([], [], {})
    if not machine:
        if darwin:
            raise WorkstationError(
                "trust",
                "certificate",
                certificates[0]["subject"],
                "macOS asks a person in a dialog before it trusts an authority for one account",
                "Use golang_dev_scope=machine, or a configuration profile of your device management",
            )
        data_home = os.environ.get("XDG_DATA_HOME") or os.path.join(_home(), ".local", "share")
        return _trust_store.user_linux(certificates, present=present, check=check, data_home=data_home)
    if darwin:
        return _trust_store.machine_darwin(
            certificates, present=present, check=check, run=module.run_command, temporary=module.tmpdir
        )
    store = _trust_store.find_store() if certificates else next(iter(_stores_here()), None)
    if store is None:
        return _trust_store.Result([], [], {})
    return _trust_store.machine_linux(certificates, present=present, check=check, run=module.run_command, store=store)


def _stores_here() -> list[_trust_store.Store]:
    return [store for store in _trust_store.STORES if os.path.isdir(store.anchors)]


def work(module: AnsibleModule) -> dict[str, Any]:
    plan = module.params["_plan"] or {"variables": {}, "environment": {}, "certificates": []}
    trusted = _trust(module, plan["certificates"])
    netrc = Credentials.load(os.environ.get("NETRC") or os.path.join(_home(), ".netrc"))
    changes: list[Change] = [*trusted.changes]
    if module.params["credentials"]:
        changes += netrc.ensure(
            module.params["credentials"], present=module.params["state"] == "present", check=module.check_mode
        )
    network = {
        "profile": module.params["profile"],
        "variables": plan["variables"],
        "environment": {**plan["environment"], **trusted.environment},
        "certificates": trusted.places,
        "netrc": {"file": netrc.path, "machines": [entry["machine"] for entry in module.params["credentials"]]},
    }
    # A netrc holds secrets: what is shown is which entries there are.
    diff = [{"header": change.path, "prepared": f"{change.act}: {change.what}\n"} for change in changes]
    return {**changes_result(changes), "network": network, "diff": diff}


def main() -> None:
    module = AnsibleModule(supports_check_mode=True, **SPEC)
    try:
        module.exit_json(**work(module))
    except WorkstationError as error:
        module.fail_json(**error.as_failure())


if __name__ == "__main__":
    main()
