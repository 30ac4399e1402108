# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where things stand in the checkout. All that is written goes below ``.cache`` and ``.ansible``."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CACHE = ROOT / ".cache"
REQUIREMENTS = ROOT / "requirements"
MOLECULE = ROOT / "molecule"
ANSIBLE_HOME = ROOT / ".ansible"
