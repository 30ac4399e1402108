# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A venv is what its stamp says, or it does not exist; pip itself comes over a real connection, verified."""

from __future__ import annotations

import base64
import hashlib
import http.server
import json
import os
import shutil
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from dev import index, venvs
from dev.errors import DevError
from dev.paths import CACHE, REQUIREMENTS

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


def package(folder: Path, name: str) -> tuple[Path, str]:
    """A wheel of one module, and its hash."""
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{name}.py", "ANSWER = 42\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return wheel, hashlib.sha256(wheel.read_bytes()).hexdigest()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path, list[str]]]:
    """A simple index on the loopback: its address, its folder, and what was asked with which login."""
    folder = tmp_path / "www"
    folder.mkdir()
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object, **named: object) -> None:
            super().__init__(*arguments, directory=str(folder), **named)  # type: ignore[arg-type]

        def do_GET(self) -> None:
            asked.append(f"{self.path} {self.headers.get('Authorization', '')}".strip())
            super().do_GET()

        def log_message(self, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}/simple", folder, asked
        httpd.shutdown()


def page(folder: Path, project: str, wheel: Path) -> None:
    """Put a wheel into the index, by a relative address as PEP 503 allows."""
    shutil.copy(wheel, folder / wheel.name)
    (folder / "simple" / project).mkdir(parents=True)
    (folder / "simple" / project / "index.html").write_text(f'<a href="../../{wheel.name}#sha256=0">{wheel.name}</a>')


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own for venvs."""
    root = tmp_path / "checkout"
    (root / "requirements").mkdir(parents=True)
    monkeypatch.setattr(venvs, "ROOT", root)
    monkeypatch.setattr(venvs, "CACHE", root / ".cache")
    monkeypatch.setattr(venvs, "REQUIREMENTS", root / "requirements")
    return root


def pinned_pip() -> Path:
    wheels = sorted((CACHE / "pip").glob("pip-25*.whl"))
    if not wheels:
        pytest.skip(
            "this checkout's venvs were made with the pip that Python carries, so there is no pinned wheel here"
        )
    return wheels[-1]


def test_a_venv_is_built_whole_kept_and_built_anew_when_its_file_changed(
    checkout: Path,
    server: tuple[str, Path, list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    address, folder, asked = server
    page(folder, "pip", pinned_pip())
    wheel, digest = package(tmp_path, "tiny")
    page(folder, "tiny", wheel)
    requirements = checkout / "requirements" / "provision.txt"
    requirements.write_text(f"tiny==1.0 --hash=sha256:{digest}\n")
    monkeypatch.setattr(venvs, "_pip", lambda env: index.pip_wheel(env, cache=tmp_path / "pip"))
    env = {**os.environ, "PIP_INDEX_URL": address.replace("://", "://anna:s3cret@"), "PIP_NO_CACHE_DIR": "1"}
    killed = checkout / ".cache" / "venvs" / "provision-killed"
    killed.mkdir(parents=True)

    built = venvs.ensure("provision", env)
    script = f"import tiny; assert tiny.ANSWER == 42; import sys; assert sys.prefix == {str(built.path)!r}"
    assert os.spawnv(os.P_WAIT, str(built.python), [str(built.python), "-I", "-c", script]) == 0
    assert not killed.exists()
    login = "Basic " + base64.b64encode(b"anna:s3cret").decode()
    assert [line.split(" ", 1)[-1] for line in asked] == [login] * len(asked)
    assert "s3cret" not in capsys.readouterr().out

    first, count = built.path.resolve(), len(asked)
    assert venvs.ensure("provision", env).path.resolve() == first
    assert len(asked) == count, "a venv that stands needs no network"

    requirements.write_text(requirements.read_text() + "# changed\n")
    second = venvs.ensure("provision", env).path.resolve()
    assert second != first
    assert not first.exists()


def test_a_build_that_fails_leaves_the_old_venv_and_names_the_index_without_its_password(
    checkout: Path, server: tuple[str, Path, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address, folder, _asked = server
    wheel, digest = package(tmp_path, "tiny")
    page(folder, "tiny", wheel)
    (folder / wheel.name).write_bytes(b"somebody else's bytes")
    requirements = checkout / "requirements" / "provision.txt"
    requirements.write_text(f"tiny==1.0 --hash=sha256:{digest}\n")
    old = checkout / ".cache" / "venvs" / "provision-old"
    stamped(old, requirements)
    (checkout / ".venv").symlink_to(old)
    (old / venvs.STAMP).write_text("{}")
    env = {**os.environ, "PIP_INDEX_URL": address.replace("://", "://anna:s3cret@"), "PIP_NO_CACHE_DIR": "1"}
    with pytest.raises(DevError, match=r"Cannot build \.venv from requirements/provision\.txt") as caught:
        venvs.ensure("provision", env)
    assert (checkout / ".venv").resolve() == old
    assert "s3cret" not in str(caught.value) + "".join(capsys.readouterr())


def stamped(folder: Path, requirements: Path, **other: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    stamp = {"requirements": venvs.digest(requirements), "path": str(folder.resolve()), "python": VERSION, **other}
    (folder / venvs.STAMP).write_text(json.dumps(stamp))


@pytest.fixture
def stood(tmp_path: Path) -> tuple[Path, Path]:
    """A venv as far as its stamp goes, and its requirements."""
    requirements = tmp_path / "r.txt"
    requirements.write_text("a==1\n")
    stamped(tmp_path / "v", requirements)
    return tmp_path / "v", requirements


def test_the_stamp_decides(stood: tuple[Path, Path]) -> None:
    folder, requirements = stood
    assert venvs.fits(folder, requirements, lambda _: VERSION)


def test_a_newer_python_of_dev_itself_is_no_reason_to_build_anew(stood: tuple[Path, Path]) -> None:
    folder, requirements = stood
    stamped(folder, requirements, python="3.11")
    assert venvs.fits(folder, requirements, lambda _: "3.11")


@pytest.mark.parametrize(
    "fault", ["no stamp", "half a stamp", "other file", "moved", "interpreter gone", "interpreter new"]
)
def test_anything_else_is_no_venv(stood: tuple[Path, Path], fault: str) -> None:
    folder, requirements = stood
    version: str | None = VERSION
    if fault == "no stamp":
        (folder / venvs.STAMP).unlink()
    elif fault == "half a stamp":
        (folder / venvs.STAMP).write_text('{"requirements": "')
    elif fault == "other file":
        requirements.write_text("a==2\n")
    elif fault == "moved":
        folder = folder.rename(folder.with_name("w"))
    else:
        version = None if fault == "interpreter gone" else "3.99"
    assert not venvs.fits(folder, requirements, lambda _: version)


def test_an_interpreter_that_vanished_is_noticed(tmp_path: Path) -> None:
    assert venvs.interpreter_version(Path(sys.executable)) == VERSION
    (tmp_path / "python").symlink_to(tmp_path / "gone")
    assert venvs.interpreter_version(tmp_path / "python") is None


def test_pip_of_other_bytes_is_refused(server: tuple[str, Path, list[str]], tmp_path: Path) -> None:
    address, folder, _asked = server
    pins = json.loads((REQUIREMENTS / "pip.json").read_text())
    wheel = tmp_path / pins["wheels"][pins["use"]]["file"]
    wheel.write_bytes(b"not pip")
    page(folder, "pip", wheel)
    with pytest.raises(DevError, match="SHA-256 is not the pinned one"):
        index.pip_wheel({"PIP_INDEX_URL": address}, cache=tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*"))


def test_an_index_that_cannot_be_reached_is_named(tmp_path: Path) -> None:
    with pytest.raises(DevError, match=r"from http://127\.0\.0\.1:9/simple: .*refused"):
        index.pip_wheel({"PIP_INDEX_URL": "http://u:p@127.0.0.1:9/simple"}, cache=tmp_path)


def test_the_login_goes_to_the_index_and_to_no_other_host() -> None:
    def answer(href: str) -> str:
        return index.wheel_address("https://u:p@a.example/simple", "pip.whl", lambda _: f'<a href="{href}">'.encode())

    assert answer("../../f/pip.whl#sha256=1") == "https://u:p@a.example/f/pip.whl"
    assert answer("https://b.example/pip.whl") == "https://b.example/pip.whl"


def test_where_the_index_comes_from(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path)}
    if not any("index-url" in Path(name).read_text() for name in ("/etc/pip.conf",) if Path(name).is_file()):
        assert index.index_url(home) == "https://pypi.org/simple"
    (tmp_path / ".config" / "pip").mkdir(parents=True)
    (tmp_path / ".config" / "pip" / "pip.conf").write_text("[global]\nindex-url = https://conf.example/simple\n")
    assert index.index_url(home) == "https://conf.example/simple"
    china = index.index_url({**home, "GOPHEROPS_PROFILE": "china"})
    assert china == json.loads(index.SERVICES.read_text())["profiles"]["china"]["pypi"]
    variable = {**home, "GOPHEROPS_PROFILE": "china", "PIP_INDEX_URL": "https://var.example/simple"}
    assert index.index_url(variable) == "https://var.example/simple"
    with pytest.raises(DevError, match=r"Cannot use profile .mars.: .*china, default"):
        index.index_url({**home, "GOPHEROPS_PROFILE": "mars"})
