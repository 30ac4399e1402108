"""A container with a developer who has a working Go and gopls, thrown away after each fault."""

# ruff: noqa: E501, PLC0415
from __future__ import annotations

import json
import os
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ansible

ROOT = Path(__file__).resolve().parents[3]
ENV = {**os.environ, "CONTAINERS_CONF": str(ROOT / "molecule" / "containers.conf")}
HERE = Path(__file__).parent
PROFILE = 'export PATH="$HOME/sdk/go1.27.4/bin:$HOME/go/bin:$PATH"\n'
LIMITS = ("--cap-add", "SYS_ADMIN")


class ContainerError(Exception):
    """A command in or about the container failed; carries what it said."""


def podman(*words: str, data: str | None = None, timeout: float = 900) -> str:
    ran = subprocess.run(
        ["podman", *words], input=data, capture_output=True, text=True, env=ENV, timeout=timeout, check=False
    )
    if ran.returncode:
        raise ContainerError(f"podman {' '.join(words)[:300]}: {ran.stderr[-2000:]}{ran.stdout[-500:]}")
    return ran.stdout


@dataclass
class Machine:
    """One container."""

    name: str

    def root(self, script: str) -> str:
        return podman("exec", "-i", self.name, "bash", "-euc", script)

    def dev(self, script: str) -> str:
        return podman("exec", "-i", "-u", "dev", "-w", "/home/dev", self.name, "bash", "-lec", script)

    def look(
        self, options: dict[str, Any], user: str = "dev", home: str = "/home/dev", before: str = ""
    ) -> dict[str, Any]:
        """The facts, collected by the module's own code as this account."""
        from ansible_collections.gopherops.workstation.plugins.plugin_utils._probe._pack import packed

        words = f"{before} cd / && exec env HOME={home} PYTHONPATH=/opt/tree PYTHONDONTWRITEBYTECODE=1 python3 /opt/tree/visit.py"
        asked = json.dumps({"functional": True, **options, "probe": packed()})
        out = podman("exec", "-i", "-u", user, self.name, "bash", "-c", words, data=asked)
        facts: dict[str, Any] = json.loads(out)
        return facts


def prepare(target: Path) -> None:
    """The part of the collection that runs on targets, as an importable tree."""
    base = target / "ansible_collections" / "gopherops" / "workstation" / "plugins"
    base.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-r", str(ROOT / "plugins" / "module_utils"), str(base)], check=True)
    subprocess.run(["cp", str(HERE / "visit.py"), str(target)], check=True)
    core = Path(ansible.__file__).parent
    (target / "ansible").mkdir(exist_ok=True)
    (target / "ansible" / "__init__.py").touch()  # empty, as in a module's own payload
    subprocess.run(["cp", "-r", str(core / "module_utils"), str(target / "ansible")], check=True)


@contextmanager
def machine(image: str, *more: str) -> Iterator[Machine]:
    name = f"gopherops-doctor-{uuid.uuid4().hex[:8]}"
    podman("run", "-d", "--stop-signal", "9", "--name", name, *LIMITS, *more, image, "sleep", "infinity")
    try:
        yield Machine(name)
    finally:
        podman("rm", "-f", "-t", "0", name)


def well_image(base: str, go: Path, gopls: Path, target: Path, name: str) -> None:
    """Builds the image of a well machine: Go where this collection puts it, gopls, warm caches."""
    given = {target: "/opt/tree", go: "/opt/given/go", gopls.parent: "/opt/given/bin"}
    volumes = [word for source, path in given.items() for word in ("-v", f"{source}:{path}:ro")]
    with machine(base, *volumes) as one:
        one.root(
            "mkdir -p /home/dev/sdk /home/dev/go/bin /home/dev/src; cp -r /opt/given/go /home/dev/sdk/go1.27.4;"
            "ln -s go1.27.4 /home/dev/sdk/go;"
            f"cp /opt/given/bin/{gopls.name} /home/dev/go/bin/gopls; chown -hR dev:dev /home/dev"
        )
        one.dev(f"cat >> ~/.profile <<'E'\n{PROFILE}E")
        facts = one.look({})
        if not facts["functional"]["passed"]:
            raise ContainerError(f"the well machine is not well: {facts['functional']}")
        podman("commit", "-q", one.name, name)
