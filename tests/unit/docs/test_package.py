# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The archive: the same bytes from the same tree, and whole enough to be installed and run from an empty place."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import sbom
import tarball
from dev.tree import copy_tree
from docsite import catalogue

from ansible_collections.gopherops.workstation.plugins.plugin_utils._report import _write

VERSION = catalogue.load(catalogue.ROOT / "galaxy.yml")["version"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, so that nobody works on it meanwhile."""
    folder = tmp_path_factory.mktemp("tree")
    copy_tree(folder)
    return folder


@pytest.fixture(scope="module")
def archive(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        return tarball.build(tmp_path_factory.mktemp("archive"), tree)


def ansible(folder: Path, *words: str) -> str:
    """A program of Ansible that knows of nothing but the folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    env = {**kept, "ANSIBLE_COLLECTIONS_PATH": str(folder / "here"), "ANSIBLE_HOME": str(folder / "home")}
    command = [sys.executable, "-m", "ansible", *words]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_two_builds_give_the_same_bytes(
    archive: Path, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another copy, made in another order, with other times and modes."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    second = tmp_path / "second"
    for file in sorted((one for one in tree.rglob("*") if one.is_file()), reverse=True):
        target = second / file.relative_to(tree)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
        target.chmod(0o755 if file.stat().st_mode & 0o100 else 0o600)
    again = tarball.build(tmp_path / "out", second)
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(archive.read_bytes()).digest()


def test_it_installs_into_an_empty_place_and_runs_from_there(archive: Path, tmp_path: Path) -> None:
    ansible(tmp_path, "galaxy", "collection", "install", "--offline", "--no-deps", "-p", "here", str(archive))
    ansible(tmp_path, "galaxy", "collection", "verify", "--offline", "gopherops.workstation")
    assert "gopherops.workstation.go_sdk" in ansible(tmp_path, "doc", "-l", "gopherops.workstation")
    listed = ansible(tmp_path, "playbook", "gopherops.workstation.golang_dev", "--list-tasks", "-i", "localhost,")
    assert "Provision with the role for this system" in listed


def test_a_file_that_was_changed_on_the_way_is_found(archive: Path, tmp_path: Path) -> None:
    """The manifest that is written anew here vouches for every file."""
    files = tarball.read(archive)
    info, body = files["plugins/module_utils/_errors.py"]
    files["plugins/module_utils/_errors.py"] = (info, body + b"\n")
    changed = tmp_path / archive.name
    changed.write_bytes(tarball.packed(files, 0))
    with pytest.raises(AssertionError, match="Checksum mismatch"):
        ansible(tmp_path, "galaxy", "collection", "install", "--offline", "--no-deps", "-p", "here", str(changed))


def test_nothing_of_the_tests_and_no_cache_is_in_it(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        names = tar.getnames()
    first = {name.split("/")[0] for name in names}
    assert first & {"tests", "molecule", "requirements", "collections", "dev"} == set()
    assert [name for name in names if "/." in f"/{name}" or "__pycache__" in name] == []


def test_modes_and_owners_say_nothing_of_who_built_it(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        members = tar.getmembers()
    assert {(one.uid, one.gid, one.uname, one.gname) for one in members} == {(0, 0, "", "")}
    assert {oct(one.mode) for one in members} <= {"0o644", "0o755"}
    assert archive.read_bytes()[4:8] == bytes(4)  # the time in the header of gzip
    assert io.BytesIO(archive.read_bytes()).read(2) == b"\x1f\x8b"


def test_reports_name_the_version_of_the_collection() -> None:
    assert _write.VERSION == VERSION


def test_the_bill_of_materials_names_everything_once(archive: Path) -> None:
    bill = sbom.bill(archive)
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["metadata"]["component"]["version"] == VERSION
    [digest] = bill["metadata"]["component"]["hashes"]
    assert digest["content"] == hashlib.sha256(archive.read_bytes()).hexdigest()
    references = [part["bom-ref"] for part in bill["components"]]
    assert len(references) == len(set(references))
    assert any(reference.startswith("pkg:pypi/ansible-core@") for reference in references)
    assert all(part["hashes"] for part in bill["components"] if part["type"] == "library")
    assert bill == sbom.bill(archive)
