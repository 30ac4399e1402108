"""The probe against a real gopls agrees with pygls; against a slow or a lying one it says which of the two it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(HERE))

if not any(type(finder).__name__ == "_AnsibleCollectionFinder" for finder in sys.meta_path):
    from ansible.plugins.loader import init_plugin_loader

    init_plugin_loader([str(ROOT / "collections")])

import material  # type: ignore[import-not-found]  # noqa: E402

from ansible_collections.gopherops.workstation.plugins.module_utils._functional._module_cache import (  # noqa: E402
    cached_module,
)

PROBE = ROOT / "plugins" / "plugin_utils" / "_probe" / "source"
# A language server that greets, and then either never answers or answers everything with nothing.
SERVER = """\
#!{python}
import json, sys
def read():
    length = 0
    while line := sys.stdin.buffer.readline().strip():
        if line.lower().startswith(b"content-length"): length = int(line.split(b":")[1])
    return json.loads(sys.stdin.buffer.read(length)) if length else None
while (m := read()) is not None:
    if m.get("method") == "exit": break
    if "id" in m and (m["method"] == "initialize" or {answers}):
        body = json.dumps({{"jsonrpc": "2.0", "id": m["id"], "result": {{}} if m["method"] == "initialize" else None}})
        sys.stdout.write(f"Content-Length: {{len(body)}}\\r\\n\\r\\n{{body}}"); sys.stdout.flush()
"""


@pytest.fixture(scope="module")
def go() -> Path:
    found: Path = material.found().go
    return found / "bin" / "go"


@pytest.fixture(scope="module")
def gopls() -> Path:
    found: Path = material.found().gopls
    return found


@pytest.fixture(scope="module")
def probe(go: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    program = tmp_path_factory.mktemp("probe") / "probe"
    env = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": ""}
    subprocess.run([str(go), "build", "-o", str(program), "."], cwd=PROBE, env=env, check=True)
    return program


def ask(probe: Path, server: Path, scratch: Path, **more: Any) -> dict[str, Any]:
    scratch.mkdir()
    config = {"gopls": str(server), "goversion": "go1.27.4", "goroot": "/", "scratch": str(scratch), **more}
    done = subprocess.run(
        [str(probe)], input=json.dumps(config), capture_output=True, text=True, check=True, timeout=60
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def fake(tmp_path: Path, answers: bool) -> Path:
    server = tmp_path / "gopls"
    server.write_text(SERVER.format(python=sys.executable, answers=answers))
    server.chmod(0o755)
    return server


def test_pygls_gets_the_same_answers(go: Path, gopls: Path) -> None:
    agree = [sys.executable, str(HERE / "agree.py"), "--go", str(go), "--gopls", str(gopls)]
    done = subprocess.run(agree, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_server_that_never_answers_is_late_and_keeps_to_the_budget(probe: Path, tmp_path: Path) -> None:
    begin = time.monotonic()
    report = ask(probe, fake(tmp_path, answers=False), tmp_path / "scratch", seconds=2, budget=3)
    assert time.monotonic() - begin < 25  # a second for each question that is left
    steps = {one["name"]: one for one in report["steps"]}
    assert steps["initialize"]["ok"]
    assert {name for name, one in steps.items() if not one["ok"] and one["late"]} >= {
        "diagnostics",
        "definition",
        "hover",
    }
    assert not any(one["late"] for one in report["steps"] if one["ok"])


def test_an_empty_environment_means_the_own_one(probe: Path, tmp_path: Path) -> None:
    """Windows sends it so: gopls would else find neither go nor a cache."""
    server = tmp_path / "gopls"
    server.write_text(f'#!/bin/sh\necho "$MARK" > {tmp_path}/said\n')
    server.chmod(0o755)
    (tmp_path / "scratch").mkdir()
    config = {"gopls": str(server), "goroot": "/", "scratch": str(tmp_path / "scratch"), "env": [], "seconds": 1}
    subprocess.run(
        [str(probe)],
        input=json.dumps(config),
        env={**os.environ, "MARK": "own"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (tmp_path / "said").read_text() == "own\n"


def test_a_server_that_knows_nothing_is_wrong_and_not_late(probe: Path, tmp_path: Path) -> None:
    report = ask(probe, fake(tmp_path, answers=True), tmp_path / "scratch", seconds=2, budget=3)
    steps = {one["name"]: one for one in report["steps"]}
    assert (steps["definition"]["ok"], steps["definition"]["late"]) == (False, False)
    assert "no definition found" in steps["definition"]["detail"]
    assert steps["diagnostics"]["late"]


def fetched(go: Path, asked: str, folder: Path) -> dict[str, str]:
    """The environment of a module cache into which this Go itself fetched golang.org/x/sync, which asks for a Go."""
    name, version = "golang.org/x/sync", "v0.99.0"
    proxy = folder / "proxy" / name / "@v"
    proxy.mkdir(parents=True)
    mod = f"module {name}\n\ngo {asked}\n"
    (proxy / f"{version}.mod").write_text(mod)
    (proxy / f"{version}.info").write_text(json.dumps({"Version": version, "Time": "2026-01-01T00:00:00Z"}))
    with zipfile.ZipFile(proxy / f"{version}.zip", "w") as archive:
        archive.writestr(f"{name}@{version}/go.mod", mod)
        archive.writestr(f"{name}@{version}/singleflight/one.go", "package singleflight\n\ntype Group struct{}\n")
    env = {
        **os.environ, "GOTOOLCHAIN": "local", "GOPROXY": (folder / "proxy").as_uri(), "GONOSUMDB": "*", "GOWORK": "off",
        "GOMODCACHE": str(folder / "modules"), "GOFLAGS": "-modcacherw", "PATH": f"{go.parent}:{os.environ['PATH']}",
    }  # fmt: skip
    subprocess.run([str(go), "mod", "download", f"{name}@{version}"], env=env, check=True, cwd=folder)
    return env


def module_step(
    probe: Path, go: Path, gopls: Path, env: dict[str, str], scratch: Path, **change: Any
) -> dict[str, Any]:
    """What the probe says about the definition in the module of the cache."""
    version = subprocess.run([str(go), "env", "GOVERSION"], env=env, capture_output=True, text=True, check=True).stdout
    module = cached_module(env["GOMODCACHE"], version.strip())
    assert module is not None
    asked = {"goversion": version.strip(), "goroot": str(go.parents[1]), "module": {**module, **change}}
    report = ask(probe, gopls, scratch, env=[f"{name}={value}" for name, value in env.items()], **asked)
    steps: dict[str, dict[str, Any]] = {one["name"]: one for one in report["steps"]}
    assert all(one["ok"] for name, one in steps.items() if name != "definition_module"), report
    return steps["definition_module"]


@pytest.mark.parametrize("release", ["1.27.0", "1.26.0"])
def test_a_module_that_asks_for_the_first_patch_of_this_very_go_is_found(
    gopls: Path, probe: Path, tmp_path: Path, release: str
) -> None:
    """Modules of golang.org/x ask for the first patch of the older supported release: 1.26 would be older than it."""
    have = material.found()
    go = (have.go if release == "1.27.0" else have.old_go) / "bin" / "go"
    found = module_step(probe, go, gopls, fetched(go, release, tmp_path), tmp_path / "scratch")
    assert found["ok"], found
    assert "singleflight/one.go:3" in found["detail"]


def test_why_there_is_no_definition_is_told(go: Path, gopls: Path, probe: Path, tmp_path: Path) -> None:
    found = module_step(probe, go, gopls, fetched(go, "1.26.0", tmp_path), tmp_path / "scratch", version="v0.98.0")
    assert not found["ok"]
    assert "no definition found: " in found["detail"]
    assert "could not import golang.org/x/sync/singleflight" in found["detail"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo 'ok probe (cached)'", [("test", True, False), ("test_cached", True, False)]),
        ("test -e ran && echo '(cached)'; : > ran", [("test", True, False), ("test_cached", True, False)]),
        ("echo 'ok probe 0.1s'", [("test", True, False), ("test_cached", False, False)]),
        ("echo 'fork/exec: permission denied' >&2; exit 1", [("test", False, False)]),
        ("sleep 30 & sleep 30", [("test", False, True)]),
    ],
    ids=["cached at once", "cached at second", "never cached", "fails", "hangs"],
)  # fmt: skip
def test_the_tests_run_beside_and_have_to_be_cached(
    probe: Path, tmp_path: Path, script: str, expected: list[tuple[str, bool, bool]]
) -> None:
    begin = time.monotonic()
    config = json.dumps({"test": ["/bin/sh", "-c", script], "building": 2})
    done = subprocess.run(
        [str(probe)], input=config, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    report = json.loads(done.stdout)
    assert time.monotonic() - begin < 15
    assert [(one["name"], one["ok"], one["late"]) for one in report["steps"]] == expected
    if not expected[-1][1]:
        assert report["steps"][-1]["detail"]
