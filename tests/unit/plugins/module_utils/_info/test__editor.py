"""Which editors count as this side's own, and what they and their settings say."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from played_host import Host, account_of  # type: ignore[import-not-found]  # beside this file

from ansible_collections.gopherops.workstation.plugins.module_utils._info._editor import (
    collect_editor,
    effective,
    settings_file,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._info._editor_state import (
    named_programs,
    running,
    trusted,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import run


def commands(tmp_path: Path, mounted: str) -> list[str]:
    """Products with a ``code`` on PATH, in a folder that is mounted as said."""
    root, home, drive = tmp_path / "root", tmp_path / "home", tmp_path / "drive"
    for folder in (root / "proc/self", home, drive):
        folder.mkdir(parents=True)
    (root / "proc/self/mountinfo").write_text(
        f"60 1 8:32 / / rw,relatime - ext4 /dev/sdc rw\n70 60 0:40 / {drive} rw,noatime - {mounted}\n"
    )
    (drive / "code").write_text("#!/bin/sh\n")
    (drive / "code").chmod(0o755)
    place = Place(run, {}, "Linux", "dev", os.geteuid(), str(home), "/bin/bash", str(home), str(root))
    found = collect_editor(place, {"HOME": str(home), "PATH": str(drive)})["products"]
    return [str(one["command"]) for one in found]


def test_the_editor_of_windows_is_none_of_its_distributions(tmp_path: Path) -> None:
    assert commands(tmp_path, "9p C:\\134 rw,aname=drvfs;path=C:\\134") == []


def test_an_editor_on_any_other_file_system_counts(tmp_path: Path) -> None:
    assert commands(tmp_path, "9p share rw,trans=virtio") == [str(tmp_path / "drive" / "code")]


def test_servers_are_products_as_soon_as_their_folder_is_there_and_desktops_by_what_they_left(host: Host) -> None:
    place = host.place()
    assert collect_editor(place, {})["products"] == []
    (host.home / ".vscode-server").mkdir()
    (host.home / ".config" / "Cursor").mkdir(parents=True)
    host.own(".local/share/code-server/User/settings.json", "{}")
    host.own(".vscode-oss/extensions/golang.go-0.56.0-universal/package.json", '{"version": "0.56.0"}')
    found = {one["name"]: one for one in collect_editor(place, {})["products"]}
    assert {name: one["kind"] for name, one in found.items()} == {
        "VSCodium": "desktop",
        "code-server": "server",
        "vscode-server": "remote",
    }
    assert found["VSCodium"]["trusted"] is None
    assert [one["scope"] for one in found["vscode-server"]["files"]] == ["machine"]


def test_a_mac_keeps_its_settings_in_its_library_and_a_profile_has_its_own(host: Host) -> None:
    host.system = "Darwin"
    user = "Library/Application Support/Code/User"
    host.own(f"{user}/settings.json", '{"go.a": 1}')
    host.own(f"{user}/profiles/-1b2c/settings.json", '{"go.a": 2}')
    (product,) = collect_editor(host.place(), {})["products"]
    assert [(one["scope"], one["settings"]) for one in product["files"]] == [
        ("user", {"go.a": 1}),
        ("profile -1b2c", {"go.a": 2}),
    ]


def test_the_versions_on_disk_are_sorted_as_numbers_without_what_is_to_be_deleted(host: Host) -> None:
    for version in ("0.9.0", "0.56.0", "0.10.1"):
        host.own(f".vscode/extensions/golang.go-{version}/package.json", f'{{"version": "{version}"}}')
    host.own(".vscode/extensions/golang.go-0.8.0/package.json", "[]")
    host.own(".vscode/extensions/golang.go-0.7.0/package.json", "{")
    host.own(".vscode/extensions/golang.gopher-0.1.0/package.json", '{"version": "0.1.0"}')
    host.own(".vscode/extensions/.obsolete", '{"golang.go-0.10.1": true}')
    (product,) = collect_editor(host.place(), {})["products"]
    assert product["extension_versions"] == ["0.9.0", "0.56.0"]


def test_an_editors_version_stands_beside_its_launcher(host: Host) -> None:
    host.own("opt/code/bin/code", "", 0o755)
    host.own("opt/code/resources/app/package.json", '{"version": "1.139.1"}')
    host.own("bin/x")
    (host.home / "bin" / "code").symlink_to("../opt/code/bin/code")
    (product,) = collect_editor(host.place(), {"PATH": f"{host.home}/bin"})["products"]
    assert (product["command"], product["version"]) == (f"{host.home}/bin/code", "1.139.1")
    host.own("opt/code/resources/app/package.json", "{}")
    (product,) = collect_editor(host.place(), {"PATH": f"{host.home}/bin"})["products"]
    assert product["version"] == ""


def test_the_first_product_with_settings_decides_and_profiles_do_not() -> None:
    def product(*files: tuple[str, dict[str, Any]]) -> dict[str, Any]:
        return {"files": [{"scope": scope, "settings": settings} for scope, settings in files]}

    editor = {
        "products": [
            product(("profile x", {"go.a": 0})),
            product(
                ("user", {"gopls": {"a": 1, "b": 1}, "go.x": {"c": 1}}), ("machine", {"gopls": {"b": 2}, "go.x": 1})
            ),
            product(("user", {"go.late": 1})),
        ]
    }
    assert effective(editor) == {"gopls": {"a": 1, "b": 2}, "go.x": 1}
    assert effective({}) == {}


def test_a_workspace_file_or_settings_that_are_no_object_have_none(host: Host) -> None:
    assert settings_file(str(host.own("a.json", "[]")), "user")["settings"] == {}
    assert settings_file(str(host.own("b.json", '{"settings": []}')), "workspace", "settings")["settings"] == {}
    assert settings_file(str(host.own("c.json", "[]")), "workspace", "settings")["settings"] == {}


def process(host: Host, pid: int, name: str, environ: str = "PATH=/bin\0AWS_SECRET=x\0") -> None:
    host.file(f"/proc/{pid}/comm", name + "\n")
    host.file(f"/proc/{pid}/environ", environ)


def test_running_editors_are_this_accounts_main_processes(host: Host) -> None:
    process(host, 30, "code")
    process(host, 200, "code", "PATH=/late\0")
    process(host, 4, "bash")
    process(host, 5, "cursor", "")
    process(host, 7, "codium")
    host.file("/proc/self/comm", "code")
    place = host.place()
    assert running(place) == [
        {"name": "codium", "pid": 7, "env": {"PATH": "/bin"}},
        {"name": "code", "pid": 30, "env": {"PATH": "/bin"}},
    ]
    assert running(account_of(place, place.uid + 1)) == []
    host.system = "Darwin"
    assert running(host.place()) == []


@pytest.mark.parametrize("value", [None, "{}", "[]", "{", '{"uriTrustInfo": [{"trusted": true}]}', "null", '"x"'])
def test_a_trust_database_that_says_something_else_is_no_answer(tmp_path: Path, value: str | None) -> None:
    database = tmp_path / "state.vscdb"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE ItemTable (key TEXT, value BLOB)")
        if value is not None:
            connection.execute("INSERT INTO ItemTable VALUES ('content.trust.model.key', ?)", (value,))
    connection.close()
    assert trusted(str(database)) == ([] if value in (None, "{}") else None)


def test_a_home_may_have_any_name(tmp_path: Path) -> None:
    database = tmp_path / "a b#c?d%41" / "state.vscdb"
    database.parent.mkdir()
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE ItemTable (key TEXT, value BLOB)")
    connection.close()
    assert trusted(str(database)) == []


def test_what_settings_name_is_judged_as_program_or_as_folder(host: Host) -> None:
    file = host.own("tools/dlv")
    settings = {
        "go.alternateTools": {"dlv": str(file), "gopls": "${workspaceFolder}/gopls", "go": "/x/${foo}/go"},
        "go.gopath": str(host.home),
        "go.toolsGopath": str(file),
        "go.goroot": "",
    }
    told = {one["key"]: one["problem"] for one in named_programs(host.place(), {}, settings)}
    assert told == {
        "go.alternateTools, dlv": "it cannot be run",
        "go.gopath": "",
        "go.toolsGopath": "there is no such folder",
    }
    assert named_programs(host.place(), {}, {"go.alternateTools": "nonsense"}) == []
