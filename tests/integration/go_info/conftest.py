"""A developer's home with a real Go, and the modules run by Ansible itself as the account that owns it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import real_go  # noqa: E402


@pytest.fixture(scope="session")
def go_root() -> Path:
    return real_go.go_root()


@pytest.fixture(scope="session")
def gopls() -> Path:
    sys.path.append(str(ROOT / "tests" / "integration" / "go_doctor"))
    import material  # type: ignore[import-not-found]  # noqa: PLC0415

    found: Path = material.found().gopls
    return found


@dataclass
class Developer:
    """One home; ``environment`` is what Ansible's module starts with."""

    home: Path
    outside: Path  # for what is Ansible's and not the modules'
    environment: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, text: str, mode: int = 0o644) -> Path:
        file = self.home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)
        return file

    def env(self) -> dict[str, str]:
        own = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return {**own, "HOME": str(self.home), **self.environment}

    def run(self, module: str, prefix: Sequence[str] = (), **options: Any) -> dict[str, Any]:
        """The module's result, through a playbook on the local connection; ``prefix`` is put before the command."""
        answer = self.outside / "answer.json"
        answer.unlink(missing_ok=True)
        tasks = [
            {"name": "Look", f"gopherops.workstation.{module}": options, "register": "look", "ignore_errors": True},
            {
                "name": "Tell",
                "ansible.builtin.copy": {"content": "{{ look | to_json }}", "dest": str(answer), "mode": "0600"},
            },
        ]
        plays = [{"name": "Look", "hosts": "localhost", "gather_facts": False, "tasks": tasks}]
        book = self.outside / "book.json"
        book.write_text(json.dumps(plays), encoding="utf-8")
        env = {
            **self.env(),
            "ANSIBLE_HOME": str(self.outside / "ansible"),
            "ANSIBLE_REMOTE_TMP": str(self.outside / "remote"),
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        }
        command = [
            *prefix,
            str(Path(sys.executable).with_name("ansible-playbook")),
            "-i",
            "localhost,",
            "-c",
            "local",
            str(book),
        ]
        done = subprocess.run(
            command, env=env, cwd=self.outside, capture_output=True, text=True, timeout=300, check=False
        )
        assert answer.is_file(), done.stdout + done.stderr
        result: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
        return result


@pytest.fixture
def developer(tmp_path: Path, go_root: Path) -> Iterator[Developer]:
    home, outside = tmp_path / "home", tmp_path / "outside"
    home.mkdir()
    outside.mkdir()
    one = Developer(home, outside)
    (home / "sdk").mkdir()
    (home / "sdk" / "go").symlink_to(go_root)
    one.write(".bash_profile", 'export PATH="$HOME/sdk/go/bin:$HOME/go/bin:$PATH"\nexport GOTOOLCHAIN=local\n')
    yield one
