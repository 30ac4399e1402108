# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the files are, for every product on every system: nothing of this machine is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._homes import homes
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._places import (
    Installation,
    System,
    installations,
    places,
)

DATA = Path(__file__).resolve().parents[5] / "plugins" / "plugin_utils" / "_data" / "vscode_products.json"
PRODUCTS: dict[str, Any] = json.loads(DATA.read_text("utf-8"))["products"]
HOMES = {"linux": "/home/ada", "darwin": "/Users/ada", "windows": "C:/Users/ada"}


def system(
    name: str = "linux",
    *there: str,
    files: dict[str, str] | None = None,
    commands: tuple[str, ...] = (),
    **environment: str,
) -> System:
    def read(path: str) -> bytes:
        if path not in (files or {}):
            raise FileNotFoundError(path)
        return (files or {})[path].encode()

    return System(name, HOMES[name], environment, lambda path: path in there, read, lambda command: command in commands)


def user_files(machine: System, *products: str, **options: Any) -> list[str]:
    found = installations(machine, PRODUCTS, list(products or ("auto",)), **options)
    return [place.path for place in places(machine, found, [{"kind": "user"}])]


def test_auto_is_code_even_where_nothing_is_installed() -> None:
    assert user_files(system()) == ["/home/ada/.config/Code/User/settings.json"]
    assert user_files(system("darwin")) == ["/Users/ada/Library/Application Support/Code/User/settings.json"]
    assert user_files(system("windows", APPDATA="C:/Users/ada/AppData/Roaming")) == [
        "C:/Users/ada/AppData/Roaming/Code/User/settings.json"
    ]


def test_auto_finds_what_is_installed() -> None:
    machine = system("linux", "/home/ada/.config/Cursor", commands=("codium",))
    assert user_files(machine) == [
        "/home/ada/.config/Code/User/settings.json",
        "/home/ada/.config/VSCodium/User/settings.json",
        "/home/ada/.config/Cursor/User/settings.json",
    ]
    assert user_files(system("darwin", "/Applications/Windsurf.app"))[1:] == [
        "/Users/ada/Library/Application Support/Windsurf/User/settings.json"
    ]


def test_a_named_product_is_managed_where_it_is_not_installed() -> None:
    assert user_files(system(), "windsurf", "code-server") == [
        "/home/ada/.config/Windsurf/User/settings.json",
        "/home/ada/.local/share/code-server/User/settings.json",
    ]


def test_xdg_folders_count_unless_they_are_relative() -> None:
    assert user_files(system(XDG_CONFIG_HOME="/cfg"), "code") == ["/cfg/Code/User/settings.json"]
    assert user_files(system(XDG_CONFIG_HOME="cfg"), "code") == ["/home/ada/.config/Code/User/settings.json"]
    assert user_files(system(XDG_DATA_HOME="/data"), "code-server") == ["/data/code-server/User/settings.json"]


def test_flatpak_and_snap_have_their_own_folders() -> None:
    flatpak = "/home/ada/.var/app/com.visualstudio.code/config/Code"
    assert user_files(system("linux", flatpak)) == [f"{flatpak}/User/settings.json"]
    snap = "/home/ada/snap/code/current/.config/Code"
    both = user_files(system("linux", snap, "/home/ada/.config/Code"))
    assert both == ["/home/ada/.config/Code/User/settings.json", f"{snap}/User/settings.json"]


def test_portable_mode_moves_the_files() -> None:
    assert user_files(system(VSCODE_PORTABLE="/opt/code/data"), "code") == [
        "/opt/code/data/user-data/User/settings.json"
    ]
    assert user_files(system(), "code", user_data="/srv/data") == ["/srv/data/User/settings.json"]


@pytest.mark.parametrize("name", HOMES)
def test_no_two_products_share_a_file(name: str) -> None:
    files = user_files(system(name), "all")
    assert len(set(files)) == len(files) == len(PRODUCTS)


def test_profiles_are_found_by_name_in_the_editors_store() -> None:
    base = "/home/ada/.config/Code/User"
    store = {
        "userDataProfiles": [
            {"location": "-1a2b", "name": "Go"},
            {"location": "3c4d", "name": "Web", "useDefaultFlags": {"settings": True}},
        ]
    }
    machine = system(files={f"{base}/globalStorage/storage.json": json.dumps(store)})
    found = installations(machine, PRODUCTS, ["code"])
    both = places(machine, found, [{"kind": "profile"}])
    assert [(place.path, place.name) for place in both] == [
        (f"{base}/profiles/-1a2b/settings.json", "Go"),
        (f"{base}/profiles/3c4d/settings.json", "Web"),
    ]
    assert "default profile" in both[1].notice
    assert len(places(machine, found, [{"kind": "profile", "name": "Go"}])) == 1
    with pytest.raises(WorkstationError, match="Cannot find profile of code 'Rust': its profiles are: Go, Web"):
        places(machine, found, [{"kind": "profile", "name": "Rust"}])


def test_machine_settings_are_managed_where_a_server_is() -> None:
    machine = system("linux", "/home/ada/.vscode-server")
    found = installations(machine, PRODUCTS, ["code", "cursor", "code-server"])
    assert [place.path for place in places(machine, found, [{"kind": "machine"}])] == [
        "/home/ada/.vscode-server/data/Machine/settings.json"
    ]


def test_workspaces() -> None:
    targets = [{"kind": "workspace", "path": "~/src/x/"}, {"kind": "workspace_file", "path": "/w/a.code-workspace"}]
    found = [Installation("code", "/u", "/e", "/s")]
    assert [place.path for place in places(system(), found, targets)] == [
        "/home/ada/src/x/.vscode/settings.json",
        "/w/a.code-workspace",
    ]
    with pytest.raises(WorkstationError, match="absolute path"):
        places(system(), found, [{"kind": "workspace", "path": "src"}])


def test_a_file_named_twice_is_managed_once() -> None:
    machine = system()
    found = installations(machine, PRODUCTS, ["code"])
    assert len(places(machine, found, [{"kind": "user"}, {"kind": "user"}])) == 1


def test_other_documents_have_their_own_files() -> None:
    found = [Installation("code", "/u", "/e", "/s")]
    targets = [
        {"kind": "user", "document": "tasks"},
        {"kind": "workspace", "path": "/w", "document": "launch"},
        {"kind": "workspace_file", "path": "/w/a.code-workspace", "document": "launch"},
    ]
    assert [place.path for place in places(system(), found, targets)] == [
        "/u/User/tasks.json",
        "/w/.vscode/launch.json",
        "/w/a.code-workspace",
    ]


MANAGED = "/Library/Managed Preferences"
POLICY = """<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>AllowedExtensions</key><string>{"golang.go": %s}</string></dict></plist>"""


@pytest.mark.parametrize(
    ("name", "files", "rules"),
    [
        ("linux", {"/etc/vscode/policy.json": '{"AllowedExtensions": {"golang.go": true}}'}, {"golang.go": True}),
        ("darwin", {f"{MANAGED}/com.microsoft.VSCode.plist": POLICY % "true"}, {"golang.go": True}),
        (
            "darwin",
            {
                f"{MANAGED}/com.microsoft.VSCode.plist": POLICY % "true",
                f"{MANAGED}/ada/com.microsoft.VSCode.plist": POLICY % "false",
            },
            {"golang.go": False},
        ),
        ("darwin", {}, {}),
    ],
)
def test_the_policy_of_each_system_binds_its_extensions(
    name: str, files: dict[str, str], rules: dict[str, Any]
) -> None:
    options = {"products": ["auto"], "extensions": [{"vsix": "x"}], "extensions_dir": "", "servers": False}
    (home,) = homes(system(name, files=files), PRODUCTS, options)
    assert home.product == "code" and home.rules == rules
