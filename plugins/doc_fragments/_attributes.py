# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: documentation that every module shares."""

from __future__ import annotations


class ModuleDocFragment:
    """``extends_documentation_fragment: gopherops.workstation._attributes``"""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    support: full
    description: Predicts every change and makes none, also on a fresh machine.
  diff_mode:
    support: full
    description: Returns what was and what will be.
  idempotent:
    support: full
    description: A second run with the same options changes nothing.
  platform:
    support: full
    platforms: posix
    description: The systems the target half runs on.
  action_group:
    support: full
    description: Use C(group/gopherops.workstation.workstation) in C(module_defaults).
    membership:
      - gopherops.workstation.workstation
"""
