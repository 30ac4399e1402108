"""go_caches on a real home: check mode says what the run does, and absent leaves no trace of it."""

from __future__ import annotations

import os
import pwd
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._caches import _mounts
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._run import CachesRun, Host
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

PLACES = ["gopath", "gocache", "gomodcache", "gobin", "gotmpdir", "gopls"]
OPTIONS: dict[str, Any] = {
    "state": "present", "places": PLACES, "paths": {}, "policy": "private", "mode": None, "repair": True,
    "accept": ["tmp", "space"], "min_free_mib": 1, "min_free_inodes": 1,
}  # fmt: skip


def go_caches(home: Path, *, check: bool = False, mount: str = "ext4 rw", status: int = 0, **options: Any) -> Any:
    me = pwd.getpwuid(os.getuid())
    account = pwd.struct_passwd((*me[:5], str(home), me.pw_shell))
    fstype, words = mount.split()
    mounts = [_mounts.Mount("/", fstype, tuple(words.split(",")), "")]
    host = Host("Linux", lambda: mounts, lambda program: status, {"TMPDIR": str(home)})
    return CachesRun({**OPTIONS, **options}, account, os.getgid(), host, check=check).run()


def listing(home: Path) -> list[str]:
    return sorted(f"{path} {oct(path.stat().st_mode)}" for path in home.rglob("*"))


def test_check_says_what_the_run_does_and_absent_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / ".config").mkdir()
    before = listing(tmp_path)
    predicted = go_caches(tmp_path, check=True)
    assert listing(tmp_path) == before
    done = go_caches(tmp_path)
    assert predicted["changes"] == done["changes"]
    new = {str(path) for path in tmp_path.rglob("*")} - {str(tmp_path / ".config")}
    assert {change["path"] for change in done["changes"]} == new
    assert go_caches(tmp_path)["changes"] == []
    assert [place["writable"] for place in done["places"]] == [True] * 6
    taken = go_caches(tmp_path, check=True, state="absent")
    assert go_caches(tmp_path, state="absent")["changes"] == taken["changes"]
    assert listing(tmp_path) == before
    assert go_caches(tmp_path, state="absent")["changed"] is False


def test_absent_keeps_content(tmp_path: Path) -> None:
    go_caches(tmp_path)
    (tmp_path / "go" / "bin" / "tool").touch()
    go_caches(tmp_path, state="absent")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["bin", "go", "tool"]


@pytest.mark.parametrize(
    ("mount", "cause"), [("9p rw,aname=drvfs", "Windows drive"), ("nfs4 rw", "network"), ("xfs rw,noexec", "noexec")]
)
def test_a_bad_place_is_refused_before_anything_is_made_or_accepted_by_name(
    tmp_path: Path, mount: str, cause: str
) -> None:
    with pytest.raises(WorkstationError, match=cause):
        go_caches(tmp_path, mount=mount)
    assert listing(tmp_path) == []
    places = go_caches(tmp_path, mount=mount, accept=["tmp", "space", "drvfs", "network", "noexec"])["places"]
    assert any(cause in reason for place in places for reason in place["doubts"].values())


def test_a_place_where_programs_do_not_start_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkstationError, match="execute: permission denied"):
        go_caches(tmp_path, status=126)


def test_a_file_where_a_place_belongs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "go").touch()
    with pytest.raises(WorkstationError, match="gopath"):
        go_caches(tmp_path)
