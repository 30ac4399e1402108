# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the main job costs, beside the least that Ansible can do and beside ``curl | tar``, on one container over ssh.

``noop_ratio``: the whole stack with nothing to do, against ``gather_facts`` and one ``command``. ``install_ratio``: the
first installation of Go, against ``curl | tee >(sha256sum) | tar`` of the same archive from the same loopback server;
both as a play of one task. The functional check is a figure of its own. Medians of GOPHEROPS_BENCH_RUNS (5) runs.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev.containers import Container, running
from dev.errors import DevError
from dev.index import fetch_url
from dev.paths import CACHE, ROOT

RUNS = int(os.environ.get("GOPHEROPS_BENCH_RUNS", "5"))
LIMITS = {"noop_ratio": 3.0, "install_ratio": 1.5}
SERVICES = ROOT / "plugins" / "plugin_utils" / "_data" / "services.json"
ARCHIVE = "/home/dev/www/go.tar.gz"
SERVER = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Bench:
    """The container and how Ansible reaches it."""

    container: Container
    folder: Path

    def play(self, playbook: Path, **variables: Any) -> str:
        command = [
            *(str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(self.folder / "hosts.json")),
            *("-e", json.dumps(variables), str(playbook)),
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise DevError(f"Cannot measure: {playbook.name} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def tasks(self, name: str, *tasks: dict[str, Any], facts: bool = False) -> Path:
        playbook = self.folder / f"{name}.json"
        playbook.write_text(json.dumps([{"hosts": "all", "gather_facts": facts, "tasks": list(tasks)}]))
        return playbook


@contextmanager
def reached() -> Iterator[Bench]:
    """A container with sshd, and an inventory for it."""
    with tempfile.TemporaryDirectory(prefix="gopherops-bench-") as name:
        folder = Path(name)
        key = folder / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
        sshd = ["sh", "-c", "mkdir -p /run/sshd && exec /usr/sbin/sshd -D -e"]
        with running("bookworm", os.environ, "--publish", "127.0.0.1::22", command=sshd) as container:
            public = key.with_suffix(".pub").read_text().strip()
            container.need("sh", "-c", f"umask 077; mkdir -p ~/.ssh; echo '{public}' > ~/.ssh/authorized_keys")
            port = subprocess.run(
                ["podman", "port", container.name, "22/tcp"], capture_output=True, text=True, check=True
            )
            host = {
                "ansible_host": "127.0.0.1",
                "ansible_port": int(port.stdout.strip().rpartition(":")[2]),
                "ansible_user": "dev",
                "ansible_ssh_private_key_file": str(key),
                "ansible_ssh_common_args": "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null",
                "ansible_python_interpreter": "/usr/bin/python3",
            }
            (folder / "hosts.json").write_text(json.dumps({"all": {"hosts": {"bench": host}}}))
            yield Bench(container, folder)


def archive(version: str, platform: str) -> bytes:
    """A release's archive as Go's site packs it, made from the module that holds the same files."""
    cached = CACHE / "go" / f"synthetic-go{version}.{platform}.tar.gz"
    if not cached.is_file():
        proxy = json.loads(SERVICES.read_text())["profiles"][os.environ.get("GOPHEROPS_PROFILE", "default")]["proxy"]
        name = f"golang.org/toolchain@v0.0.1-go{version}.{platform}/"
        module = fetch_url(f"{proxy}/golang.org/toolchain/@v/v0.0.1-go{version}.{platform}.zip")
        cached.parent.mkdir(parents=True, exist_ok=True)
        part = cached.with_suffix(".part")
        with zipfile.ZipFile(io.BytesIO(module)) as files, gzip.GzipFile(part, "wb", 6, mtime=0) as packed:
            _pack(files, name, packed)
        part.replace(cached)
    return cached.read_bytes()


def _pack(files: zipfile.ZipFile, prefix: str, packed: Any) -> None:
    with tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for entry in sorted(files.namelist()):
            name = re.sub(r"(^|/)_go\.mod$", r"\1go.mod", entry.removeprefix(prefix))
            data = files.read(entry)
            info = tarfile.TarInfo(f"go/{name}")
            info.size = len(data)
            program = name.startswith(("bin/", "pkg/tool/")) or name.endswith((".bash", ".rc")) or data[:2] == b"#!"
            info.mode = 0o755 if program else 0o644
            tar.addfile(info, io.BytesIO(data))


def seconds(measured: Callable[[], object]) -> float:
    started = time.monotonic()
    measured()
    return time.monotonic() - started


def medians(pair: dict[str, Callable[[], object]], before: Callable[[], object] = lambda: None) -> dict[str, float]:
    """In turns, so that a busy minute of the machine hits both alike."""
    taken: dict[str, list[float]] = {name: [] for name in pair}
    for _turn in range(RUNS):
        for name, measured in pair.items():
            before()
            taken[name].append(seconds(measured))
    return {name: statistics.median(values) for name, values in taken.items()}


def figure(name: str, value: float) -> None:
    print(f"{name} {value:.3f} {LIMITS.get(name, '-')}", flush=True)


@contextmanager
def served(bench: Bench, version: str, platform: str) -> Iterator[str]:
    """The release's archive on the container's loopback interface; gives its SHA-256."""
    data = archive(version, platform)
    packed = bench.folder / "go.tar.gz"
    packed.write_bytes(data)
    bench.container.need("mkdir", "-p", str(Path(ARCHIVE).parent))
    subprocess.run(["podman", "cp", str(packed), f"{bench.container.name}:{ARCHIVE}"], check=True)
    serve = (
        "cd ~/www && mkdir -p dl && ln -sf ../go.tar.gz dl/go$0.tar.gz && exec python3 -m http.server -b 127.0.0.1 8000"
    )
    command = bench.container.command("sh", "-c", serve, f"{version}.{platform}")
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        up = f"for i in $(seq 100); do curl -sf {SERVER}/ >/dev/null && exit; sleep .1; done; exit 1"
        bench.container.need("sh", "-c", up)
        yield hashlib.sha256(data).hexdigest()
    finally:
        server.terminate()
        server.wait()


def install(bench: Bench, version: str, platform: str) -> None:
    """Figure: the first installation, against curl and tar."""
    with served(bench, version, platform) as sha256:
        url = f"{SERVER}/dl/go{version}.{platform}.tar.gz"
        pipe = f"mkdir -p ~/sdk/by-hand && curl -sf {url} | tee >(sha256sum >&2) | tar -xz -C ~/sdk/by-hand"
        by_hand = {"ansible.builtin.shell": {"cmd": f"set -o pipefail; {pipe}", "executable": "/bin/bash"}}
        ours = {
            "gopherops.workstation.go_sdk": {
                "version": version,
                "sources": [f"{SERVER}/dl"],
                "checksum": f"sha256:{sha256}",
            }
        }
        plays = {"curl_tar": bench.tasks("by_hand", by_hand), "install": bench.tasks("ours", ours)}
        taken = medians(
            {name: lambda play=play: bench.play(play) for name, play in plays.items()},  # type: ignore[misc]
            before=lambda: bench.container.need("sh", "-c", "chmod -R u+w ~/sdk 2>/dev/null; rm -rf ~/sdk"),
        )
    for name, value in taken.items():
        figure(f"{name}_seconds", value)
    figure("install_ratio", taken["install"] / taken["curl_tar"])


def noop(bench: Bench) -> None:
    """Figure: nothing to do, against facts and one command; the functional check by itself."""
    main = ROOT / "playbooks" / "golang_dev.yml"
    bench.play(main)
    again = bench.play(main, go_doctor_functional=False)
    if not re.search(r"changed=0 ", again):
        raise DevError(f"Cannot measure: the second run still changes something:\n{again}")
    command = bench.tasks("least", {"ansible.builtin.command": {"cmd": "true"}}, facts=True)
    taken = medians(
        {
            "facts_and_command": lambda: bench.play(command),
            "noop": lambda: bench.play(main, go_doctor_functional=False),
            "noop_and_functional": lambda: bench.play(main),
        }
    )
    for name, value in taken.items():
        figure(f"{name}_seconds", value)
    figure("functional_seconds", taken["noop_and_functional"] - taken["noop"])
    figure("noop_ratio", taken["noop"] / taken["facts_and_command"])


def newest() -> str:
    """The version that ``stable`` means, as the module proxy pins have it."""
    data = json.loads((ROOT / "plugins" / "plugin_utils" / "_data" / "go_releases.json").read_text())
    return str(max(data["releases"], key=lambda version: tuple(map(int, version.split(".")))))


def main() -> int:
    with reached() as bench:
        machine = bench.container.need("dpkg", "--print-architecture").strip()
        install(bench, newest(), f"linux-{machine}")
        noop(bench)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (DevError, urllib.error.URLError, subprocess.CalledProcessError) as error:
        sys.exit(f"{error}")
