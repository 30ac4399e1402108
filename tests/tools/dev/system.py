# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""System packages that the tests need: one table, named in one line when something is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping

from .errors import DevError

# What has to be there -> the Debian/Ubuntu package that brings it. With a slash: a file; else a program.
PACKAGES: Mapping[str, str] = {
    "podman": "podman",
    "runc": "runc",
    "mmdebstrap": "mmdebstrap",
    "/usr/share/keyrings/debian-archive-keyring.gpg": "debian-archive-keyring",
    "git": "git",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "curl": "curl",
    "xz": "xz-utils",
    "strace": "strace",
    "dash": "dash",
    "zsh": "zsh",
    "fish": "fish",
    "iptables": "iptables",  # podman's own network cannot be made without it, and podman only recommends it
}
ADMIN_DIRECTORIES = "/usr/local/sbin:/usr/sbin:/sbin"

CONTAINERS = ("podman", "runc", "mmdebstrap", "/usr/share/keyrings/debian-archive-keyring.gpg", "ssh", "ssh-keygen")


def present(needed: str) -> bool:
    """Whether the program or file is there; administrators' directories count, ordinary accounts lack them on PATH."""
    if needed.startswith("/"):
        return os.path.exists(needed)
    return shutil.which(needed, path=f"{os.environ.get('PATH', os.defpath)}:{ADMIN_DIRECTORIES}") is not None


def missing(needed: Iterable[str], is_present: Callable[[str], bool] = present) -> list[str]:
    """Packages to install, each once, in the order of the table."""
    wanted = set(needed)
    found = [PACKAGES[name] for name in PACKAGES if name in wanted and not is_present(name)]
    return list(dict.fromkeys(found))


def sentence(packages: list[str]) -> str:
    """The one line that names what is missing."""
    return f"missing system packages: {' '.join(packages)} (./dev test --install-deps installs them)"


def install(packages: list[str]) -> None:
    """apt-get, as root or through sudo; only ever called for ``--install-deps``."""
    if shutil.which("apt-get") is None:
        raise DevError(f"Cannot install {' '.join(packages)}: only apt-get is supported. Install them by hand.")
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    prefix = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    print(f"Installing {' '.join(packages)} ...", flush=True)
    # Lists may be absent or old; where only the update fails, the install may still find what it needs.
    subprocess.run([*prefix, "update"], env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    command = [*prefix, "install", *packages]
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no output"]
        raise DevError(f"Cannot install {' '.join(packages)}: apt-get ended with status {done.returncode} ({last[0]}).")
