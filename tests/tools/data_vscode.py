# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the three files of plugins/plugin_utils/_data/ that the ``vscode_*`` modules check against.

    tests/tools/data_vscode.py --shared FOLDER

FOLDER holds vscode-go-settings.json and gopls-settings.json: what golang/vscode-go's package.json and
``gopls api-json`` say at every tag. Here they are cut down to what a check needs. The products are a table of this
file: no vendor publishes these paths as data.
"""

from __future__ import annotations

import argparse
import datetime
import json
import pathlib
from typing import Any

OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "plugins" / "plugin_utils" / "_data"

GO_TYPES = {
    "bool": "boolean",
    "string": "string",
    "time.Duration": "string",
    "int64": "integer",
    "[]string": "array",
    "enum": "enum",
}

MODERN = {
    "go.docsTool": "",
    "go.useGoProxyToCheckForToolUpdates": "go.toolsManagement.checkForUpdates",
    "go.gocodeAutoBuild": "",
    "go.autocompleteUnimportedPackages": "gopls > ui.completion.completeUnimported is on by itself",
    "go.languageServerExperimentalFeatures": "gopls",
    "go.liveErrors": "",
    "go.overwriteGoplsMiddleware": "",
    "go.enableCodeLens > references": "editor.codeLens",
}

# Never in any release, yet found in advice on the web; each with what really does it.
INVENTED = {
    "go.goplsArgs": "go.languageServerFlags",
    "go.goplsUsePlaceholders": "gopls > ui.completion.usePlaceholders",
    "go.debug.delveConfig": "go.delveConfig",
    "go.toolsManagement.downloadLocation": "go.toolsGopath",
    "go.env": "go.toolsEnvVars",
}


def _product(name: str, dotdir: str, server: str, commands: list[str], mac_app: str, **more: Any) -> dict[str, Any]:
    return {
        "user_data": {
            "linux": f"{{config}}/{name}",
            "darwin": f"{{home}}/Library/Application Support/{name}",
            "windows": f"{{appdata}}/{name}",
        },
        "extensions": f"{{home}}/{dotdir}/extensions",
        "server": f"{{home}}/{server}",
        "commands": commands,
        "apps": [f"/Applications/{mac_app}.app", f"{{home}}/Applications/{mac_app}.app"],
        "variants": {},
        **more,
    }


def _flatpak(app: str, name: str, extensions: str) -> dict[str, str]:
    base = f"{{home}}/.var/app/{app}"
    return {"user_data": f"{base}/config/{name}", "extensions": f"{base}/{extensions}"}


def _snap(snap: str, name: str, dotdir: str) -> dict[str, str]:
    # Snaps of VS Code set XDG_CONFIG_HOME (microsoft/vscode resources/linux/snap/electron-launch), not HOME.
    return {"user_data": f"{{home}}/snap/{snap}/current/.config/{name}", "extensions": f"{{home}}/{dotdir}/extensions"}


CODE_SERVER = {
    "linux": "{data}/code-server",
    "darwin": "{data}/code-server",
    "windows": "{appdata}/code-server",
}

PRODUCTS: dict[str, Any] = {
    "code": _product(
        "Code",
        ".vscode",
        ".vscode-server",
        ["code"],
        "Visual Studio Code",
        policy={
            "linux": "/etc/vscode/policy.json",
            "darwin": "/Library/Managed Preferences/com.microsoft.VSCode.plist",
            "windows": "Microsoft/VSCode",
        },
        variants={
            "flatpak": _flatpak("com.visualstudio.code", "Code", "data/vscode/extensions"),
            "snap": _snap("code", "Code", ".vscode"),
        },
    ),
    "insiders": _product(
        "Code - Insiders",
        ".vscode-insiders",
        ".vscode-server-insiders",
        ["code-insiders"],
        "Visual Studio Code - Insiders",
        variants={
            "flatpak": _flatpak("com.visualstudio.code.insiders", "Code - Insiders", "data/vscode-insiders/extensions"),
            "snap": _snap("code-insiders", "Code - Insiders", ".vscode-insiders"),
        },
    ),
    "vscodium": _product(
        "VSCodium",
        ".vscode-oss",
        ".vscodium-server",
        ["codium"],
        "VSCodium",
        variants={
            "flatpak": _flatpak("com.vscodium.codium", "VSCodium", "data/codium/extensions"),
            "snap": _snap("codium", "VSCodium", ".vscode-oss"),
        },
    ),
    "cursor": _product("Cursor", ".cursor", ".cursor-server", ["cursor"], "Cursor"),
    "windsurf": _product("Windsurf", ".windsurf", ".windsurf-server", ["windsurf"], "Windsurf"),
    "code-server": {
        "user_data": CODE_SERVER,
        "extensions": "{data}/code-server/extensions",
        "server": "",
        "commands": ["code-server"],
        "apps": [],
        "variants": {},
    },
}


def _types(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [value]


def _setting(entry: dict[str, Any]) -> dict[str, Any]:
    rule: dict[str, Any] = {"type": _types(entry["type"]), "scope": entry["scope"]}
    if entry["default"] is None and "null" not in rule["type"]:
        rule["type"].append("null")  # the extension's own default must pass
    if entry.get("enum"):
        rule["enum"] = entry["enum"]
    if entry["deprecated"]:
        rule["deprecated"] = entry["deprecation_message"].replace("`#", "").replace("#`", "")
    return rule


def _gopls_setting(entry: dict[str, Any]) -> dict[str, Any]:
    kind = GO_TYPES.get(entry["type"], "object")
    rule: dict[str, Any] = {"name": entry["qualified"], "type": [kind], "status": entry["status"]}
    if entry["enum_values"] and kind == "enum":
        rule["enum"] = [json.loads(value) for value in entry["enum_values"]]
        rule["type"] = []
    if entry["deprecation_message"]:
        rule["deprecated"] = " ".join(entry["deprecation_message"].split())
    return rule


def go_settings(source: dict[str, Any], gopls: dict[str, Any]) -> dict[str, Any]:
    """Keys that exist, keys that were removed, keys that never were."""
    removed = {
        entry["key"]: {"last": entry["last_seen_tag"], "modern": MODERN.get(entry["key"], "")}
        for entry in source["removed_settings"]
        # gopls matches the last dotted word only, so a short name still works; the gopls file knows what does not
        if not entry["key"].startswith("gopls > ")
    }
    return {
        "source": f"{source['source']}, {source['snapshot_head']}",
        "extension": {"id": source["extension_id"], **source["newest_stable"], "engine": source["engines_vscode"]},
        "settings": {entry["key"]: _setting(entry) for entry in source["settings"]},
        "removed": removed,
        "invented": INVENTED,
    }


def gopls_settings(source: dict[str, Any]) -> dict[str, Any]:
    """gopls' own settings by their last dotted word, which is all that gopls looks at."""
    deprecated = {entry["name"]: entry["replacement"] or "" for entry in source["accepted_but_warned_deprecated"]}
    return {
        "source": source["source"],
        "gopls": source["gopls_version"],
        "settings": {entry["name"]: _gopls_setting(entry) for entry in source["settings"]},
        "undocumented": source["internal_undocumented_accepted"],
        "newer": [entry["name"] for entry in source["added_on_master_after_newest"]],
        "deprecated": deprecated,
        "removed": {entry["name"]: entry["last_tag"] for entry in source["removed_before_newest"]},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=pathlib.Path, required=True)
    parser.add_argument("--dated", default=datetime.datetime.now(datetime.timezone.utc).date().isoformat())
    options = parser.parse_args()
    extension = json.loads((options.shared / "vscode-go-settings.json").read_text("utf-8"))
    server = json.loads((options.shared / "gopls-settings.json").read_text("utf-8"))
    tables = {
        "vscode_go_settings": (extension["newest_prerelease"]["date"], go_settings(extension, server)),
        "gopls_settings": (server["tag_date"], gopls_settings(server)),
        "vscode_products": (
            options.dated,
            {"source": "microsoft/vscode environmentService.ts, VSCodium and coder docs", "products": PRODUCTS},
        ),
    }
    for name, (dated, table) in tables.items():
        text = json.dumps({"dated": dated, **table}, indent=1, ensure_ascii=False) + "\n"
        (OUTPUT / f"{name}.json").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
