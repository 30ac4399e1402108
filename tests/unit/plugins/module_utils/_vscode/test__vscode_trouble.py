# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said where a disk, a package or a machine is not as it should be."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from vscode.pack import vsix

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode import _disk, _vsix
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._allowed import allowed_extensions
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._extensions import Store
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._homes import (
    homes,
    is_local,
    is_url,
    target_platform,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._places import System
from ansible_collections.gopherops.workstation.plugins.plugin_utils._settings._tables import table

PACKAGE = {"name": "golang.go", "vsix": "/x.vsix", "state": "present", "remote_src": False}


def system(name: str = "linux", exists: Any = lambda _path: False, on_path: Any = lambda _command: False) -> System:
    def missing(path: str) -> bytes:
        raise FileNotFoundError(path)

    return System(name=name, home="/home/dev", environment={}, exists=exists, read=missing, on_path=on_path)


def options(*extensions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"products": ["auto"], "servers": False, "extensions_dir": None, "extensions": list(extensions), **more}


def test_without_an_editor_packages_go_where_code_will_look() -> None:
    (home,) = homes(system(), table("vscode_products")["products"], options(PACKAGE))
    assert (home.product, home.folder, home.command) == ("code", "/home/dev/.vscode/extensions", None)
    (home,) = homes(system(), table("vscode_products")["products"], options(PACKAGE, extensions_dir="/shared"))
    assert home.folder == "/shared"


def test_without_an_editor_nothing_comes_from_its_marketplace() -> None:
    with pytest.raises(WorkstationError) as caught:
        homes(system(), table("vscode_products")["products"], options({**PACKAGE, "vsix": None}))
    assert caught.value.message == (
        "Cannot install extensions 'of VS Code': no product is installed on this machine. "
        "Install one first, name it in products, or give every extension as a .vsix."
    )


def test_a_server_has_extensions_of_its_own_where_that_is_asked_for() -> None:
    def there(path: str) -> bool:
        return path == "/home/dev/.vscode-server"

    found = homes(system(exists=there), table("vscode_products")["products"], options(PACKAGE, servers=True))
    assert [home.folder for home in found] == ["/home/dev/.vscode-server/extensions"]


def test_a_mac_starts_the_editor_from_its_application() -> None:
    app = "/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code"
    (home,) = homes(
        system("darwin", exists=lambda path: path == app),
        table("vscode_products")["products"],
        options(PACKAGE, products=["code"]),
    )
    assert home.command == [app]
    (home,) = homes(
        system("darwin", on_path=lambda name: name == "code"),
        table("vscode_products")["products"],
        options(PACKAGE, products=["code"]),
    )
    assert home.command == ["code"]


def test_a_package_is_a_file_here_a_file_there_or_an_address() -> None:
    assert is_local(PACKAGE)
    assert not is_local({**PACKAGE, "remote_src": True})
    assert not is_local({**PACKAGE, "vsix": "https://m.example/x.vsix"})
    assert not is_local({**PACKAGE, "vsix": None})
    assert is_url("file:///x") and not is_url("/https://x")


@pytest.mark.parametrize(
    ("machine", "name"),
    [("x86_64", "x64"), ("AMD64", "x64"), ("aarch64", "arm64"), ("armv7l", "armhf"), ("s390x", "s390x")],
)
def test_a_machine_has_the_name_that_packages_use(machine: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.path.exists", lambda path: False)
    assert target_platform("linux", machine) == f"linux-{name}"
    assert target_platform("darwin", machine) == f"darwin-{name}"
    monkeypatch.setattr("os.path.exists", lambda path: path == "/etc/alpine-release")
    assert target_platform("linux", machine) == f"alpine-{name}"


def test_settings_of_a_size_that_no_person_wrote_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b"x" * (1 << 20))
    monkeypatch.setattr(_disk, "MAX_BYTES", 1 << 20)
    assert _disk.real_files(0).read(str(path)) == path.read_bytes()
    path.write_bytes(b"x" * ((1 << 20) + 1))
    with pytest.raises(WorkstationError, match="it is larger than 1 MiB"):
        _disk.real_files(0).read(str(path))


def test_a_folder_that_cannot_be_made_or_read_is_said_in_the_systems_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkstationError, match=r"Cannot make the folder of .*: (Not a directory|File exists)"):
        _disk.write(str(tmp_path / "file" / "settings.json"), b"{}")
    with pytest.raises(WorkstationError, match=r"Cannot read .*: File name too long"):
        _disk.read(str(tmp_path / ("x" * 300)))


def test_this_system_is_the_one_that_we_are_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "file").write_bytes(b"content")
    here = _disk.this_system()
    assert (here.name, here.home, here.environment["HOME"]) == ("linux", str(tmp_path), str(tmp_path))
    assert here.read(str(tmp_path / "file")) == b"content"
    assert here.on_path("sh") and not here.on_path("no-such-command")
    monkeypatch.setattr("sys.platform", "darwin")
    assert _disk.this_system().name == "darwin"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "it is no VS Code package"),
        (b"[]", "it is no VS Code package"),
        (b'{"publisher": "golang"}', "it is no VS Code package"),
        (b'{"publisher": "../x", "name": "go", "version": "1.0.0"}', "its name or version is odd"),
        (b'{"publisher": "golang", "name": "go", "version": "../1"}', "its name or version is odd"),
    ],
)
def test_a_package_that_says_nonsense_of_itself_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(WorkstationError, match=words):
        _vsix.describe("/x.vsix", content, b"", "")


def test_a_package_says_for_which_platform_it_is() -> None:
    content = b'{"publisher": "Golang", "name": "Go", "version": "0.56.0"}'
    about = (
        b'<Identity Id="go" TargetPlatform="%s" /><Property Id="Microsoft.VisualStudio.Code.PreRelease" Value="true"/>'
    )
    one = _vsix.describe("/x.vsix", content, about % b"linux-x64", "")
    assert (one.name, one.platform, one.pre_release) == ("golang.go", "linux-x64", True)
    assert _vsix.describe("/x.vsix", content, about % b"universal", "").platform == ""
    assert _vsix.describe("/x.vsix", content, b"", "").pre_release is False


def test_a_package_without_end_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.vsix"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("extension/", b"")
        archive.writestr("extension/zeros", b"\0" * 100_000)
    monkeypatch.setattr(_vsix, "MAX_UNPACKED", 99_999)
    with pytest.raises(WorkstationError, match=r"Cannot unpack extension package .*it holds more than"):
        _vsix.unpack(str(path), str(tmp_path / "out"))
    monkeypatch.setattr(_vsix, "MAX_UNPACKED", 100_000)
    (tmp_path / "out").mkdir()
    _vsix.unpack(str(path), str(tmp_path / "out"))
    assert os.listdir(tmp_path / "out") == ["zeros"]


@pytest.mark.parametrize("text", ["{", "{}", '["golang.go"]'])
def test_a_list_of_extensions_that_is_none_is_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "extensions.json").write_text(text)
    with pytest.raises(WorkstationError, match=r"Cannot read list of extensions .*Start the editor once, or move"):
        Store(str(tmp_path)).pin("golang.go")
    assert (tmp_path / "extensions.json").read_text() == text


def test_nothing_is_noted_as_obsolete_twice(tmp_path: Path) -> None:
    folder = tmp_path / "extensions"
    for version in ("0.54.0", "0.56.0"):
        path = vsix(tmp_path, version=version)
        Store(str(folder)).install(str(path), _vsix.inspect(str(path)))
    before = (folder / ".obsolete").stat().st_ino
    path = vsix(tmp_path, version="0.56.0")
    Store(str(folder)).install(str(path), _vsix.inspect(str(path)))
    assert (folder / ".obsolete").stat().st_ino == before
    assert json.loads((folder / ".obsolete").read_text()) == {"golang.go-0.54.0": True}


def test_a_package_that_is_damaged_inside_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    path = vsix(tmp_path, files={"extension/big.js": b"x" * 5000})
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("extension/big.js").header_offset
    data[start + 60] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(WorkstationError, match=r"Cannot unpack extension package '.*': it is damaged .*Fetch it"):
        Store(str(tmp_path / "extensions")).install(str(path), _vsix.inspect(str(path)))
    assert list((tmp_path / "extensions").iterdir()) == []


def test_a_folder_that_cannot_be_deleted_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = vsix(tmp_path)
    store = Store(str(tmp_path / "extensions"))
    store.install(str(path), _vsix.inspect(str(path)))

    def refuse(path: str, **_options: object) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("shutil.rmtree", refuse)
    with pytest.raises(WorkstationError, match=r"Cannot remove extension '.*golang\.go-0\.56\.0': Permission"):
        store.remove("golang.go")


def test_a_property_list_that_is_broken_holds_no_rules() -> None:
    assert allowed_extensions("/Library/x.plist", lambda _path: b"<?xml version='1.0'?><plist><dict>") == {}
