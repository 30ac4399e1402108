#!/usr/bin/python
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and POSIX half of ``fleet_snapshot``."""

from __future__ import annotations

DOCUMENTATION = r"""
module: fleet_snapshot
version_added: 0.1.0
short_description: Keep what stands on a host before a rollout, and put it back
description:
  - V(taken) keeps files, links and the absence of both at O(paths), on the host itself. A second time keeps the first.
  - V(restored) puts back exactly that, content, mode and time, and removes what was not there.
  - Files that a person changed after V(sealed) stay as that person left them, and are listed.
  - Releases of Go are not copied. Their trees stay on the disk, and the link that chooses one is kept.
extends_documentation_fragment:
  - gopherops.workstation._attributes
attributes:
  diff_mode:
    support: none
    description: RV(changes) names every change.
options:
  name:
    description: The rollout that the record belongs to.
    type: str
    required: true
  state:
    description: What is to be of the record.
    type: str
    choices: [taken, sealed, restored, absent]
    default: taken
  paths:
    description: Files and links to keep. Globs are allowed, C(~) is the account's home.
    type: list
    elements: str
    default: []
  dir:
    description: Where records are kept.
    type: str
    default: ~/.local/state/gopherops/fleet
  go:
    description: The link to the active release of Go, to tell its version.
    type: str
    default: ~/sdk/go
  bin_dir:
    description: Where the tools are, to tell their versions.
    type: str
    default: ~/go/bin
  force:
    description: Whether V(restored) also puts back files that a person changed since.
    type: bool
    default: false
author:
  - The gopherops.workstation maintainers (@gopherops)
"""

EXAMPLES = r"""
- name: Keep what stands
  gopherops.workstation.fleet_snapshot:
    name: autumn
    paths: [~/.config/go/env, ~/sdk/go]

- name: Put it back
  gopherops.workstation.fleet_snapshot:
    name: autumn
    state: restored
"""

RETURN = r"""
changes:
  description: Every path that was, or in check mode would be, put back or removed.
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
      sample: replace
    what:
      description: Why, in a few words.
      type: str
      sample: the file that stood before
recorded:
  description: Whether there is a record of that name on the host afterwards, or in check mode would be.
  returned: success
  type: bool
restored:
  description: Whether something was put back, and everything that had to be.
  returned: success
  type: bool
conflicts:
  description: Paths that a person changed since, and that therefore stayed.
  returned: success
  type: list
  elements: str
versions:
  description:
    - The versions that stand afterwards, of Go and of gopls. Check mode of V(restored) names those that stand before.
  returned: success
  type: dict
  sample: {"go": "1.26.6", "gopls": "v0.24.0"}
"""

import contextlib
import os

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.gopherops.workstation.plugins.module_utils._buildinfo import read_buildinfo
from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change, changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._snapshot import Snapshot, at_home
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.fleet_snapshot import SPEC


def versions(go: str, bin_dir: str) -> dict[str, str]:
    """What stands, read from the files: Go's own VERSION, and what Go wrote into gopls."""
    found = {}
    with contextlib.suppress(OSError, ValueError), open(os.path.join(go, "VERSION"), encoding="utf-8") as stream:
        found["go"] = stream.readline().strip().removeprefix("go")
    with contextlib.suppress(OSError, WorkstationError):
        found["gopls"] = read_buildinfo(os.path.join(bin_dir, "gopls")).version
    return found


def run(params: dict[str, object], check: bool) -> dict[str, object]:
    """One state, made so; the same keys for every one."""
    snapshot = Snapshot(os.path.join(at_home(str(params["dir"])), str(params["name"])))
    changes: list[Change] = []
    conflicts: list[str] = []
    if params["state"] == "taken" and not snapshot.exists and not check:
        snapshot.take(list(params["paths"]))  # type: ignore[call-overload]
    elif params["state"] == "sealed" and snapshot.exists and not check:
        snapshot.seal()
    elif params["state"] == "absent" and not check:
        snapshot.drop()
    elif params["state"] == "restored" and snapshot.exists:
        if params["force"]:
            snapshot.index["sealed"] = {}
        changes, conflicts = snapshot.differences()
        if not check:
            snapshot.restore(changes)
    stands = versions(at_home(str(params["go"])), at_home(str(params["bin_dir"])))
    restored = bool(changes) and not conflicts
    return {
        **changes_result(changes),
        "recorded": {"taken": True, "absent": False}.get(str(params["state"]), snapshot.exists),
        "restored": restored,
        "conflicts": conflicts,
        "versions": stands,
    }


def main() -> None:
    module = AnsibleModule(supports_check_mode=True, **SPEC)
    try:
        result = run(module.params, module.check_mode)
    except WorkstationError as error:
        module.fail_json(**error.as_failure())
    module.exit_json(**result)


if __name__ == "__main__":
    main()
