"""Writes plugins/plugin_utils/_data/doctor_policy.json: what the rules take for granted, with date and source.

tests/tools/data_doctor.py --shared ../shared/data
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "plugins" / "plugin_utils" / "_data" / "doctor_policy.json"

# Keys that were never known to any version of the extension, and what does the same today.
INVENTED = {
    "go.goplsArgs": "go.languageServerFlags",
    "go.env": "go.toolsEnvVars",
    "go.debug.delveConfig": "go.delveConfig",
    "go.toolsManagement.downloadLocation": "go.toolsGopath",
    "go.goplsUsePlaceholders": "gopls: ui.completion.usePlaceholders",
}
# gopls' own flags, `gopls help` and `gopls help serve`, v0.24.0.
FLAGS = {
    "v": False,
    "verbose": False,
    "vv": False,
    "veryverbose": False,
    "rpc.trace": False,
    "logfile": True,
    "debug": True,
    "listen": True,
    "listen.timeout": True,
    "remote": True,
    "remote.debug": True,
    "remote.logfile": True,
    "remote.listen.timeout": True,
    "mode": True,
    "profile.alloc": True,
    "profile.block": True,
    "profile.cpu": True,
    "profile.mem": True,
    "profile.trace": True,
    "mcp.listen": True,
    "otel": True,
}


def settings(shared: Path) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Keys that do nothing any more, and the words that a key takes."""
    data = json.loads((shared / "vscode-go-settings.json").read_text(encoding="utf-8"))
    obsolete = {
        one["key"]: "" for one in data["removed_settings"] if " > " not in one["key"] and one["key"].startswith("go.")
    }
    obsolete.update(INVENTED)
    known = {one["key"] for one in data["settings"]}
    enums = {
        one["key"]: one["enum"]
        for one in data["settings"]
        if one.get("enum") and all(isinstance(word, str) for word in one["enum"]) and one["type"] == "string"
    }
    return {key: value for key, value in sorted(obsolete.items()) if key not in known}, dict(sorted(enums.items()))


def latest_minor(shared: Path) -> int:
    data = json.loads((shared / "go-releases.json").read_text(encoding="utf-8"))
    text = json.dumps(data)
    minors = [int(word.split(".")[1]) for word in set(re.findall(r"1\.\d{2}\.\d+", text))]
    return max(minors)


def policy(shared: Path) -> dict[str, Any]:
    obsolete, enums = settings(shared)
    return {
        "go_latest_minor": latest_minor(shared),
        "go_supported_minors": 2,
        "distro_go_intended": False,
        "gopath_project": False,
        "offline": False,
        "internal_hosts": [],
        "editor_expected": False,
        "gopls_expected": True,
        "dlv_expected": False,
        "shared_cache": False,
        "rosetta_intended": False,
        "windows_drive_intended": False,
        "cache_in_memory_intended": False,
        # release notes of Go 1.21 to 1.27
        "os_floors": {
            "Darwin": {"21": "10.15", "23": "11", "25": "12", "27": "13"},
            "Linux": {"24": "3.2"},
            "Windows": {"21": "10"},
        },
        "gopls_minimum": "v0.21.0",
        # gopls' documentation, "Supported Go versions": the last gopls for this minor and older ones
        "gopls_last_for_go": {"17": "v0.11.0", "18": "v0.14.2", "20": "v0.15.3"},
        # delve's pkg/goversion/compat.go at each tag: minors of Go, by the first dlv they hold for
        "dlv_go_ranges": {
            "v1.22.0": {"from": 19, "to": 22},
            "v1.23.0": {"from": 21, "to": 23},
            "v1.24.0": {"from": 21, "to": 24},
            "v1.25.1": {"from": 22, "to": 25},
            "v1.26.0": {"from": 24, "to": 26},
            "v1.27.0": {"from": 25, "to": 27},
        },
        "disk_error_bytes": 1 << 30,
        "disk_warning_bytes": 5 << 30,
        "inodes_error": 1000,
        "inodes_warning": 20000,
        "clock_error_seconds": 300,
        "clock_warning_seconds": 60,
        "inotify_watches": 65536,
        "inotify_instances": 128,
        "open_files": 4096,
        "vscode_minimum": "1.90.0",
        "extension_minimum": "0.52.0",
        "glibc_minimum": "2.28",
        "gopls_flags": sorted(FLAGS),
        "gopls_flags_with_value": sorted(name for name, value in FLAGS.items() if value),
        "settings_obsolete": obsolete,
        "settings_enums": enums,
        "gogc_minimum": 25,
        "windows_machine_path": 2047,
        "windows_total_path": 8191,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="the folder with the collected data files")
    parser.add_argument("--dated", default="2026-11-21")
    arguments = parser.parse_args()
    document = {
        "dated": arguments.dated,
        "source": "golang/vscode-go package.json, gopls help, gopls and Go release notes, delve compat.go; "
        "thresholds for disk, clock, inotify and PATH are proposals",
        "policy": policy(arguments.shared),
    }
    TARGET.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
