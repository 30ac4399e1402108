"""Pull mode trusts signatures only: real git, real ssh keys, real ansible-pull, and servers that cheat."""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PROGRAM = Path(__file__).resolve().parents[4] / "roles" / "go_drift" / "files" / "go_drift.py"
PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.copy:
        content: '{{ said | to_json }}'
        dest: "{{ golang_dev_report_file }}"
        mode: "0600"
      check_mode: false
      vars:
        said:
          planned: "{{ wanted }}"
          to_do: []
          passed: null
          failure: ""
          lines: [{state: "{{ 'ok' if ansible_check_mode else 'changed' }}"}]
"""


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("go_drift", PROGRAM)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


drift = load()


class World:
    """A repository, two keys, and a machine that has a place for its state."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.repository = folder, folder / "repository"
        for name in ("ours", "theirs"):
            key = folder / name
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        subprocess.run(["git", "init", "-q", "-b", "main", self.repository], check=True)
        (self.repository / "site.yml").write_text(PLAYBOOK)
        self.commit("one")

    def git(self, *words: str) -> str:
        names = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "gpg.format=ssh"]
        command = ["git", "-C", str(self.repository), *names, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, text: str) -> None:
        (self.repository / "text").write_text(text)
        self.git("add", "-A")
        self.git("commit", "-qm", text)

    def tag(self, name: str, key: str | None = "ours", *words: str) -> None:
        sign = ["-c", f"user.signingkey={self.folder / key}"] if key else []
        self.git(*sign, "tag", "-f", *(["-s"] if key else ["-a"]), "-m", "release", name, *words)

    def config(self, **overrides: Any) -> dict[str, Any]:
        public = (self.folder / "ours.pub").read_text().strip()
        return {
            "repository": f"file://{self.repository}",
            "tag": "v1",
            "commit": "",
            "allowed_signers": [f't@example.org namespaces="git" {public}'],
            "mode": "report",
            "playbook": "site.yml",
            "variables": {"wanted": []},
            "ansible_pull": str(Path(sys.executable).with_name("ansible-pull")),
            "state_dir": str(self.folder / "state"),
            "jitter": 0,
            "on_battery": True,
            "syslog": False,
            "report_url": "",
            **overrides,
        }

    def visit(self, *, now: bool = True, **overrides: Any) -> dict[str, Any]:
        result: dict[str, Any] = drift.Drift(self.config(**overrides), now=now).visit()
        return result

    def ran(self) -> bool:
        return (self.folder / "state" / "checkout").exists()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("ANSIBLE_HOME", str(tmp_path / "ansible"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ANSIBLE_PYTHON_INTERPRETER", sys.executable)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    return World(tmp_path)


def test_a_signed_tag_is_run_and_its_result_kept(world: World) -> None:
    world.tag("v1")
    assert world.visit()["status"] == "clean"
    result = world.visit(variables={"wanted": [{"path": "/home/a/.config/go/env"}]})
    assert (result["status"], result["paths"]) == ("drifted", ["/home/a/.config/go/env"])
    kept = json.loads((world.folder / "state" / "result.json").read_text())
    assert kept == result
    assert kept["commit"] == world.git("rev-parse", "HEAD")


def test_repair_runs_for_real(world: World) -> None:
    world.tag("v1")
    assert world.visit(mode="repair", variables={"wanted": [{"path": "x"}]})["status"] == "repaired"


@pytest.mark.parametrize("key", [None, "theirs"])
def test_a_tag_that_nobody_allowed_has_signed_is_refused(world: World, key: str | None) -> None:
    world.tag("v1", key)
    result = world.visit()
    assert result["status"] == ("untrusted" if key else "unsigned"), result
    assert not world.ran()


def test_a_lightweight_tag_is_refused_even_on_a_signed_commit(world: World) -> None:
    world.git("-c", f"user.signingkey={world.folder / 'ours'}", "commit", "-S", "--allow-empty", "-qm", "signed")
    world.git("tag", "v1")
    assert world.visit()["status"] == "unsigned"
    assert not world.ran()


def test_an_old_signed_tag_under_a_new_name_is_refused(world: World) -> None:
    world.tag("v0")
    world.git("update-ref", "refs/tags/v1", world.git("rev-parse", "refs/tags/v0"))
    result = world.visit()
    assert (result["status"], "under another name" in result["reason"]) == ("untrusted", True)
    assert not world.ran()


def test_a_tag_that_moved_is_refused_though_it_is_signed(world: World) -> None:
    world.tag("v1")
    first = world.visit()["commit"]
    world.commit("two")
    world.tag("v1")
    result = world.visit()
    assert result["status"] == "changed"
    assert first in result["reason"]
    assert (world.folder / "state" / "checkout" / "text").read_text() == "one"
    # A new tag is no change of the old one.
    world.tag("v2")
    assert world.visit(tag="v2")["status"] == "clean"


def test_a_pinned_commit_wins_over_the_first_seen(world: World) -> None:
    world.tag("v1")
    assert world.visit(commit="0" * 40)["status"] == "changed"
    assert not world.ran()


@pytest.mark.parametrize("address", ["file:///nowhere/at/all", "https://user:hunter2@127.0.0.1:9/x.git"])
def test_an_unreachable_repository_is_reported_without_its_password(world: World, address: str) -> None:
    result = world.visit(repository=address)
    assert result["status"] == "unreachable"
    assert "hunter2" not in (world.folder / "state" / "result.json").read_text()


def test_a_missing_tag_is_named(world: World) -> None:
    assert "no tag 'v9'" in world.visit(tag="v9")["reason"]


def test_failures_make_it_wait_longer_each_time_and_success_forgets_them(world: World) -> None:
    waits = []
    for _ in range(3):
        world.visit()
        memory = json.loads((world.folder / "state" / "memory.json").read_text())
        waits.append(round((memory["not_before"] - drift.time.time()) / 3600))
    assert waits == [1, 2, 4]
    assert world.visit(now=False)["status"] == "waiting"
    world.tag("v1")
    assert world.visit()["failures"] == 0


def test_two_visits_never_overlap(world: World) -> None:
    (world.folder / "state").mkdir()
    with open(world.folder / "state" / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert world.visit()["status"] == "busy"


def test_on_battery_it_waits_and_counts_no_failure(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drift, "on_battery", lambda: True)
    assert world.visit(now=False, on_battery=False)["status"] == "battery"
    assert not (world.folder / "state" / "memory.json").exists()


def test_the_result_goes_to_an_address_that_asked_for_it(world: World) -> None:
    got: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    result = world.visit(report_url=f"http://127.0.0.1:{server.server_port}/")
    server.shutdown()
    server.server_close()
    assert got == [result]
