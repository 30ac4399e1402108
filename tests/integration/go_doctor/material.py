"""What the faults are made of: Go releases, gopls, dlv and a distribution's old ones, fetched once for a checkout."""

# ruff: noqa: PLC0415
from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from machine import podman, prepare, well_image  # type: ignore[import-not-found]

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "collections"), str(ROOT / "tests" / "tools")]

CACHE = ROOT / ".cache" / "go"
FAULTS = CACHE / "faults"
SENT = Path.home() / ".cache" / "gopherops.workstation" / "tools"  # what go_tools built on this controller
GO, OLD, OLDER = "1.27.4", "1.26.11", "1.25.14"
GOPLS, DLV = "golang.org/x/tools/gopls@v0.24.0", "github.com/go-delve/delve/cmd/dlv@v1.27.2"


@dataclass(frozen=True)
class Material:
    """Paths on this machine."""

    go: Path
    old_go: Path
    older_go: Path
    gopls: Path
    dlv: Path
    old: Path

    def volumes(self, tree: Path) -> list[str]:
        """Arguments of ``podman run``: the material where the faults expect it."""
        given = {
            "/opt/tree": tree,
            "/opt/go1.27.4": self.go,
            "/opt/go1.26.11": self.old_go,
            "/opt/go1.25.14": self.older_go,
            "/opt/old": self.old,
            "/opt/dlv": self.dlv.parent,
        }
        return [word for path, source in given.items() for word in ("-v", f"{source.resolve()}:{path}:ro")]


def found() -> Material:
    """Everything, fetched or built where it is not there yet."""
    go = _go(GO)
    return Material(go, _go(OLD), _go(OLDER), _tool(go, GOPLS), _tool(go, DLV), _distribution())


def _go(version: str) -> Path:
    from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.sdk import obtain_go

    for folder in (CACHE, FAULTS):
        if (folder / f"go{version}").is_dir():
            return folder / f"go{version}"
    FAULTS.mkdir(parents=True, exist_ok=True)
    obtain_go(version, FAULTS)
    return FAULTS / f"go{version}"


def _tool(go: Path, package: str) -> Path:
    """As this checkout's own runs built it, or built here in the same way."""
    path, _at, version = package.partition("@")
    name = path.rsplit("/", 1)[1]
    sent = sorted(SENT.glob(f"{name}-{version}-go{GO}-linux-*/{name}"))
    target = FAULTS / "bin" / name
    if not sent and not target.is_file():
        env = {**os.environ, "GOBIN": str(target.parent), "GOTOOLCHAIN": "local", "GOFLAGS": "-trimpath"}
        subprocess.run([str(go / "bin" / "go"), "install", package], env=env, check=True, capture_output=True)
    if sent and not target.is_file():  # what is kept there is for its owner's eyes only
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(sent[0], target)
        target.chmod(0o755)
    return target


def _distribution() -> Path:
    """Debian's gopls and dlv, which an old Go built."""
    folder = FAULTS / "old"
    if not (folder / "usr" / "bin" / "gopls").is_file():
        from dev import containers

        FAULTS.mkdir(parents=True, exist_ok=True)
        fetch = "apt-get -qq update && apt-get -qq download gopls delve && for p in *.deb; do dpkg -x $p /out; done"
        with containers.running("trixie", dict(os.environ), "--volume", f"{FAULTS}:/faults") as one:
            one.need("sh", "-ec", f"cd $(mktemp -d); {fetch.replace('/out', '/faults/old')}", user="root")
    return folder


def base() -> str:
    """The image that the well machine is made of."""
    from dev import images

    reference: str = images.ensure("bookworm", dict(os.environ))
    return reference


def well(material: Material, tree: Path) -> str:
    """The image of the well machine, made once for this material."""
    origin = base()
    recipe = (Path(__file__).parent / "machine.py").read_bytes()
    key = hashlib.sha256(f"{origin} {material.go} {material.gopls}".encode() + recipe).hexdigest()[:12]
    name = f"localhost/gopherops-doctor/well:{key}"
    if name not in podman("images", "--format", "{{.Repository}}:{{.Tag}}").split():
        well_image(origin, material.go.resolve(), material.gopls.resolve(), tree, name)
    return name


@contextlib.contextmanager
def prepared() -> Iterator[tuple[Material, list[str], str]]:
    """Material, volumes and the well image, with the target half laid out as an importable tree."""
    os.environ.setdefault("CONTAINERS_CONF", str(ROOT / "molecule" / "containers.conf"))
    material = found()
    with tempfile.TemporaryDirectory(prefix="gopherops-doctor-") as folder:
        tree = Path(folder)
        tree.chmod(0o755)
        prepare(tree)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost", "-keyout", str(tree / "key"), "-out", str(tree / "cert")],
            check=True, capture_output=True,
        )  # fmt: skip
        (tree / "tls.pem").write_text((tree / "key").read_text() + (tree / "cert").read_text())
        yield material, material.volumes(tree), well(material, tree)
