"""bundle on the controller: what is packed is said before anything is fetched, what is unpacked file by file."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.template import Templar
from docsite import returned

from ansible_collections.gopherops.workstation.plugins.action import bundle
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.wanted import Wanted
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet import _bundle


class Bench:
    """Builds nothing: a program is its name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def parcel(self, wanted: Wanted) -> Any:
        shelf = self.folder / f"{wanted.tool.name}-go{wanted.go_version}-{wanted.goos}-{wanted.goarch}"
        shelf.mkdir(parents=True, exist_ok=True)
        (shelf / "packed.gz").write_bytes(shelf.name.encode())
        return SimpleNamespace(packed=shelf / "packed.gz")


@pytest.fixture(name="fetched")
def controller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A controller with a cache of its own, and what it fetched into it."""
    cache, fetched = tmp_path / "cache", list[str]()

    def obtain(release: Any, _sources: Any, _network: Any, folder: Path) -> Any:
        fetched.append(f"{release.version} {release.platform}")
        folder.mkdir(parents=True, exist_ok=True)
        archive = folder / f"go{release.version}.{release.platform}.archive"
        archive.write_bytes(archive.name.encode())
        archive.with_suffix(".json").write_text(json.dumps({}), encoding="utf-8")
        return SimpleNamespace(path=str(archive))

    monkeypatch.setattr(bundle, "cache_dir", lambda _environment: cache)
    monkeypatch.setattr(bundle, "controller_workshop", lambda _environment: Bench(cache / "tools"))
    monkeypatch.setattr(bundle, "obtain", obtain)
    return fetched


def act(*, check: bool = False, **arguments: Any) -> dict[str, Any]:
    task = Task.load({"gopherops.workstation.bundle": arguments, "name": "t", "check_mode": check})
    loader = DataLoader()
    action = bundle.ActionModule(task, MagicMock(), PlayContext(), loader, Templar(loader), None)
    result = dict(action.run(task_vars={}))
    assert returned.complaints(action.capability, result) == []
    return result


def test_what_is_packed_is_said_before_and_nothing_is_fetched_for_that(fetched: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    wish: dict[str, Any] = {
        "state": "packed",
        "path": str(folder),
        "versions": ["1.27.3"],
        "platforms": ["linux-amd64", "darwin-arm64"],
    }
    predicted = act(check=True, **wish)
    assert (fetched, folder.exists()) == ([], False)
    done = act(**wish)
    what = "Go 1.27.3, gopls for linux-amd64, darwin-arm64"
    assert predicted["changes"] == done["changes"] == [{"path": str(folder), "act": "create", "what": what}]
    assert (predicted["changed"], done["changed"], predicted["files"], done["files"]) == (True, True, 0, 6)
    assert fetched == ["1.27.3 linux-amd64", "1.27.3 darwin-arm64"]
    assert act(**wish)["changes"][0]["act"] == "edit"


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"platforms": ["linux-z80"]}, "Cannot bundle Go 'linux-z80': there is no such platform. Use "),
        ({"tools": [{"name": "gopls", "version": "latest"}]}, "Name an exact version; a bundle is made of pinned"),
    ],
)
def test_check_mode_refuses_what_the_run_would(
    fetched: list[str], tmp_path: Path, wish: dict[str, Any], words: str, check: bool
) -> None:
    failed = act(check=check, state="packed", path=str(tmp_path / "bundle"), **wish)
    assert failed["failed"]
    assert words in failed["msg"]
    assert fetched == []


def test_what_comes_out_is_said_before_and_a_second_time_nothing_comes(
    fetched: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, there = tmp_path / "bundle", tmp_path / "there"
    act(state="packed", path=str(folder), versions=["1.27.3"])
    monkeypatch.setattr(_bundle, "_check_signature", lambda *_: None)
    monkeypatch.setattr(bundle, "cache_dir", lambda _environment: there)
    wish: dict[str, Any] = {"state": "unpacked", "path": str(folder)}
    predicted = act(check=True, **wish)
    assert not there.exists()
    done = act(**wish)
    assert predicted == done
    assert [one["path"] for one in done["changes"]] == sorted(str(path) for path in there.rglob("*") if path.is_file())
    assert (done["changed"], done["files"], len(done["changes"])) == (True, 3, 3)
    again = act(**wish)
    assert (again["changed"], again["changes"], again["files"]) == (False, [], 3)
