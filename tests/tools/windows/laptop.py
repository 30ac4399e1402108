"""A Windows laptop that is played: stands in for PowerShell behind the WinRM endpoint.

``python laptop.py STATE`` reads what Ansible sends to PowerShell (two JSON documents; the second names the module and
its arguments, and holds every utility that the module asked for), lets the module be played, and keeps the laptop in
STATE. So everything on this side is real: playbook, roles, action plugins, Ansible's connection, pywinrm.
"""

from __future__ import annotations

import base64
import hashlib
import json
import ntpath
import pickle
import sys
from pathlib import Path
from typing import Any

HOME = r"C:\Users\ada"
APPDATA = ntpath.join(HOME, "AppData", "Roaming")
STICK = r"C:\stick\golang.go-0.56.0.vsix"
SYSTEM32 = {
    "path": r"C:\Windows\system32",
    "stands": r"C:\Windows\system32",
    "sddl": "O:SYD:(A;;FA;;;SY)(A;;FRFX;;;BU)",
}
FACTS = {
    "ansible_os_family": "Windows",
    "ansible_system": "Win32NT",
    "ansible_kernel": "10.0.26200.0",
    "ansible_powershell_version": 5,
    "ansible_user_id": "ada",
    "ansible_env": {"USERPROFILE": HOME},
}


class EnvHost:
    """Plays win_go_env."""

    def __init__(self, sdk: Any) -> None:
        self.files: dict[str, bytes] = {}
        self.read_only: set[str] = set()
        self.sdk = sdk
        self.registry: dict[str, dict[str, dict[str, str]]] = {
            "user": {"Path": {"kind": "ExpandString", "data": r"%USERPROFILE%\bin"}},
            "machine": {"Path": {"kind": "ExpandString", "data": r"%SystemRoot%\system32;%SystemRoot%"}},
        }

    @property
    def values(self) -> dict[str, dict[str, str]]:
        """The account's own."""
        return self.registry["user"]

    def run(self, module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
        values = self.registry[module_args.get("scope", "user")]
        if module_args["action"] == "read":
            found: dict[str, Any] = {"changed": False, "values": values}
            found["files"] = [self._read(path) for path in module_args.get("files", [])]
            if module_args["own"]:
                found["own"] = self.values
            if module_args["go_env_file"]:
                found["go_env_file"] = self._read(ntpath.join(APPDATA, "go", "env"))
            return found
        for write in module_args["writes"]:
            now = self._data(write["path"])
            assert write["path"] not in self.read_only
            assert write["before"] == ("absent" if now is None else hashlib.sha256(now).hexdigest())
            self.files.pop(write["path"], None)
            if write.get("content") is not None:
                self._put(write["path"], base64.b64decode(write["content"]))
        for value in module_args["values"]:
            values.pop(value["name"], None)
            if value["kind"] != "none":
                values[value["name"]] = {"kind": value["kind"], "data": value["data"]}
        return {"changed": True}

    def _read(self, asked: str) -> dict[str, Any]:
        path = asked.replace("%APPDATA%", APPDATA).replace("%ProgramData%", r"C:\ProgramData")
        data = self._data(path)
        content = None if data is None else base64.b64encode(data).decode()
        return {"asked": asked, "path": path, "content": content, "read_only": path in self.read_only}

    def _data(self, path: str) -> bytes | None:
        tree = self._tree(path)
        return tree.get(ntpath.basename(path)) if tree else self.files.get(path)

    def _put(self, path: str, data: bytes) -> None:
        tree = self._tree(path)
        if tree is None:
            self.files[path] = data
        else:
            tree[ntpath.basename(path)] = data

    def _tree(self, path: str) -> dict[str, bytes] | None:
        """The Go that a junction gives, where a path leads into one."""
        target = self.sdk.places.get(ntpath.dirname(path))
        found = self.sdk.places.get(target) if isinstance(target, str) else target
        return found if isinstance(found, dict) else None


class InfoHost:
    """Plays win_go_info: the Go that stands, and a proof that goes well while Go and its PATH are there."""

    def __init__(self, laptop: Laptop) -> None:
        self.laptop = laptop

    def run(self, module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
        version = self.laptop.summary()["go"]
        values = self.laptop.hosts["win_go_env"].values
        machine = self.laptop.hosts["win_go_env"].registry["machine"]
        link = getattr(self.laptop.hosts["win_go_sdk"], "link", rf"{HOME}\sdk\go")
        go = rf"{link}\bin\go.exe"
        variables = {"GOVERSION": f"go{version}", "GOOS": "windows", "GOARCH": "amd64", "GOPATH": rf"{HOME}\go"}
        variables |= {"GOROOT": link, "GOPROXY": "https://proxy.golang.org,direct", "GOTOOLCHAIN": "local"}
        said = {"path": go, "rc": 0, "err": ""}
        seen = {
            "release": "10.0.26200.0",
            "user": {"name": r"LAPTOP\ada", "home": HOME, "elevated": False},
            "environment": {"PATH": r"C:\Windows\system32"},
            "registry": {"user": values, "machine": machine},
            "windows": {
                "onedrive": "",
                "long_paths": 1,
                "events": [],
                "protected_folders": [],
                "exclusions": [],
                "machine_path": [SYSTEM32],
            },
            "gos": [{**said, "out": f"go version go{version} windows/amd64\n"}] if version else [],
            "go": {**said, "out": json.dumps(variables)} if version else None,
            "gopls": rf"{HOME}\go\bin\gopls.exe",
            "directories": {},
            "git_long_paths": "true",
        }
        step = {"name": "definition", "ok": True, "late": False, "seconds": 0.1, "detail": ""}
        report = json.dumps({"passed": True, "seconds": 0.5, "steps": [step], "server": "", "stderr": ""})
        told = {"rc": 0, "out": report, "err": "", "seconds": 1.0, "timed_out": False}
        return {"changed": False, "seen": seen, "proof": told if version and module_args["probe"] else None}


class GuardHost:
    """Plays win_go_guard: Defender, the switch for long paths, and the note of what stood before."""

    check = False

    def __init__(self) -> None:
        self.entries: dict[str, list[str]] = {"exclusions": [], "programs": []}
        self.long_paths: int | None = 0
        self.noted: int | None = None

    def run(self, module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
        changes = []
        for kind, now in self.entries.items():
            wanted = module_args.get(kind)
            if wanted is None:
                continue
            assert all(path.startswith("C:\\") for path in wanted)
            changes += [{"path": path, "act": "create", "what": kind} for path in wanted if path not in now]
            changes += [{"path": path, "act": "remove", "what": kind} for path in now if path not in wanted]
            if not self.check:
                self.entries[kind] = list(wanted)
        wanted = module_args.get("long_paths")
        if (wanted and self.long_paths != 1) or (wanted is False and self.noted is not None):
            changes.append({"path": "LongPathsEnabled", "act": "edit", "what": ""})
            if not self.check:
                before = self.long_paths
                self.long_paths, self.noted = (1, before) if wanted else (self.noted, None)
        return {"changed": bool(changes), "changes": changes}


class DriftHost:
    """Plays win_go_drift: files, and one task of the account."""

    check = False
    FOLDER, SID = ntpath.join(HOME, "AppData", "Local", "gopherops", "drift"), "S-1-5-21-1-2-3-1001"

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.task = ""

    def run(self, module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
        files, task = {}, ""
        if module_args["state"] == "present":
            plain = json.dumps(self.FOLDER)[1:-1]
            files = {one["name"]: one["text"].replace("@FOLDER@", plain) for one in module_args["files"]}
            task = module_args["task"].replace("@FOLDER@", self.FOLDER).replace("@SID@", self.SID)
        changed = (files, task) != (self.files, self.task)
        if not self.check:
            self.files, self.task = files, task
        return {"changed": changed, "changes": [{"path": self.FOLDER, "act": "edit", "what": ""}] if changed else []}


class Laptop:
    """All of it, as it is kept between two calls."""

    def __init__(self) -> None:
        from windows.caches_host import CachesHost  # noqa: PLC0415  # the collection has to be importable first
        from windows.extensions_host import ExtensionsHost  # noqa: PLC0415
        from windows.sdk_host import SdkHost  # noqa: PLC0415
        from windows.settings_host import SettingsHost  # noqa: PLC0415
        from windows.tools_host import ToolsHost  # noqa: PLC0415

        sdk = SdkHost()
        self.hosts: dict[str, Any] = {
            "win_go_sdk": sdk,
            "win_go_env": EnvHost(sdk),
            "win_go_caches": CachesHost(),
            "win_go_tools": ToolsHost(),
            "win_vscode_settings": SettingsHost(),
            "win_vscode_extension": ExtensionsHost().with_package(STICK),
            "win_go_info": InfoHost(self),
            "win_go_guard": GuardHost(),
            "win_go_drift": DriftHost(),
        }
        self.calls: list[str] = []
        self.utilities: dict[str, list[str]] = {}

    def summary(self) -> dict[str, Any]:
        """What a test asks about, readable without any of this."""
        sdk, env = self.hosts["win_go_sdk"], self.hosts["win_go_env"]
        return {
            "calls": self.calls,
            "utilities": self.utilities,
            "go": sdk.gives() if hasattr(sdk, "link") else "",
            "paths": sorted([*sdk.places, *env.files, *self.hosts["win_vscode_settings"].files]),
            "path": env.values["Path"]["data"],
            "machine_path": env.registry["machine"]["Path"],
            "guard": self.hosts["win_go_guard"].entries,
            "long_paths": self.hosts["win_go_guard"].long_paths,
            "drift": {"files": self.hosts["win_go_drift"].files, "task": self.hosts["win_go_drift"].task},
            "extensions": self.hosts["win_vscode_extension"].versions(),
        }

    def answer(self, sent: bytes) -> dict[str, Any]:
        """The result of the module that was sent."""
        manifest = json.loads(sent.split(b"\n\0\0\0\0\n")[1])
        action = manifest["actions"][-1]["params"]
        script = action["Script"].removesuffix(".ps1")
        name = script.rsplit(".", 1)[-1]
        self.calls.append(name)
        self.utilities[name] = [one.rsplit(".", 2)[-2] for one in action.get("PowerShellModules", [])]
        arguments = action["Variables"][0]["Value"]
        check = bool(arguments.get("_ansible_check_mode"))
        given = {key: value for key, value in arguments.items() if not key.startswith("_ansible")}
        if name == "setup":
            return {"changed": False, "ansible_facts": FACTS}
        host = self.hosts[name]
        if hasattr(host, "check"):
            host.check = check
        assert not check or given.get("action") != "apply"
        result: dict[str, Any] = host.run(f"gopherops.workstation.{name}", given, None)
        return result


def main() -> None:
    state = Path(sys.argv[1])
    sys.path[:0] = sys.argv[2].split(":")
    sent = sys.stdin.buffer.read()
    laptop = pickle.loads(state.read_bytes()) if state.exists() else Laptop()
    result = laptop.answer(sent)
    state.write_bytes(pickle.dumps(laptop))
    state.with_suffix(".json").write_text(json.dumps(laptop.summary()), encoding="utf-8")
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    # Pickled under its importable name, whoever starts it.
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from windows.laptop import main as real_main

    real_main()
