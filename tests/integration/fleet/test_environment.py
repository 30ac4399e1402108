"""The execution environment built and run: a rollout begins in it, and its state outlives it.

Real: the definition, ansible-builder, Debian and PyPI, ansible-runner, the collection as galaxy packs it. No registry
is needed: a stand-in takes the place of the base image, Debian 13 with the same Python at the same place.
"""

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
from _ssh import BUNDLE, ROOT, podman  # type: ignore[import-not-found]

BIN = Path(sys.executable).parent
BUILDER = shutil.which("ansible-builder", path=os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)]))
STAND_IN = """
FROM {base}
RUN apt-get update && apt-get install --yes --no-install-recommends python3-venv && python3 -m venv /usr/local
"""
TRUST = ["-v", f"{BUNDLE}:{BUNDLE}:ro"] if os.path.exists(BUNDLE) else []

pytestmark = [
    pytest.mark.skipif(not shutil.which("podman"), reason="podman is not installed"),
    pytest.mark.skipif(not BUILDER, reason="ansible-builder is not installed; requirements/test.in names it"),
]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder, name = tmp_path_factory.mktemp("ee"), f"localhost/fleet-{secrets.token_hex(3)}"
    found = [sys.executable, "-I", str(ROOT / "tests" / "tools" / "images.py"), "trixie"]
    base = subprocess.run(found, capture_output=True, text=True, check=True).stdout.strip()
    (folder / "Containerfile").write_text(STAND_IN.format(base=base))
    shutil.copy(ROOT / "execution-environment.yml", folder)
    packed = folder / ".cache" / "ee"
    galaxy = [str(BIN / "ansible-galaxy"), "collection", "build", "--output-path", str(packed)]
    subprocess.run(galaxy, cwd=ROOT, capture_output=True, check=True)
    next(packed.glob("*.tar.gz")).rename(packed / "collection.tar.gz")
    try:
        podman("build", "-q", *TRUST, "-t", f"{name}:base", str(folder))
        words = ["build", "--tag", f"{name}:ee", "--container-runtime", "podman", "--verbosity", "2"]
        words += ["--build-arg", f"EE_BASE_IMAGE={name}:base", "--extra-build-cli-args", " ".join(TRUST)]
        done = subprocess.run([str(BUILDER), *words], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        yield f"{name}:ee"
    finally:
        podman("rmi", "-f", f"{name}:ee", f"{name}:base", check=False)


def test_a_rollout_runs_in_the_environment_and_its_state_outlives_it(image: str, tmp_path: Path) -> None:
    (tmp_path / "inventory").mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "env").mkdir()
    away = {"ansible_host": "127.0.0.1", "ansible_port": 9}
    (tmp_path / "inventory" / "hosts.json").write_text(json.dumps({"all": {"hosts": {"away": away}}}))
    (tmp_path / "env" / "extravars").write_text(json.dumps({"fleet_dir": "/runner/fleet"}))
    subprocess.run(["chmod", "-R", "a+rwX", tmp_path], check=True)
    command = ["ansible-runner", "run", "/runner", "-p", "gopherops.workstation.fleet_rollout"]
    done = subprocess.run(
        ["podman", "run", "--rm", "-v", f"{tmp_path}:/runner", image, *command],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "none of its 1 hosts answered" in done.stdout, done.stdout + done.stderr
    report = json.loads((tmp_path / "fleet" / "rollout" / "report.json").read_text())
    assert report["totals"]["away"] == 1
    assert "Connection refused" in report["hosts"][0]["reason"]
