# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A container for the length of a ``with``: this machine's trust and mirrors in it, gone afterwards."""

from __future__ import annotations

import contextlib
import secrets
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from . import images
from .environ import ca_bundle
from .errors import DevError

BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
# What sends downloads through a company's proxy or mirror, in the container as on its host.
HANDED_ON = (
    *("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
    *("PIP_INDEX_URL", "GOPHEROPS_PROFILE"),
)


@dataclass(frozen=True)
class Container:
    """A running container."""

    name: str
    env: Mapping[str, str]

    def command(self, *words: str, user: str = "dev") -> list[str]:
        home = "/root" if user == "root" else f"/home/{user}"
        variables = {"HOME": home, "USER": user, "LANG": "C.UTF-8"}
        variables |= {name: self.env[name] for name in HANDED_ON if self.env.get(name)}
        options = [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
        return ["podman", "exec", "--user", user, "--workdir", home, *options, self.name, *words]

    def run(self, *words: str, user: str = "dev") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words, user=user),
            env=dict(self.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )

    def need(self, *words: str, user: str = "dev") -> str:
        done = self.run(*words, user=user)
        if done.returncode:
            raise DevError(f"Cannot run '{' '.join(words)}' in {self.name}: status {done.returncode}\n{done.stdout}")
        return done.stdout


def trust(env: Mapping[str, str]) -> list[str]:
    """The option that gives a container this machine's certificates, where there are any."""
    found = ca_bundle(env)
    return ["--volume", f"{found}:{BUNDLE}:ro"] if found else []


@contextlib.contextmanager
def running(image: str, env: Mapping[str, str], *options: str, command: Sequence[str] = ()) -> Iterator[Container]:
    """Start a container of one of our images, under a name of its own, so that two runs do not meet."""
    name = f"gopherops-{image}-{secrets.token_hex(4)}"
    reference = images.ensure(image, env)
    # Whoever is killed cannot tidy up: the container then ends by itself.
    start = ["podman", "run", "--detach", "--rm", "--stop-signal", "9", "--timeout", "7200", "--name", name]
    start += [*trust(env), *options, reference]
    started = subprocess.run([*start, *command], env=dict(env), capture_output=True, text=True, check=False)
    if started.returncode:
        raise DevError(f"Cannot start a container of {image}: {started.stderr.strip()}")
    try:
        yield Container(name, env)
    finally:
        stop = ["podman", "rm", "--force", "--time", "0", name]
        subprocess.run(stop, env=dict(env), capture_output=True, check=False)
