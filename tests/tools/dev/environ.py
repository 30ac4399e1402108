# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment in which Ansible and the test tools run: the same whatever the user's shell holds."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from .paths import ANSIBLE_HOME, MOLECULE, ROOT
from .venvs import Venv

CA_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Arch, Alpine, Gentoo
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",  # openSUSE
)


def without_shims(path: str) -> str:
    """PATH without pyenv's shims: ansible-test takes a shim for a Python and then fails to run it."""
    return os.pathsep.join(part for part in path.split(os.pathsep) if part and not part.rstrip("/").endswith("/shims"))


def ca_bundle(env: Mapping[str, str]) -> str | None:
    """The certificates that this machine trusts, for containers behind a network that opens TLS."""
    for candidate in (env.get("SSL_CERT_FILE"), *CA_BUNDLES):
        if candidate and Path(candidate).is_file():
            return str(Path(candidate).resolve())
    return None


def ansible_env(venv: Venv, env: Mapping[str, str]) -> dict[str, str]:
    """Variables for every Ansible process that ``./dev`` starts."""
    # A checkout in a world-writable directory, or another current directory, would make Ansible ignore ansible.cfg;
    # naming the file avoids both. A locale that is not UTF-8 stops it altogether, and C.UTF-8 exists nearly everywhere.
    utf8 = next((v for v in (env.get("LC_ALL"), env.get("LANG")) if v and "utf" in v.lower()), "C.UTF-8")
    kept = {name: value for name, value in env.items() if not name.startswith(("ANSIBLE_", "PYTHON"))}
    return {
        **kept,
        "PATH": f"{venv.bin}{os.pathsep}{without_shims(env.get('PATH', os.defpath))}",
        "VIRTUAL_ENV": str(venv.path),
        "LC_ALL": utf8,
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_HOME": str(ANSIBLE_HOME),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
    }


def test_env(venv: Venv, env: Mapping[str, str]) -> dict[str, str]:
    """Variables for the gates: as for Ansible, and podman set up as the containers of the tests need it."""
    found = ca_bundle(env)
    return {
        **ansible_env(venv, env),
        "LC_ALL": "C.UTF-8",
        "CONTAINERS_CONF": str(MOLECULE / "containers.conf"),
        "NO_COLOR": "1",
        **({"GOPHEROPS_CA_BUNDLE": found} if found else {}),
    }
