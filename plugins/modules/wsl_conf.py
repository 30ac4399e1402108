#!/usr/bin/python
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of one WSL distribution, and whether they are in force yet."""

from __future__ import annotations

DOCUMENTATION = r"""
module: wsl_conf
version_added: 0.1.0
short_description: Edit /etc/wsl.conf by section and key, and tell whether WSL has read it
description:
  - Changes only the keys that are named, in place. Comments, order, line endings and every other key stay.
  - WSL reads the file when the distribution starts. RV(conf.pending_restart) tells whether it is newer than that.
extends_documentation_fragment:
  - gopherops.workstation._attributes
options:
  state:
    description:
      - V(absent) puts back what stood in the file before this module first changed it, key by key. A key that somebody
        has changed since stays. The module keeps what it needs for that beside the file, in C(wsl.conf.gopherops).
    type: str
    choices: [present, absent]
    default: present
  sections:
    description:
      - Keys by section. A boolean, number or string is the value.
        A list means that these words are among the key's comma-separated words. Null takes the key away.
      - Needed for O(state=present).
    type: dict
  path:
    description: The file.
    type: path
    default: /etc/wsl.conf
author:
  - The gopherops.workstation maintainers (@gopherops)
"""

EXAMPLES = r"""
- name: Unix permissions on Windows drives, systemd, and a PATH without Windows
  gopherops.workstation.wsl_conf:
    sections:
      automount: {options: [metadata]}
      boot: {systemd: true}
      interop: {appendWindowsPath: false}
  become: true
"""

RETURN = r"""
changes:
  description: Every path that was, or in check mode would be, touched.
  returned: success
  type: list
  elements: dict
conf:
  description: The file after the run.
  returned: success
  type: dict
  contains:
    path:
      description: The file.
      type: str
    sections:
      description: Its sections and keys, in small letters.
      type: dict
    pending_restart:
      description: Whether the distribution was started before the file was last changed. C(wsl --shutdown) restarts it.
      type: bool
"""

import os
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.gopherops.workstation.plugins.module_utils import _wsl_conf
from ansible_collections.gopherops.workstation.plugins.module_utils._changes import changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._env._files import Edit, Files
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.wsl_conf import SPEC


def started() -> float:
    """When this distribution's init started: many distributions share one kernel, each has its own init."""
    with open("/proc/1/stat", encoding="utf-8") as stream:
        # The name in parentheses may hold spaces.
        ticks = int(stream.read().rpartition(")")[2].split()[19])
    with open("/proc/stat", encoding="utf-8") as stream:
        boot = next(int(line.split()[1]) for line in stream if line.startswith("btime"))
    return boot + ticks / os.sysconf("SC_CLK_TCK")


def work(module: AnsibleModule) -> dict[str, Any]:
    path, present = module.params["path"], module.params["state"] == "present"
    files, note = Files(), f"{path}.gopherops"
    before, receipt = files.read(path), files.read(note)
    old = (before or b"").decode("utf-8", "surrogateescape")
    wanted = _wsl_conf.as_wanted(module.params["sections"]) if present else _wsl_conf.taken_back(receipt, old)
    new = _wsl_conf.edit(old, wanted)
    what = ", ".join(_wsl_conf.missing(old, wanted))
    if new != old:
        files.want(Edit(path, before, new.encode("utf-8", "surrogateescape") if new else None, what, 0o644))
    left = _wsl_conf.remembered(receipt, old, new) if present else None
    if left != receipt:
        files.want(Edit(note, receipt, left, "what stood there before", 0o644))
    if not module.check_mode:
        files.check()
        files.apply()
    edited = any(edit.path == path for edit in files.edits)
    pending = edited or (os.path.exists(path) and os.stat(path).st_mtime > started())
    return {
        **changes_result(files.changes()),
        "conf": {"path": path, "sections": _wsl_conf.parse(new), "pending_restart": pending},
        "diff": {"before": old, "after": new, "before_header": path, "after_header": path},
    }


def main() -> None:
    module = AnsibleModule(supports_check_mode=True, **SPEC)
    try:
        module.exit_json(**work(module))
    except WorkstationError as error:
        module.fail_json(**error.as_failure())


if __name__ == "__main__":
    main()
