"""The developer owns and can use every place; what lies outside, and the module cache's content, is as it was."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest
import yaml

PROJECT = os.environ["MOLECULE_PROJECT_DIRECTORY"]
SCENARIO = Path(os.environ["MOLECULE_SCENARIO_DIRECTORY"])
PREFIX = f"gopherops-{hashlib.sha1(PROJECT.encode()).hexdigest()[:6]}-go_caches-"
GROUPS = yaml.safe_load((SCENARIO / "inventory" / "hosts.yml").read_text(encoding="utf-8"))
PLACES = ("go", "go/bin", "go/pkg", "go/pkg/mod", ".cache", ".cache/go-build", ".cache/gopls")


def run(host: str, user: str, script: str) -> str:
    env = {**os.environ, "CONTAINERS_CONF": f"{PROJECT}/molecule/containers.conf"}
    command = ["podman", "exec", "-i", "--user", user, PREFIX + host, "sh", "-eu"]
    done = subprocess.run(command, env=env, input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("host", [*GROUPS["accounts"]["hosts"], *GROUPS["machines"]["hosts"]])
def test_the_developer_owns_and_uses_every_place(host: str) -> None:
    user = "dev" if "account" in host else "gopher"
    home = f"/home/{user}"
    owners = run(host, "root", "".join(f"stat -c '%U:%G %a' {home}/{place}\n" for place in PLACES)).split("\n")
    assert {line.split()[0] for line in owners if line} == {f"{user}:{user}"}
    if "account" in host:
        assert {line.split()[1] for line in owners if line} == {"700"}
    use = "".join(
        f"printf '#!/bin/sh\\n' > {home}/{p}/t && chmod +x {home}/{p}/t && {home}/{p}/t && rm {home}/{p}/t\n"
        for p in PLACES
    )
    run(host, user, use)
    left = run(host, "root", f"find {home} -name '.gopherops-probe*' -o ! -user {user} ! -name linked -print")
    assert left == ""


@pytest.mark.parametrize("host", GROUPS["machines"]["hosts"])
def test_outside_and_content_are_as_they_were(host: str) -> None:
    module = "/home/gopher/go/pkg/mod/example.com/m@v1.0.0"
    stats = run(host, "root", f"stat -c '%U %a' /etc/hostname.test {module} {module}/m.go").splitlines()
    assert stats == ["root 644", "gopher 555", "gopher 444"]
