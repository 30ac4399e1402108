# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what ``go_env`` decides for a Windows host, on the controller.

``win_go_env`` reads raw bytes and registry values with their kinds and writes what this says. The env file and the
block of ``go.env`` come from the very engine that runs on a POSIX target.
"""

from __future__ import annotations

import base64
import hashlib
import json
import ntpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils import _shellrc
from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change
from ansible_collections.gopherops.workstation.plugins.module_utils._env import _decide, _poison
from ansible_collections.gopherops.workstation.plugins.module_utils._env._receipt import Receipt
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

RECEIPTS = {"user": r"%APPDATA%\gopherops\env.json", "machine": r"%ProgramData%\gopherops\env.json"}
GOROOT = r"C:\Program Files\Go"
PLACES = {
    "user": r"HKCU:\Environment",
    "machine": r"HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment",
}

Value = dict[str, str]
"""``{"kind": "String" | "ExpandString", "data": ...}``, the data unexpanded."""


def reading(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The options that make ``win_go_env`` read what the decisions about all these scopes need, by one visit."""
    files, reached = [], {"scope": "user", "account": ""}
    for options in parts:
        files.append(RECEIPTS[options["scope"]])
        if options["scope"] == "machine":
            files.append(ntpath.join(options["goroot"] or GOROOT, "go.env"))
        asked = reach(options)
        reached = {"scope": asked["scope"], "account": reached["account"] or asked["account"]}
    scopes = {options["scope"] for options in parts}
    return {**reached, "action": "read", "files": files, "go_env_file": "user" in scopes, "own": len(scopes) > 1}


def seen_of(options: Mapping[str, Any], seen: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was read for one of several scopes."""
    return {**seen, "values": seen["own"]} if options["scope"] == "user" and "own" in seen else seen


def reach(options: Mapping[str, Any]) -> dict[str, str]:
    """Whose environment: the machine's, that of the account that runs, or of another."""
    owner = options.get("owner") or ""
    if owner and options["scope"] == "machine":
        cause, advice = "scope machine belongs to no account", "Leave it out"
        raise WorkstationError("use", "option", "owner", cause, advice)
    return {"scope": options["scope"], "account": owner}


@dataclass
class Decision:
    """What to write, and how to say it."""

    writes: list[dict[str, Any]] = field(default_factory=list)
    values: list[dict[str, Any]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    env: dict[str, Any] = field(default_factory=dict)
    poison: list[dict[str, Any]] = field(default_factory=list)
    diff: list[dict[str, str]] = field(default_factory=list)


class WindowsBrain:
    """One decision for one host, from what ``win_go_env`` saw."""

    def __init__(self, options: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
        self.options, self.request = options, _decide.Request.of(options)
        self.machine = options["scope"] == "machine"
        self.files = {one["asked"]: one for one in seen["files"]}
        self.go_env_file = seen.get("go_env_file")
        told = [*seen["files"], self.go_env_file or {}]
        self.read_only = {one["path"] for one in told if one.get("read_only")}
        # Names of environment variables have no case on Windows.
        self.registry: dict[str, tuple[str, Value]] = {
            name.upper(): (name, value) for name, value in seen["values"].items()
        }
        self.decision = Decision()

    def decide(self) -> Decision:
        receipt_file = self.files[RECEIPTS[self.options["scope"]]]
        stored = _bytes(receipt_file)
        receipt, extra = Receipt.load(stored), _extra(stored)
        file, before, after = self._machine_block() if self.machine else self._env_file(receipt)
        # Of go.env only our block is ours to speak of.
        block = [_shellrc.read_block(data, path=file) if self.machine and data else data for data in (before, after)]
        self._file(file, before, after, _decide.describe(*block), shown=True)
        wanted = self._wanted(extra)
        fresh_extra = self._registry(wanted, extra)
        self._receipt(receipt_file, stored, receipt, fresh_extra, (before, after))
        self.decision.env = {
            "file": file,
            "variables": _decide.visible(block[1]),
            "path": self._path_elements(),
            "shell_files": [PLACES[self.options["scope"]]] if wanted else [],
            "new_terminal": bool(self.decision.values),
        }
        self.decision.poison = self._poison(file, after)
        return self.decision

    def _env_file(self, receipt: Receipt) -> tuple[str, bytes | None, bytes | None]:
        if not self.go_env_file or self.go_env_file["path"] == "off":
            raise WorkstationError(
                "set", "Go variables in", "GOENV", "GOENV=off makes Go ignore every env file", "Unset GOENV"
            )
        before = _bytes(self.go_env_file)
        return self.go_env_file["path"], before, _decide.env_file(before, self.request, receipt)

    def _machine_block(self) -> tuple[str, bytes | None, bytes | None]:
        seen = self.files[ntpath.join(self.options["goroot"] or GOROOT, "go.env")]
        path, before = seen["path"], _bytes(seen)
        if self.request.present and self.request.variables:
            body = [f"{name}={value}".encode() for name, value in sorted(self.request.variables.items())]
            return path, before, _shellrc.put_block(before, body, path=path, at_top=True)
        if not self.request.present and before is not None and _shellrc.BEGIN in before:
            return path, before, _shellrc.take_block(before, path=path)
        return path, before, before

    def _file(self, path: str, before: bytes | None, after: bytes | None, words: str, *, shown: bool = False) -> None:
        """A file to write; ``shown`` puts its content into the difference."""
        if before == after:
            return
        if path in self.read_only:
            cause, advice = "it is read-only", "Take the attribute away (attrib -r) and run again; nothing was changed"
            raise WorkstationError("edit", "file", path, cause, advice)
        act = "create" if before is None else "remove" if after is None else "edit"
        self.decision.changes.append(Change(path, act, words))
        self.decision.writes.append(
            {
                "path": path,
                "before": "absent" if before is None else hashlib.sha256(before).hexdigest(),
                "content": None if after is None else base64.b64encode(after).decode("ascii"),
            }
        )
        if shown:
            texts = [_decide.mask((data or b"").decode("utf-8", "replace")) for data in (before, after)]
            self.decision.diff.append(
                {"before_header": path, "after_header": path, "before": texts[0], "after": texts[1]}
            )

    def _path_elements(self) -> list[str]:
        """Elements as Windows expands them; in the machine's Path nobody's profile can be named."""
        found = []
        for directory in self.options["path"]:
            if not directory.startswith("~"):
                found.append(directory)
            elif not self.machine:
                found.append("%USERPROFILE%" + directory[1:].replace("/", "\\"))
        return found

    def _wanted(self, extra: Mapping[str, Any]) -> dict[str, Value | None]:
        """The registry values that shall stand, by upper-case name; ``None``: none."""
        wanted: dict[str, Value | None] = {}
        if self.request.present:
            for name, value in self.options["environment"].items():
                kind = "ExpandString" if "%" in value else "String"
                wanted[name] = {"kind": kind, "data": value}
            wanted.update({name: None for name in self.options["unset"] if name.upper() in self.registry})
        else:
            for name, old in extra.get("values", {}).items():
                now = self.registry.get(name.upper(), ("", None))[1]
                if now == old["ours"]:
                    wanted[name] = old["was"]
        path = self._path(extra.get("path", []))
        if path is not None:
            wanted["Path"] = path
        return wanted

    def _path(self, added: Sequence[str]) -> Value | None:
        """Path with our elements first and every other one as it was, unexpanded and in its order."""
        now = self.registry.get("PATH", ("Path", {"kind": "ExpandString", "data": ""}))[1]
        elements = [element for element in now["data"].split(";") if element]
        ours = self._path_elements() if self.request.present else []
        mine = {_plain(element) for element in [*ours, *added]}
        if not mine:
            return None
        if ours and elements[: len(ours)] == ours and not mine & {_plain(one) for one in elements[len(ours) :]}:
            return now
        rest = [element for element in elements if _plain(element) not in mine]
        data = ";".join([*ours, *rest])
        kind = "ExpandString" if "%" in data else now["kind"]
        if not data and "PATH" in self.registry:
            return {"kind": kind, "data": ""}
        return {"kind": kind, "data": data} if data else None

    def _registry(self, wanted: Mapping[str, Value | None], extra: Mapping[str, Any]) -> dict[str, Any]:
        """Turn wishes into writes; returns what the receipt has to remember."""
        values = dict(extra.get("values", {})) if self.request.present else {}
        place = PLACES[self.options["scope"]]
        for asked, value in wanted.items():
            name, now = self.registry.get(asked.upper(), (asked, None))
            if now == value:
                continue
            act = "remove" if value is None else "create" if now is None else "edit"
            shown = "" if value is None else f"='{_decide.mask(value['data'])}' ({value['kind']})"
            self.decision.changes.append(Change(rf"{place}\{name}", act, f"{name}{shown}"))
            self.decision.values.append({"name": name, **(value or {"kind": "none", "data": ""})})
            if name.upper() != "PATH":
                values[name] = {"was": values.get(name, {}).get("was", now), "ours": value}
        return {"values": values, "path": self._added(extra.get("path", []))}

    def _added(self, before: Sequence[str]) -> list[str]:
        """The elements of Path that were not there before us: only these go again."""
        stood = {_plain(one) for one in self.registry.get("PATH", ("", {"data": ""}))[1]["data"].split(";")}
        ours = {_plain(one) for one in before}
        return [one for one in self._path_elements() if _plain(one) not in stood or _plain(one) in ours]

    def _receipt(
        self,
        seen: Mapping[str, Any],
        stored: bytes | None,
        receipt: Receipt,
        extra: Mapping[str, Any],
        file: tuple[bytes | None, bytes | None],
    ) -> None:
        if not self.request.present:
            self._file(seen["path"], stored, None, "what stood before")
        elif self.decision.changes:
            edited = not self.machine and file[0] != file[1]
            fresh = receipt.after(*file, ()) if edited else receipt
            raw = {**json.loads(fresh.dump()), "registry": extra}
            self._file(seen["path"], stored, (json.dumps(raw, indent=1) + "\n").encode("ascii"), "what stood before")

    def _poison(self, file: str, after: bytes | None) -> list[dict[str, Any]]:
        found = []
        if not self.machine and after is not None:
            known = (self.options.get("_plan") or {}).get("known", [])
            found += [one.as_dict() for one in _poison.in_env_file(file, after, known)]
        leaving = {value["name"].upper() for value in self.decision.values if value["kind"] == "none"}
        for name, value in self.registry.values():
            reason = _poison.reason_against(name.upper(), value["data"], self.request.variables)
            if reason and name.upper() not in leaving:
                place = PLACES[self.options["scope"]]
                found.append(_poison.Poison(place, 0, name, value["data"], reason, True).as_dict())
        return found


def _bytes(seen: Mapping[str, Any]) -> bytes | None:
    return None if seen["content"] is None else base64.b64decode(seen["content"])


def _extra(stored: bytes | None) -> dict[str, Any]:
    try:
        extra = json.loads(stored or b"{}").get("registry", {})
    except (ValueError, AttributeError):
        return {}
    return extra if isinstance(extra, dict) else {}


def _plain(element: str) -> str:
    return element.strip().strip('"').rstrip("\\/").lower().replace("/", "\\")
