"""From a bundle to a proved machine with no network: the container has no route, and its controller has none either."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from _ssh import ROOT, podman  # type: ignore[import-not-found]

WANTED = ["-e", '{"go_sdk_version": "1.27.4", "go_tools_list": [{"name": "gopls"}]}']
# A new network namespace has not even a loopback that is up.
NOWHERE = ["unshare", "--net"]

pytestmark = [
    pytest.mark.skipif(not shutil.which("podman"), reason="podman is not installed"),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can take the network away from a process it starts"),
]


def ansible(*words: str, before: tuple[str, ...] = (), **env: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    paths = {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections")}
    command = [*before, str(Path(sys.executable).with_name("ansible-playbook")), *words, *WANTED]
    return subprocess.run(
        command,
        env={**kept, **paths, "LC_ALL": "C.UTF-8", **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    for name in ("ours", "theirs"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    where = ["-e", f"golang_dev_bundle={folder / 'bundle'}", "-e", f"bundle_signing_key={folder / 'ours'}"]
    done = ansible("gopherops.workstation.bundle", *where)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def machine() -> Iterator[str]:
    image = [sys.executable, "-I", str(ROOT / "tests" / "tools" / "images.py"), "bookworm"]
    base = subprocess.run(image, capture_output=True, text=True, check=True).stdout.strip()
    name = f"fleet-{secrets.token_hex(3)}-airgap"
    podman("run", "-d", "--name", name, "--stop-signal", "9", "--network", "none", base, "sleep", "infinity")
    yield name
    podman("rm", "-f", name, check=False)


def provision(bundle: Path, machine: str, signer: str) -> subprocess.CompletedProcess[str]:
    host = {
        "ansible_connection": "containers.podman.podman",
        "ansible_user": "dev",
        "ansible_podman_extra_env": {"HOME": "/home/dev", "USER": "dev"},
        "ansible_python_interpreter": "/usr/bin/python3",
        "golang_dev_source": "bundle",
        "golang_dev_bundle": str(bundle / "bundle"),
        "golang_dev_bundle_signers": [f"release@example.org {(bundle / f'{signer}.pub').read_text().strip()}"],
    }
    inventory = bundle / "inventory.json"
    inventory.write_text(json.dumps({"all": {"hosts": {machine: host}}}))
    fresh = {"XDG_CACHE_HOME": str(bundle / "cache"), "ANSIBLE_HOME": str(bundle / "ansible")}
    return ansible("-i", str(inventory), "gopherops.workstation.golang_dev", before=tuple(NOWHERE), **fresh)


def test_a_bundle_that_somebody_else_may_sign_is_not_used(bundle: Path, machine: str) -> None:
    done = provision(bundle, machine, "theirs")
    assert done.returncode != 0
    assert "nobody who may sign it has signed what it says" in " ".join(done.stdout.split())
    assert podman("exec", machine, "sh", "-c", "ls -A /home/dev/sdk /home/dev/go 2>/dev/null; true") == ""


def test_a_machine_without_a_route_is_provisioned_and_proved(bundle: Path, machine: str) -> None:
    assert podman("exec", machine, "sh", "-c", "ip route; ip -6 route") == ""
    assert subprocess.run([*NOWHERE, "ip", "route"], capture_output=True, check=True).stdout == b""
    done = provision(bundle, machine, "ours")
    assert done.returncode == 0, done.stdout + done.stderr
    said = podman("exec", "--user", "dev", machine, "/home/dev/sdk/go/bin/go", "version")
    assert said == "go version go1.27.4 linux/amd64"
    assert "v0.24.0" in podman(
        "exec", "--user", "dev", "-e", "HOME=/home/dev", machine, "/home/dev/go/bin/gopls", "version"
    )
    again = provision(bundle, machine, "ours")
    assert again.returncode == 0, again.stdout
    assert "changed=0" in again.stdout
