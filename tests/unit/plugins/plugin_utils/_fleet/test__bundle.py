"""A bundle is used only when it is whole, nothing was added, and somebody who may has signed it: real ssh keys."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet import _bundle


def key(folder: Path, name: str) -> str:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    return str(folder / name)


def signer(private: str) -> list[str]:
    return [f"release@example.org {Path(private + '.pub').read_text().strip()}"]


@pytest.fixture
def packed(tmp_path: Path) -> tuple[Path, str]:
    cache = tmp_path / "cache"
    (cache / "go").mkdir(parents=True)
    (cache / "go" / "go1.27.4.linux-amd64.archive").write_bytes(b"go" * 9000)
    (cache / "go" / "go1.27.4.linux-amd64.lock").touch()
    (cache / "tools" / "gopls-x").mkdir(parents=True)
    (cache / "tools" / "gopls-x" / "packed.gz").write_bytes(b"gopls")
    private, folder = key(tmp_path, "ours"), tmp_path / "bundle"
    _bundle.collect(cache, [cache / "go" / "go1.27.4.linux-amd64.archive", cache / "tools" / "gopls-x"], folder)
    assert _bundle.seal(folder, private) == 2
    return folder, private


def test_a_bundle_becomes_the_cache_of_another_controller(packed: tuple[Path, str], tmp_path: Path) -> None:
    folder, private = packed
    names = _bundle.verify(folder, signer(private))
    there = tmp_path / "there"
    archive, program = there / "go" / "go1.27.4.linux-amd64.archive", there / "tools" / "gopls-x" / "packed.gz"
    predicted = _bundle.unpack(folder, names, there, check=True)
    assert not there.exists()
    assert [(one.path, one.act) for one in predicted] == [(str(archive), "create"), (str(program), "create")]
    assert _bundle.unpack(folder, names, there) == predicted
    assert archive.read_bytes() == b"go" * 9000
    assert _bundle.unpack(folder, names, there) == []
    program.write_bytes(b"other")
    assert [(one.path, one.act) for one in _bundle.unpack(folder, names, there)] == [(str(program), "replace")]
    assert program.read_bytes() == b"gopls"


def test_without_the_right_signature_nothing_is_used(packed: tuple[Path, str], tmp_path: Path) -> None:
    folder, private = packed
    with pytest.raises(WorkstationError, match="nothing says who may sign it"):
        _bundle.verify(folder, [])
    with pytest.raises(WorkstationError, match="nobody who may sign it"):
        _bundle.verify(folder, signer(key(tmp_path, "theirs")))
    (folder / "SHA256SUMS").write_text((folder / "SHA256SUMS").read_text() + "\n")
    with pytest.raises(WorkstationError, match="nobody who may sign it"):
        _bundle.verify(folder, signer(private))
    (folder / "SHA256SUMS.sig").unlink()
    with pytest.raises(WorkstationError, match="it is not signed"):
        _bundle.verify(folder, signer(private))


def test_every_change_of_the_content_is_found(packed: tuple[Path, str]) -> None:
    folder, private = packed
    program = folder / "cache" / "tools" / "gopls-x" / "packed.gz"
    program.write_bytes(b"gopl5")
    with pytest.raises(WorkstationError, match=r"packed\.gz' is not what was signed"):
        _bundle.verify(folder, signer(private))
    program.unlink()
    with pytest.raises(WorkstationError, match=r"packed\.gz' is missing"):
        _bundle.verify(folder, signer(private))
    program.write_bytes(b"gopls")
    (program.parent / "added").write_bytes(b"")
    with pytest.raises(WorkstationError, match="added' is not in its list"):
        _bundle.verify(folder, signer(private))


def test_a_bundle_on_a_medium_that_cannot_be_written_is_verified(
    packed: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, private = packed
    before, seen, run = sorted(folder.parent.rglob("*")), [], subprocess.run

    def watch(*arguments: Any, **more: Any) -> Any:
        seen.append(sorted(folder.parent.rglob("*")))
        return run(*arguments, **more)

    monkeypatch.setattr(subprocess, "run", watch)
    assert _bundle.verify(folder, signer(private))
    assert seen == [before]


def test_without_opensshs_client_the_message_says_so(packed: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, private = packed
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(WorkstationError, match=r"Cannot verify bundle '.*ssh-keygen'. Install OpenSSH's client"):
        _bundle.verify(folder, signer(private))
    with pytest.raises(WorkstationError, match=r"Cannot sign bundle '.*ssh-keygen'. Install OpenSSH's client"):
        _bundle.seal(folder, private)


def test_a_full_disk_is_said(packed: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, private = packed
    names = _bundle.verify(folder, signer(private))

    def full(*_arguments: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copy2", full)
    with pytest.raises(WorkstationError, match=r"Cannot unpack bundle '.*': No space left on device. Check space"):
        _bundle.unpack(folder, names, tmp_path / "there")
    with pytest.raises(WorkstationError, match=r"Cannot pack bundle '.*': No space left on device. Check space"):
        _bundle.collect(tmp_path / "cache", [*(tmp_path / "cache" / "go").glob("*.archive")], tmp_path / "new")
    os.mkfifo(tmp_path / "cache" / "tools" / "gopls-x" / "pipe")
    with pytest.raises(WorkstationError, match=r"Cannot pack bundle '.*': .* is a named pipe. Check space"):
        _bundle.collect(tmp_path / "cache", [tmp_path / "cache" / "tools" / "gopls-x"], tmp_path / "new")
