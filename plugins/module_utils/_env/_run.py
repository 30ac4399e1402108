# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the POSIX half of ``go_env``: read all, decide all, then write all."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils import _envfile, _shellrc
from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change, changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._env import (
    _decide,
    _doors,
    _files,
    _poison,
    _render,
    _shellread,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._env._receipt import Receipt
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError


class EnvRun:
    """One run of the module on one host for one account or for the machine."""

    def __init__(self, options: Mapping[str, Any], facts: _doors.Facts, *, check: bool) -> None:
        self.options, self.facts, self.check = options, facts, check
        self.files = _files.Files()
        self.request = _decide.Request.of(options)
        self.machine = options["scope"] == "machine"
        self.folder = _doors.machine_folder(facts) if self.machine else _doors.user_folder(facts)
        self.predicted: list[Change] = []
        self.switched: dict[str, tuple[bytes, str]] = {}
        """Shell files with lines switched off or on, before the hook."""

    def run(self) -> dict[str, Any]:
        receipt_path = os.path.join(self.folder, "env.json")
        receipt_bytes = self.files.read(receipt_path)
        receipt = Receipt.load(receipt_bytes)
        file = self._go_env_block() if self.machine else self._env_file(receipt)
        poison = self._poison(file)
        wanted = self._walk_doors()
        gone = self._receipt(receipt_path, receipt_bytes, receipt, file)
        self.files.check()
        changes = self.files.changes() + self.predicted + [Change(path, "remove", "directory") for path in gone]
        result = changes_result(changes)
        result["env"] = {
            "file": file.path,
            "variables": _decide.visible(_block_or_file(file, machine=self.machine)),
            "path": list(self.options["path"]) if self.machine else self._user_path(),
            "shell_files": wanted,
            "new_terminal": any(edit.path in self.door_paths for edit in self.files.edits),
        }
        result["poison"] = poison
        if not self.check:
            self.files.apply()
            _files.remove_folders(gone)
        return result

    def diff(self) -> list[dict[str, str]]:
        return [
            {
                "before_header": edit.path,
                "after_header": edit.path,
                "before": _text(edit.before),
                "after": _text(edit.after),
            }
            for edit in self.files.edits
            if not edit.secret
        ]

    def _user_path(self) -> list[str]:
        return [_render.expand(directory, self.facts.home) for directory in self.options["path"]]

    def _env_file(self, receipt: Receipt) -> _files.Edit:
        path = _envfile.goenv_path(self.facts.environ, self.facts.home, self.facts.system)
        now = self.files.read(path)
        fresh = _decide.env_file(now, self.request, receipt)
        mode = 0o600 if _decide.has_credentials(fresh) else 0o644
        edit = _files.Edit(path, now, fresh, _decide.describe(now, fresh), mode)
        self.files.want(edit)
        return edit

    def _go_env_block(self) -> _files.Edit:
        """Machine defaults stand first in $GOROOT/go.env: there, unlike in the user's file, the first line counts."""
        root = self.options["goroot"] or self.facts.root + "/usr/local/go"
        path = os.path.join(root, "go.env")
        present = self.request.present and bool(self.request.variables)
        body = [f"{name}={value}".encode() for name, value in sorted(self.request.variables.items())]
        if not os.path.isdir(root):
            if present and not self.check:
                raise WorkstationError(
                    "set",
                    "machine defaults in",
                    path,
                    f"there is no Go in '{root}'",
                    "Install Go first (go_sdk), or name goroot",
                )
            if present:
                self.predicted.append(Change(path, "edit", _decide.describe(None, b"\n".join(body))))
            return _files.Edit(path, None, b"\n".join(body) if present else None, "")
        now = self.files.read(path)
        fresh = _shellrc.put_block(now, body, path=path, at_top=True) if present else now
        if not present and now is not None and _shellrc.BEGIN in now:
            fresh = _shellrc.take_block(now, path=path)
        block = [_shellrc.read_block(data, path=path) if data else None for data in (now, fresh)]
        edit = _files.Edit(path, now, fresh, _decide.describe(block[0], block[1]), 0o644)
        self.files.want(edit)
        return edit

    def _walk_doors(self) -> list[str]:
        wish = _doors.Wish(self.options["path"], self.options["environment"], self.options["shells"])
        if not self.request.present:
            wish = _doors.Wish((), {}, None)
        doors = _doors.machine_doors(self.facts, wish) if self.machine else _doors.user_doors(self.facts, wish)
        self.door_paths = {door.path for door in doors}
        for door in doors:
            if door.wanted or os.path.isfile(door.path):
                now = self.files.read(door.path)
                base, words = self.switched.pop(door.path, (now, ""))
                after = _managed(door, base) if door.managed else _hooked(door, base, wish)
                words = "; ".join(filter(None, [_door_words(door) if after != base else "", words]))
                self.files.want(_files.Edit(door.path, now, after, words, door.mode))
        for path, (data, words) in self.switched.items():
            self.files.want(_files.Edit(path, self.files.read(path), data, words))
        return [door.path for door in doors if door.wanted]

    def _poison(self, file: _files.Edit) -> list[dict[str, Any]]:
        """Find what harms; switch off what option unset names, in the files of this scope and only there."""
        home, known = self.facts.home, (self.options.get("_plan") or {}).get("known", [])
        goes = set(self.options["unset"]) if self.request.present else set()
        mine = (self.facts.root + "/etc/",) if self.machine else (home.rstrip("/") + "/",)
        found: list[dict[str, Any]] = []
        for path in _poison.files_of(home, self.facts.root):
            data = _poison.read_quietly(path)
            if data is None:
                continue
            ours = path.startswith(mine)
            if ours and not self.request.present and _shellread.OFF in data:
                self.switched[path] = (_shellread.switch_on(data), "lines switched on again")
            assigned = _poison.assigned(path, data, goes.union(self.request.variables))
            named = [one for one in assigned if one.name in goes and one.whole and ours]
            if named:
                off = _shellread.switch_off(data, {one.line for one in named}, shell=_poison.is_shell(path))
                names = ", ".join(sorted({one.name for one in named}))
                self.switched[path] = (off, f"{names} switched off")
            harmful = _poison.in_shell_file(path, assigned, self.request.variables, self._shadows)
            lines = {one.line for one in named}
            found += [one.as_dict() for one in harmful if one.line not in lines]
        if not self.machine and file.after is not None:
            found += [one.as_dict() for one in _poison.in_env_file(file.path, file.after, known)]
        return found

    def _shadows(self, directory: str) -> bool:
        """Whether a directory of a PATH line holds a go that is not one of ours."""
        plain = re.sub(r"^(?:~|\$HOME|\$\{HOME\})(?=/)", self.facts.home.rstrip("/"), directory)
        ours = {os.path.realpath(one) for one in self._user_path()}
        return (
            plain.startswith("/")
            and os.path.realpath(plain) not in ours
            and os.access(os.path.join(plain, "go"), os.X_OK)
        )

    def _receipt(self, path: str, now: bytes | None, receipt: Receipt, file: _files.Edit) -> list[str]:
        """Keep what stood before; returns the directories that go when we go."""
        if not self.request.present:
            self.files.want(_files.Edit(path, now, None, "what stood before", secret=True))
            leaving = {edit.path for edit in self.files.edits if edit.after is None}
            return _files.removable(receipt.folders, leaving)
        if self.files.edits or self.predicted:
            made = _files.missing_folders([path, *(edit.path for edit in self.files.edits if edit.after is not None)])
            edited = not self.machine and file.before != file.after
            fresh = receipt.after(file.before, file.after, made) if edited else receipt.with_folders(made)
            self.files.want(_files.Edit(path, now, fresh.dump(), "what stood before", 0o600, secret=True))
        return []


def _managed(door: _doors.Door, now: bytes | None) -> bytes | None:
    if door.wanted:
        return door.content
    # A file of this name that we did not write stays.
    return None if now is not None and (door.bare or _render.NOTICE.encode() in now) else now


def _hooked(door: _doors.Door, now: bytes | None, wish: _doors.Wish) -> bytes | None:
    if not door.wanted:
        return _shellrc.take_block(now, path=door.path) if now is not None and _shellrc.BEGIN in now else now
    hook = list(door.hook)
    if hook == [b"pam"]:
        rest = (_shellrc.take_block(now, path=door.path) if now else None) or b""
        hook = _render.pam_lines(wish.path, wish.environment, _pam_path(rest))
    return _shellrc.put_block(now, hook, path=door.path, at_top=_shellrc.leaves_early(now or b""))


def _pam_path(data: bytes) -> str:
    found = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
    for line in data.decode("utf-8", "replace").splitlines():
        name, _between, value = line.strip().partition("=")
        if name == "PATH":
            found = value.strip().strip("\"'")
    return found


def _door_words(door: _doors.Door) -> str:
    if door.managed:
        return "PATH and environment" if door.wanted else "PATH and environment taken out"
    return "one line that reads the managed file" if door.wanted else "the line that reads the managed file"


def _block_or_file(edit: _files.Edit, *, machine: bool) -> bytes | None:
    if not machine or edit.after is None:
        return edit.after
    return _shellrc.read_block(edit.after, path=edit.path) or (None if edit.before else edit.after)


def _text(data: bytes | None) -> str:
    return _decide.mask((data or b"").decode("utf-8", "replace"))
