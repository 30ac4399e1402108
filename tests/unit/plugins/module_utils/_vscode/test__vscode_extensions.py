# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions on a real disk: what counts as installed, what an installation leaves, what is refused."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from vscode.pack import vsix

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._allowed import allowed_extensions, refusal
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._extensions import Store
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._install import Home, Installer, Wanted
from ansible_collections.gopherops.workstation.plugins.module_utils._vscode._vsix import inspect


class Editor:
    """A command line that does what it is told to do, which is not always what it says."""

    def __init__(self, folder: Path, installs: str = "", status: int = 0, output: str = "") -> None:
        self.folder, self.installs, self.status, self.output = folder, installs, status, output
        self.calls: list[list[str]] = []
        self.environment: dict[str, str] = {}

    def __call__(self, command: list[str], environment: dict[str, str]) -> tuple[int, str]:
        self.calls.append(command)
        self.environment = environment
        if self.installs:
            path = vsix(self.folder.parent, version=self.installs)
            store = Store(str(self.folder))
            store.install(str(path), inspect(str(path)))
            entries = listed(self.folder)
            for entry in entries:
                entry["metadata"].pop("pinned")
            (self.folder / "extensions.json").write_text(json.dumps(entries), "utf-8")
        return self.status, self.output


def listed(folder: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((folder / "extensions.json").read_text("utf-8"))
    return entries


def install(
    folder: Path, *wanted: Wanted, run: Editor | None = None, check: bool = False, rules: Any = None
) -> Installer:
    command = None if run is None else ["code"]
    installer = Installer(run or Editor(folder), "linux-x64", check)
    installer.apply([Home("code", str(folder), command, rules or {})], list(wanted))
    return installer


def from_package(path: Path, **options: Any) -> Wanted:
    return Wanted(
        inspect(str(path)).name,
        options.pop("version", inspect(str(path)).version),
        package=lambda: str(path),
        **options,
    )


def test_a_package_is_installed_without_an_editor_and_pinned(tmp_path: Path) -> None:
    folder = tmp_path / "extensions"
    done = install(folder, from_package(vsix(tmp_path)))
    (entry,) = listed(folder)
    assert entry["identifier"] == {"id": "golang.go"}
    assert entry["location"] == {"$mid": 1, "path": str(folder / "golang.go-0.56.0"), "scheme": "file"}
    assert entry["metadata"]["pinned"] is True
    assert (folder / "golang.go-0.56.0" / "out" / "main.js").is_file()
    assert (folder / "golang.go-0.56.0" / ".vsixmanifest").is_file()
    assert [change.what for change in done.result.changes] == ["golang.go: (nothing) -> 0.56.0"]
    assert done.result.extensions[0]["path"] == str(folder / "golang.go-0.56.0")
    assert not [one for one in folder.iterdir() if one.name.startswith(".")]


def test_a_second_run_changes_nothing_and_check_mode_tells_the_same(tmp_path: Path) -> None:
    folder, wanted = tmp_path / "extensions", from_package(vsix(tmp_path))
    planned = install(folder, wanted, check=True).result.changes
    assert not folder.exists()
    assert install(folder, wanted).result.changes == planned
    assert install(folder, wanted).result.changes == []


def test_another_version_replaces_and_the_old_is_left_to_the_editor(tmp_path: Path) -> None:
    folder = tmp_path / "extensions"
    install(folder, from_package(vsix(tmp_path, version="0.56.0")))
    install(folder, from_package(vsix(tmp_path, version="0.54.0")))
    assert [entry["version"] for entry in listed(folder)] == ["0.54.0"]
    assert json.loads((folder / ".obsolete").read_text("utf-8")) == {"golang.go-0.56.0": True}
    install(folder, from_package(vsix(tmp_path, version="0.56.0")))  # and back: it is not obsolete any more
    assert json.loads((folder / ".obsolete").read_text("utf-8")) == {"golang.go-0.54.0": True}
    found = Store(str(folder)).find("golang.go")
    assert found is not None and found.version == "0.56.0"


def test_other_extensions_stay_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "extensions"
    folder.mkdir()
    theirs = {
        "identifier": {"id": "x.y", "uuid": "u"},
        "version": "1.0.0",
        "location": {"path": "/x"},
        "metadata": {"k": [1]},
    }
    (folder / "extensions.json").write_text(json.dumps([theirs]), "utf-8")
    install(folder, from_package(vsix(tmp_path)))
    assert listed(folder)[0] == theirs


def test_folders_of_an_editor_without_a_list_are_put_on_it(tmp_path: Path) -> None:
    folder = tmp_path / "extensions"
    (folder / "x.y-1.0.0").mkdir(parents=True)
    (folder / "x.y-1.0.0" / "package.json").write_text('{"publisher": "X", "name": "y", "version": "1.0.0"}', "utf-8")
    install(folder, from_package(vsix(tmp_path)))
    assert [entry["identifier"]["id"] for entry in listed(folder)] == ["x.y", "golang.go"]


@pytest.mark.parametrize("damage", ["folder", "manifest", "version", "obsolete"])
def test_what_is_only_on_the_list_is_not_installed(tmp_path: Path, damage: str) -> None:
    folder, wanted = tmp_path / "extensions", from_package(vsix(tmp_path))
    install(folder, wanted)
    home = folder / "golang.go-0.56.0"
    if damage == "folder":
        home.rename(tmp_path / "gone")
    elif damage == "manifest":
        (home / "package.json").write_text("{", "utf-8")
    elif damage == "version":
        (home / "package.json").write_text('{"version": "0.1.0"}', "utf-8")
    else:
        (folder / ".obsolete").write_text('{"golang.go-0.56.0": true}', "utf-8")
    assert Store(str(folder)).find("golang.go") is None
    assert len(install(folder, wanted).result.changes) == 1
    assert Store(str(folder)).find("golang.go") is not None
    assert install(folder, wanted).result.changes == []


def test_absent_removes_entry_and_folders_and_no_namesake(tmp_path: Path) -> None:
    folder = tmp_path / "extensions"
    install(folder, from_package(vsix(tmp_path)), from_package(vsix(tmp_path, "golang.go-nightly", "1.0.0")))
    gone = Wanted("Golang.Go", state="absent")
    assert [change.act for change in install(folder, gone).result.changes] == ["remove"]
    assert [entry["identifier"]["id"] for entry in listed(folder)] == ["golang.go-nightly"]
    assert sorted(one.name for one in folder.iterdir()) == ["extensions.json", "golang.go-nightly-1.0.0"]
    assert install(folder, gone).result.changes == []


def test_the_command_line_is_believed_only_when_the_disk_agrees(tmp_path: Path) -> None:
    folder = tmp_path / "extensions"
    liar = Editor(folder, output="Extension 'golang.go' is already installed.")
    with pytest.raises(WorkstationError, match="the program reported success, but nothing is on disk"):
        install(folder, Wanted("golang.go", "0.56.0"), run=liar)
    with pytest.raises(WorkstationError, match=r"0\.54\.0 is on disk"):
        install(folder, Wanted("golang.go", "0.56.0"), run=Editor(folder, installs="0.54.0"))


def test_the_command_line_gets_the_exact_version_and_never_asks(tmp_path: Path) -> None:
    folder = tmp_path / "extensions"
    honest = Editor(folder, installs="0.56.0")
    done = install(folder, Wanted("golang.go", "0.56.0"), run=honest)
    assert honest.calls == [
        ["code", "--extensions-dir", str(folder), "--install-extension", "golang.go@0.56.0", "--force"]
    ]
    assert honest.environment["DONT_PROMPT_WSL_INSTALL"] == "1"
    assert done.result.extensions[0]["pinned"] is True


def test_a_failing_command_line_is_quoted(tmp_path: Path) -> None:
    broken = Editor(tmp_path, status=1, output="Installing...\nFailed Installing Extensions: golang.go\n")
    with pytest.raises(WorkstationError, match="Failed Installing Extensions"):
        install(tmp_path / "extensions", Wanted("golang.go"), run=broken)


def test_an_exact_version_is_pinned_where_it_was_not(tmp_path: Path) -> None:
    folder = tmp_path / "extensions"
    Editor(folder, installs="0.56.0")([], {})
    wanted = Wanted("golang.go", "0.56.0")
    assert [change.act for change in install(folder, wanted, run=Editor(folder)).result.changes] == ["edit"]
    assert listed(folder)[0]["metadata"]["pinned"] is True
    assert install(folder, Wanted("golang.go"), run=Editor(folder)).result.changes == []


@pytest.mark.parametrize(
    ("options", "wanted", "said"),
    [
        ({"identity": "other.go"}, {"name": "golang.go"}, "the package is other.go"),
        ({"version": "0.1.0"}, {"name": "golang.go", "version": "0.56.0"}, "the package is version 0.1.0, not 0.56.0"),
        ({"platform": "darwin-arm64"}, {"name": "golang.go"}, "for darwin-arm64, and this machine is linux-x64"),
    ],
)
def test_a_package_that_does_not_fit_is_refused(
    tmp_path: Path, options: dict[str, Any], wanted: dict[str, Any], said: str
) -> None:
    path = vsix(tmp_path, **options)
    with pytest.raises(WorkstationError, match=said):
        install(tmp_path / "extensions", Wanted(package=lambda: str(path), **wanted))
    assert not (tmp_path / "extensions").exists()


def test_a_platform_package_gets_its_own_folder(tmp_path: Path) -> None:
    folder = tmp_path / "extensions"
    install(folder, from_package(vsix(tmp_path, platform="linux-x64")))
    assert listed(folder)[0]["relativeLocation"] == "golang.go-0.56.0-linux-x64"
    assert listed(folder)[0]["metadata"]["targetPlatform"] == "linux-x64"


@pytest.mark.parametrize("entry", ["extension/../../evil", "extension/../evil", "extension//../../evil"])
def test_no_entry_gets_outside(tmp_path: Path, entry: str) -> None:
    folder = tmp_path / "extensions"
    path = vsix(tmp_path, files={entry: b"x"})
    with pytest.raises(WorkstationError, match="points outside"):
        install(folder, from_package(path))
    assert not (folder / "extensions.json").exists()
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize("manifest", [{"name": "../x"}, {"version": "1"}, {"publisher": "a/b"}])
def test_odd_names_are_refused(tmp_path: Path, manifest: dict[str, Any]) -> None:
    with pytest.raises(WorkstationError, match="odd"):
        inspect(str(vsix(tmp_path, manifest=manifest)))


def test_what_is_no_package_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.vsix"
    path.write_bytes(b"no zip")
    with pytest.raises(WorkstationError, match="Cannot read extension package"):
        inspect(str(path))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("other", "x")
    with pytest.raises(WorkstationError, match="Cannot read extension package"):
        inspect(str(path))


def test_without_an_editor_only_packages_can_be_installed(tmp_path: Path) -> None:
    with pytest.raises(WorkstationError, match="no command line here"):
        install(tmp_path / "extensions", Wanted("golang.go"))


def test_a_broken_list_is_refused_and_untouched(tmp_path: Path) -> None:
    folder = tmp_path / "extensions"
    folder.mkdir()
    (folder / "extensions.json").write_text("{}", "utf-8")
    with pytest.raises(WorkstationError, match="no list of extensions"):
        install(folder, from_package(vsix(tmp_path)))
    assert (folder / "extensions.json").read_text("utf-8") == "{}"


def test_policy_is_reported_before_anything_is_done(tmp_path: Path) -> None:
    folder = tmp_path / "extensions"
    allowed, forbidden = from_package(vsix(tmp_path, "a.b", "1.0.0")), from_package(vsix(tmp_path))
    with pytest.raises(
        WorkstationError, match="AllowedExtensions of code would disable it: the rule for 'golang' forbids"
    ):
        install(folder, allowed, forbidden, rules={"*": True, "golang": False})
    assert not folder.exists()


@pytest.mark.parametrize(
    ("rules", "refused"),
    [
        ({}, False),
        ({"*": False, "golang.go": True}, False),
        ({"golang": True, "golang.go": False}, True),
        ({"golang.go": ["0.56.0", "0.54.0@linux-x64"]}, False),
        ({"golang.go": ["0.54.0"]}, True),
        ({"golang": "stable"}, False),
        ({"microsoft": True}, True),
        ({"Golang": True}, False),
    ],
)
def test_the_most_precise_rule_decides(rules: dict[str, Any], refused: bool) -> None:
    assert bool(refusal(rules, "golang.go", "0.56.0")) == refused


def test_pre_releases_are_not_stable() -> None:
    assert refusal({"golang": "stable"}, "golang.go", "0.57.0", pre_release=True)


@pytest.mark.parametrize(
    "content",
    [
        b'{"AllowedExtensions": {"golang": true}}',
        b'{"AllowedExtensions": "{\\"golang\\": true}"}',
        b'// x\n{"AllowedExtensions": {"golang": true,}}',
    ],
)
def test_policies_are_read_as_object_or_as_text(content: bytes) -> None:
    assert allowed_extensions("/etc/vscode/policy.json", lambda path: content) == {"golang": True}
    assert allowed_extensions("/etc/vscode/policy.json", lambda path: b"[") == {}
