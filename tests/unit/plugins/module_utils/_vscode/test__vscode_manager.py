# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many files in one task: all or nothing on bad input, the editor at work at the same time, what is reported."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._jsonc._policy import Wish
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._places import Place
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._settings import Files, Manager, Report


class Disk:
    """Files in memory; ``intruder`` changes one just before it is looked at for the nth time."""

    def __init__(self, **files: str) -> None:
        self.files = {f"/{name}": text.encode() for name, text in files.items()}
        self.writes: list[str] = []
        self.copies: list[bytes] = []
        self.intruder: dict[int, bytes] = {}
        self.reads = 0

    def read(self, path: str) -> bytes | None:
        self.reads += 1
        if self.reads in self.intruder:
            self.files[path] = self.intruder[self.reads]
        return self.files.get(path)

    def write(self, path: str, content: bytes) -> None:
        self.writes.append(path)
        self.files[path] = content

    def backup(self, path: str, content: bytes) -> str:
        self.copies.append(content)
        return f"{path}.bak"

    def run(self, *wishes: Wish, names: tuple[str, ...] = ("a",), check: bool = False, **plan: Any) -> Report:
        files = Files(self.read, self.write, self.backup, lambda path: "" if path in self.files else "/folder")
        found = [Place(f"/{name}", "code", "workspace_file" if name == "w" else "user") for name in names]
        return Manager(list(wishes), plan, files, check).run(found)


SET = Wish("k", "set", 1)


def test_check_mode_tells_the_same_and_writes_nothing() -> None:
    planned, done = Disk(a="{}"), Disk(a="{}")
    one, two = planned.run(SET, names=("a", "new"), check=True), done.run(SET, names=("a", "new"))
    assert (one.changes, one.diff, one.files) == (two.changes, two.diff, two.files)
    assert (planned.writes, done.writes) == ([], ["/a", "/new"])
    assert [(change.path, change.act) for change in one.changes] == [
        ("/a", "edit"),
        ("/folder", "create"),
        ("/new", "create"),
    ]


def test_a_second_run_changes_nothing() -> None:
    disk = Disk(a="{}")
    disk.run(SET)
    report = disk.run(SET)
    assert (report.changes, report.diff, disk.writes) == ([], [], ["/a"])


def test_one_malformed_file_stops_the_task_before_the_first_write() -> None:
    disk = Disk(a="{}", b='{\n  "x": 1\n  "y": 2\n}')
    with pytest.raises(WorkstationError) as caught:
        disk.run(SET, names=("a", "b"))
    assert disk.writes == []
    assert "Cannot edit settings file '/b': line 3, column 3" in caught.value.message
    assert '\n  "y": 2\n  ^\n' in caught.value.message
    assert caught.value.details["line"] == 3


@pytest.mark.parametrize(("content", "cause"), [(b"\xff\xfe{\x00}\x00", "not UTF-8"), (b"[1]", "no object")])
def test_other_files_that_are_no_settings_are_refused(content: bytes, cause: str) -> None:
    disk = Disk()
    disk.files["/a"] = content
    with pytest.raises(WorkstationError, match=cause):
        disk.run(SET)
    assert disk.writes == []


def test_what_an_editor_writes_meanwhile_is_kept() -> None:
    disk = Disk(a="{}")
    disk.intruder = {2: b'{"theirs": 2}'}
    disk.run(SET)
    assert disk.files["/a"] == b'{"theirs": 2, "k": 1}'


def test_an_editor_that_never_stops_is_given_up_on() -> None:
    disk = Disk(a="{}")
    disk.intruder = {n: b'{"n": %d}' % n for n in range(2, 20)}
    with pytest.raises(WorkstationError, match="changed it 3 times"):
        disk.run(SET)
    assert disk.writes == []


def test_an_editor_that_did_the_same_leaves_nothing_to_do() -> None:
    disk = Disk(a="{}")
    disk.intruder = {2: b'{"k": 1}'}
    report = disk.run(SET)
    assert (disk.writes, report.changes) == ([], [])


def test_a_copy_is_kept_of_what_changes_only() -> None:
    disk = Disk(a="{}", b='{"k": 1}')
    report = disk.run(SET, names=("a", "b", "new"), backup=True)
    assert disk.copies == [b"{}"]
    assert [entry.get("backup_file") for entry in report.files] == ["/a.bak", None, None]


def test_a_workspace_file_keeps_its_settings_one_level_down() -> None:
    disk = Disk(w='{"folders": []}')
    disk.run(SET, names=("w",))
    assert disk.files["/w"] == b'{"folders": [], "settings": {"k": 1}}'


def test_obsolete_keys_are_reported_or_removed() -> None:
    text = '{"go.goplsArgs": [], "go.alternateTools": {"gocode": "x", "gopls": "y"}}'
    table = {"go.goplsArgs": "it does nothing", "go.alternateTools > gocode": "gone", "go.docsTool": "not here"}
    disk = Disk(a=text)
    report = disk.run(obsolete=table)
    assert report.files[0]["notices"] == ["it does nothing", "gone"]
    assert disk.writes == []
    report = disk.run(obsolete=table, remove_obsolete=True)
    assert report.files[0]["notices"] == []
    assert disk.files["/a"] == b'{"go.alternateTools": {"gopls": "y"}}'


def test_only_settings_are_searched_for_obsolete_keys() -> None:
    disk = Disk(a='{"go.goplsArgs": []}')
    files = Files(disk.read, disk.write, disk.backup, lambda path: "")
    plan = {"obsolete": {"go.goplsArgs": "it does nothing"}, "remove_obsolete": True}
    report = Manager([], plan, files).run([Place("/a", "", "workspace", document="tasks")])
    assert (report.changes, disk.writes) == ([], [])
