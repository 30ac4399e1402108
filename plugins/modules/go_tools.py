#!/usr/bin/python
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of ``go_tools``, and its half that runs on the target."""

from __future__ import annotations

DOCUMENTATION = r"""
module: go_tools
version_added: 0.1.0
short_description: Install gopls, dlv and other Go programs, pinned and proved
description:
  - Installs Go programs at exact versions. Each is built with C(CGO_ENABLED=0 -trimpath -buildvcs=false) by exactly the
    Go in use, checked by its build info (package, module, version, C(h1) hash, Go, system, architecture), and renamed
    into place.
  - A program is right when its build info says so B(and) its bytes are those that were installed. What is not right is
    built again, for example after Go moved to a newer minor version, or when somebody replaced the file.
  - A run that finds everything right starts no process on the target.
  - A build that the network broke off in passing (a timeout, a reset, a gateway's error) is tried once more after 2 s.
  - Runs as the account whose programs they are.
extends_documentation_fragment:
  - gopherops.workstation._attributes
options:
  tools:
    description: The programs.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - A known program (V(gopls), V(dlv), V(staticcheck), V(goimports), V(gofumpt) ...), or the path
            of a main package, optionally with C(@version), as in V(example.com/tools/cmd/thing@v1.2.3).
          - With O(tools[].package) it is the name of the file.
        type: str
        required: true
      package:
        description: The path of the main package, for programs that are not known by name.
        type: str
      version:
        description:
          - An exact version such as V(v0.24.0).
          - V(stable) is the newest release that ships with this collection as a pin and goes with the Go in use.
          - V(latest) is the newest release at the module proxy that builds with the Go in use; the controller asks.
        type: str
        default: stable
      sum:
        description:
          - The C(h1) hash of the module, as in C(go.sum). Known programs carry theirs.
        type: str
  state:
    description: Whether the programs are there.
    type: str
    choices: [present, absent]
    default: present
  exclusive:
    description:
      - Remove programs that this module installed into O(bin_dir) and O(tools) no longer names. Never anything else.
    type: bool
    default: false
  go:
    description: The go command on the target.
    type: path
    default: ~/sdk/go/bin/go
  go_version:
    description:
      - The Go version to count on while O(go) is not there, as in a check mode run on a fresh machine, or for
        O(delivery=controller) to machines without Go.
    type: str
  bin_dir:
    description:
      - Where the programs go. Without it, where C(go install) would put them for this account,
        C(GOBIN) or C(GOPATH/bin) from the environment, the account's Go env file or Go's own.
    type: path
  delivery:
    description:
      - V(target) builds on each machine.
      - V(controller) builds once for each platform and Go version on the controller and copies the same bytes to the
        machines that lack them. Programs that have to be built on the machine (dlv on macOS) still are.
    type: str
    choices: [target, controller]
    default: target
  environment:
    description:
      - Environment variables for the build, such as C(GOPROXY), C(GOPRIVATE) or C(HTTPS_PROXY). Those that would change
        the program (C(GOFLAGS), C(GOOS), C(GOEXPERIMENT) ...) have no effect.
    type: dict
    default: {}
  verify:
    description:
      - V(stat) hashes a file only when its size, times or inode differ from those at its installation.
      - V(full) hashes every file.
    type: str
    choices: [stat, full]
    default: stat
  keep:
    description: How many previous versions of each program stay for going back without a build.
    type: int
    default: 1
  lock:
    description:
      - A file on the controller that records which exact versions V(stable) and V(latest) mean, for a team to check in.
      - When it exists it decides. In check mode the task fails when the file would change.
    type: path
  lock_update:
    description: Resolve V(stable) and V(latest) anew and rewrite O(lock).
    type: bool
    default: false
  _plan:
    description: What the controller decided. The action plugin fills it in; a task never does.
    type: dict
author:
  - The gopherops.workstation maintainers (@gopherops)
"""

EXAMPLES = r"""
- name: Install the language server and the debugger that go with Go in ~/sdk/go
  gopherops.workstation.go_tools:
    tools:
      - name: gopls
      - name: dlv

- name: Install exact versions
  gopherops.workstation.go_tools:
    go: /usr/local/go/bin/go
    tools:
      - name: gopls
        version: v0.24.0
      - name: golang.org/x/tools/cmd/stringer@v0.52.0

- name: Build once on the controller, copy to every laptop
  gopherops.workstation.go_tools:
    delivery: controller
    lock: go-tools.lock.yml
    tools:
      - name: gopls
        version: latest
"""

RETURN = r"""
changes:
  description: Every path that was, or in check mode would be, touched.
  returned: success
  type: list
  elements: dict
  sample:
    - path: /home/alice/go/bin/gopls
      act: install
      what: gopls v0.24.0 (built with Go 1.27.4)
tools:
  description: One entry for each program, in the order of O(tools); then those that O(exclusive) removed.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      type: str
      sample: gopls
    path:
      description: Its absolute path, also in check mode.
      type: str
      sample: /home/alice/go/bin/gopls
    package:
      description: The path of its main package.
      type: str
      sample: golang.org/x/tools/gopls
    module:
      description: Its module.
      type: str
      sample: golang.org/x/tools/gopls
    version:
      description: Its exact version.
      type: str
      sample: v0.24.0
    sum:
      description: The hash of its module.
      type: str
      sample: h1:nPO/LffYa4sP62Ueuema5PPnZPGaZjGl+vZGvbTek4g=
    go_version:
      description: The Go it was, or would be, built with.
      type: str
      sample: 1.27.4
    act:
      description: What was, or would be, done. One of V(ok), V(create), V(replace), V(remove), V(absent).
      type: str
      sample: ok
    reason:
      description: Why it had to be replaced.
      type: str
      sample: it was built with Go 1.26.11, older than the active 1.27.4
lock:
  description: What happened, or would happen, to the lock file on the controller. It is no change of the host.
  returned: when O(lock) is given and O(state=present)
  type: dict
  contains:
    path:
      description: Its path.
      type: str
      sample: /home/ops/go-tools.lock.yml
    act:
      description: One of V(ok), V(create), V(edit).
      type: str
      sample: create
bin_dir:
  description: Where the programs are.
  returned: success
  type: str
  sample: /home/alice/go/bin
go_version:
  description: The Go in use on the target.
  returned: success
  type: str
  sample: 1.27.4
platform:
  description: The target's system and architecture, in Go's words.
  returned: success
  type: str
  sample: linux/amd64
rc:
  description: The exit status of the build.
  returned: failure of a build
  type: int
  sample: 1
stderr:
  description: What the build said, its last 4000 characters, without credentials.
  returned: failure of a build
  type: str
  sample: 'go: golang.org/x/tools/gopls@v0.24.0: dial tcp: connection refused'
"""

import os

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_tools import ARGUMENT_SPEC
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.run import Effects, run_tools


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    if not module.params["_plan"]:
        module.fail_json(msg="Cannot run module 'go_tools' by hand: the controller decides first. Use it as a task.")

    def run(command: list[str], environment: dict[str, str], folder: str) -> tuple[int, str, str]:
        status, output, errors = module.run_command(command, environ_update=environment, cwd=folder)
        return int(status), str(output), str(errors)

    try:
        result = run_tools(module.params, Effects(run, os.environ, module.check_mode))
    except WorkstationError as error:
        module.fail_json(**error.as_failure())
    for text in result.pop("warnings", ()):
        module.warn(text)
    module.exit_json(**{"changed": False, **result})


if __name__ == "__main__":
    main()
