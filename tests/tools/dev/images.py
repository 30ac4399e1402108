# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian images for the tests, made by mmdebstrap from Debian's own archive and kept as tars in ``.cache/images``.

An image's tag is the hash of its recipe, so it is made once, whatever else changes, and never mistaken for another.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import DevError
from .lock import locked
from .paths import CACHE

REPOSITORY = "localhost/gopherops"

BARE = ("python3", "ca-certificates", "git")
HOST = (
    *(*BARE, "openssh-server", "sudo", "xz-utils", "procps", "iproute2", "curl", "acl"),
    *("dash", "zsh", "fish", "strace"),
)

# What code-server's native modules are compiled with, and a browser to open it in.
EDITOR = (
    *(*BARE, "g++", "make", "pkg-config", "libkrb5-dev", "libsecret-1-dev", "libx11-dev", "libxkbfile-dev"),
    *("chromium", "fonts-dejavu-core", "procps"),
)

# An ordinary account; the key for ssh comes in when a container starts, so images hold none.
DEVELOPER = "useradd --create-home --shell /bin/bash dev"
RUNNER = (
    "useradd --create-home --shell /bin/bash runner",
    "printf 'runner ALL=(ALL) NOPASSWD: ALL\\n' > /etc/sudoers.d/runner && chmod 440 /etc/sudoers.d/runner",
)
HOST_SETUP = (
    DEVELOPER,
    "useradd --create-home --shell /bin/bash admin",
    "useradd --create-home --shell /bin/bash gopher",
    "printf 'admin ALL=(ALL) NOPASSWD: ALL\\n' > /etc/sudoers.d/admin && chmod 440 /etc/sudoers.d/admin",
    "mkdir -p /run/sshd && ssh-keygen -A",
    # Each connection would wait for a name that no loopback address has, and for PAM modules that need systemd.
    "printf 'UseDNS no\\nUsePAM no\\nPasswordAuthentication no\\nMaxStartups 100\\n' "
    "> /etc/ssh/sshd_config.d/gopherops.conf",
    # Without PAM, sshd refuses an account whose password field says "locked", also for keys.
    "usermod --password '*' admin && usermod --password '*' dev && usermod --password '*' gopher",
)


@dataclass(frozen=True)
class Image:
    """What an image consists of."""

    name: str
    suite: str
    packages: tuple[str, ...]
    setup: tuple[str, ...]

    @property
    def key(self) -> str:
        recipe = "\n".join((self.suite, *sorted(self.packages), "--", *self.setup, "--", *OPTIONS))
        return hashlib.sha256(recipe.encode()).hexdigest()[:12]

    @property
    def reference(self) -> str:
        return f"{REPOSITORY}/{self.name}:{self.key}"

    @property
    def latest(self) -> str:
        """The name that inventories use; ``ensure`` points it to the right one."""
        return f"{REPOSITORY}/{self.name}:current"


OPTIONS = (
    "--format=tar",
    "--variant=minbase",
    # The Release files of sid and of the archived suites may be past their date on a mirror.
    '--aptopt=Acquire::Check-Valid-Until "false"',
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
)
SUITES = ("bullseye", "bookworm", "trixie", "sid")
# There the server no longer brings the client.
ALSO = {"sid": ("openssh-client",)}
# For what needs a user's session: a real service manager as PID 1.
SESSION = ("systemd", "systemd-sysv", "dbus-user-session", "libpam-systemd")
IMAGES = {
    "bookworm-systemd": Image("bookworm-systemd", "bookworm", (*HOST, *SESSION), HOST_SETUP),
    **{suite: Image(suite, suite, (*HOST, *ALSO.get(suite, ())), HOST_SETUP) for suite in SUITES},
    "bare": Image("bare", "bookworm", BARE, (DEVELOPER,)),
    # What the template of a dev container starts from: neither a program nor an account of ours.
    "slim": Image("slim", "trixie", ("apt",), ()),
    # What a hosted runner has before the first step of a job.
    "runner": Image("runner", "trixie", (*BARE, "python3-venv", "sudo", "gcc", "libc6-dev"), RUNNER),
    # 64-bit programs of Windows, without a screen.
    "wine": Image("wine", "trixie", (*BARE, "wine", "wine64"), (DEVELOPER,)),
    "editor": Image("editor", "trixie", EDITOR, (DEVELOPER,)),
}


def ensure(name: str, env: Mapping[str, str], cache: Path = CACHE / "images") -> str:
    """The reference of an image that podman has now: there already, imported from the cache, or built."""
    image = IMAGES[name]
    with locked(CACHE / f"image-{name}.lock", f"build image {name}", wait=True):
        if _podman(env, "image", "exists", image.reference).returncode:
            tar = cache / f"{name}-{image.key}.tar"
            if not tar.is_file():
                _build(image, tar, env)
            _need(env, "import", "--quiet", "--change", 'CMD ["sleep","infinity"]', str(tar), image.reference)
        _need(env, "tag", image.reference, image.latest)
    return image.reference


def _build(image: Image, tar: Path, env: Mapping[str, str]) -> None:
    tar.parent.mkdir(parents=True, exist_ok=True)
    part = tar.with_suffix(".part")
    print(f"Building image {image.name} (once) ...", end="", flush=True)
    started = time.monotonic()
    mirror = [env["GOPHEROPS_DEBIAN_MIRROR"]] if env.get("GOPHEROPS_DEBIAN_MIRROR") else []
    command = [
        *("mmdebstrap", "--quiet", *OPTIONS, f"--include={','.join(image.packages)}"),
        *(f"--customize-hook=chroot \"$1\" sh -euc '{_quoted(line)}'" for line in image.setup),
        *(image.suite, str(part), *mirror),
    ]
    path = f"{env.get('PATH', os.defpath)}:/usr/sbin:/sbin"
    done = subprocess.run(
        command, env={**env, "PATH": path}, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        part.unlink(missing_ok=True)
        raise DevError(
            f"Cannot build image '{image.name}': mmdebstrap ended with status {done.returncode}:\n"
            f"{done.stderr.strip()}\nWhere Debian's archive cannot be reached, GOPHEROPS_DEBIAN_MIRROR names another."
        )
    part.replace(tar)
    for old in tar.parent.glob(f"{image.name}-*.tar"):
        if old != tar:
            old.unlink()
    print(f" {time.monotonic() - started:.0f} s", flush=True)


def _quoted(line: str) -> str:
    return line.replace("'", "'\\''")


def _podman(env: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["podman", *arguments], env=dict(env), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def _need(env: Mapping[str, str], *arguments: str) -> None:
    done = _podman(env, *arguments)
    if done.returncode:
        raise DevError(
            f"Cannot run 'podman {arguments[0]}': {done.stderr.strip() or 'status ' + str(done.returncode)}."
        )
