"""The probe against a real gopls agrees with pygls; against a slow or a lying one it says which of the two it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
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


def ask(probe: Path, server: Path, scratch: Path, **limits: float) -> dict[str, Any]:
    scratch.mkdir()
    config = {"gopls": str(server), "goversion": "go1.27.4", "goroot": "/", "scratch": str(scratch), **limits}
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
