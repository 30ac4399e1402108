"""The developer owns and can use every place; what lies outside, and the module cache's content, is as it was."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import pytest
import yaml

PROJECT = os.environ["MOLECULE_PROJECT_DIRECTORY"]
sys.path.insert(0, f"{PROJECT}/molecule/shared")

from listing import difference, play, podman  # type: ignore[import-not-found]  # noqa: E402

SCENARIO = Path(os.environ["MOLECULE_SCENARIO_DIRECTORY"])
PREFIX = f"gopherops-{hashlib.sha1(PROJECT.encode()).hexdigest()[:6]}-go_caches-"
GROUPS = yaml.safe_load((SCENARIO / "inventory" / "hosts.yml").read_text(encoding="utf-8"))
PLACES = ("go", "go/bin", "go/pkg", "go/pkg/mod", ".cache", ".cache/go-build", ".cache/gopls")


def run(host: str, user: str, script: str) -> str:
    return str(podman("exec", "-i", "--user", user, PREFIX + host, "sh", "-eu", script=script))


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


def test_absent_leaves_every_host_as_the_image_is() -> None:
    play("go_caches", "go_caches", go_caches_state="absent")
    # The scenario's own fixture: what a go under sudo had left is the developer's now, and stays.
    spoilt = ("./home/gopher/.cache", "./home/gopher/go", "./etc/hostname.test")
    for group in GROUPS["accounts"], GROUPS["machines"]:
        for host, variables in group["hosts"].items():
            without = spoilt if host in GROUPS["machines"]["hosts"] else ()
            assert difference(PREFIX + host, variables["container_image"], without) == [], host
    for host in GROUPS["machines"]["hosts"]:
        left = run(host, "root", "cd /home/gopher && find .cache go -printf '%p %u\\n' | sort").splitlines()
        assert left == [
            *(".cache gopher", ".cache/go-build gopher", ".cache/go-build/00 gopher"),
            *(".cache/go-build/00/entry gopher", ".cache/go-build/00/linked root", "go gopher", "go/pkg gopher"),
            *("go/pkg/mod gopher", "go/pkg/mod/example.com gopher", "go/pkg/mod/example.com/m@v1.0.0 gopher"),
            "go/pkg/mod/example.com/m@v1.0.0/m.go gopher",
        ]
