"""go_caches on a real home: check mode says what the run does, and absent leaves no trace of it."""

from __future__ import annotations

import errno
import json
import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._caches import _mounts
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._labels import Relabel
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._run import CachesRun, Host
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

PLACES = ["gopath", "gocache", "gomodcache", "gobin", "gotmpdir", "gopls"]
OPTIONS: dict[str, Any] = {
    "state": "present", "places": PLACES, "paths": {}, "variables": {}, "policy": "private", "mode": None,
    "move": False, "repair": True, "accept": ["tmp", "space"], "min_free_mib": 1, "min_free_inodes": 1,
}  # fmt: skip


def go_caches(
    home: Path,
    *,
    check: bool = False,
    mount: str = "ext4 rw",
    status: int = 0,
    relabel: Relabel | None = None,
    gid: int | None = None,
    **options: Any,
) -> Any:
    me = pwd.getpwuid(os.getuid())
    account = pwd.struct_passwd((*me[:5], str(home), me.pw_shell))
    fstype, words = mount.split()
    mounts = [_mounts.Mount("/", fstype, tuple(words.split(",")), "")]
    host = Host("Linux", lambda: mounts, lambda program: status, {"TMPDIR": str(home)}, relabel)
    return CachesRun({**OPTIONS, **options}, account, os.getgid() if gid is None else gid, host, check=check).run()


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


def test_check_before_gos_env_file_is_written_looks_at_the_places_it_will_name(tmp_path: Path) -> None:
    named = {"GOTMPDIR": f"{tmp_path}/tmp", "GOPATH": "/elsewhere"}
    env_file = tmp_path / ".config" / "go" / "env"
    env_file.parent.mkdir(parents=True)
    env_file.write_text("GOPATH=/of/old\n")
    predicted = go_caches(tmp_path, check=True, places=["gotmpdir"], variables=named)
    env_file.write_text("".join(f"{name}={value}\n" for name, value in named.items()))
    done = go_caches(tmp_path, places=["gotmpdir"])
    assert predicted["changes"] == done["changes"]
    assert done["changes"][0]["path"] == named["GOTMPDIR"]


def test_what_programs_keep_about_an_account_is_made_for_it_alone(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        go_caches(tmp_path, places=["gobin"])
    finally:
        os.umask(old)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in (".config", ".config/gopherops")]
    assert modes == [0o700, 0o755]


def test_a_shared_place_is_its_groups_from_the_first_run_on(tmp_path: Path) -> None:
    """Members of another group than the developer's own; the second run finds nothing to mend."""
    team = next((gid for gid in os.getgroups() if gid != os.getgid()), os.getgid())
    team = 12345 if os.geteuid() == 0 else team
    shared: dict[str, Any] = {"places": ["gomodcache"], "paths": {"gomodcache": f"{tmp_path}/team/mod"}, "gid": team}
    done = go_caches(tmp_path, policy="shared", **shared)
    made = (tmp_path / "team" / "mod").stat()
    assert (made.st_gid, stat.S_IMODE(made.st_mode)) == (team, 0o2770)
    assert [change["act"] for change in done["changes"] if change["path"].endswith("/mod")] == ["create"]
    assert go_caches(tmp_path, policy="shared", **shared)["changes"] == []


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


def old_cache(home: Path) -> Path:
    """A module cache at Go's own place, read-only as Go leaves it, with a mode to mend."""
    module = home / "go" / "pkg" / "mod" / "example.com" / "m@v1.0.0"
    module.mkdir(parents=True)
    (module / "m.go").touch(0o444)
    (module / "link").symlink_to("m.go")
    (module.parent / "open").touch()
    (module.parent / "open").chmod(0o646)
    module.chmod(0o555)
    return home / "go" / "pkg" / "mod"


def content(top: Path) -> list[tuple[str, int, bool]]:
    found = [(str(path.relative_to(top)), path.lstat().st_mode, path.is_symlink()) for path in top.rglob("*")]
    return sorted(found)


@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("there", [False, True])
def test_content_moves_on_request_by_rename_or_else_by_a_whole_copy(
    tmp_path: Path, across: bool, there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = old_cache(tmp_path), tmp_path / "big" / "mod"
    inode = source.stat().st_ino
    if there:
        target.mkdir(parents=True)
    rename = os.rename

    def other_filesystem(old: str, new: str) -> None:
        if across and old == str(source):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        rename(old, new)

    monkeypatch.setattr(os, "rename", other_filesystem)
    asked: dict[str, Any] = {"paths": {"gomodcache": str(target)}, "move": True}
    before = content(source)
    predicted = go_caches(tmp_path, check=True, **asked)
    assert content(source) == before
    done = go_caches(tmp_path, **asked)
    assert predicted["changes"] == done["changes"]
    acts = {(change["path"], change["act"]) for change in done["changes"]}
    assert {(str(source), "mode"), (str(target), "move")} <= acts
    assert [name for name, _mode, _link in content(target)] == [name for name, _mode, _link in before]
    assert stat.S_IMODE((target / "example.com" / "m@v1.0.0").stat().st_mode) == 0o555
    assert (target / "example.com" / "m@v1.0.0" / "link").is_symlink()
    assert (target.stat().st_ino == inode) is not across
    assert not source.exists()
    assert os.listdir(target.parent) == ["mod"]
    assert go_caches(tmp_path, **asked)["changed"] is False


def test_content_stays_without_the_request_and_where_it_cannot_go(tmp_path: Path) -> None:
    source, target = old_cache(tmp_path), tmp_path / "big" / "mod"
    (source / "example.com" / "open").chmod(0o644)
    before = content(source)
    go_caches(tmp_path, paths={"gomodcache": str(target)})
    assert content(source) == before
    (target / "mine").touch()
    result = go_caches(tmp_path, paths={"gomodcache": str(target)}, move=True)
    assert (result["changed"], result["warnings"]) == (
        False,
        [f"gomodcache: nothing was moved, '{target}' is not empty"],
    )
    result = go_caches(tmp_path, paths={"gomodcache": str(source / "inner")}, move=True)
    assert "lies in" in result["warnings"][0]
    assert [name for name, _mode, _link in content(source) if name != "inner"] == [name for name, _m, _l in before]


def test_a_copy_that_fails_leaves_the_content_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = old_cache(tmp_path), tmp_path / "big" / "mod"
    os.mkfifo(source / "example.com" / "pipe")
    rename = os.rename

    def other_filesystem(old: str, new: str) -> None:
        if old == str(source):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        rename(old, new)

    monkeypatch.setattr(os, "rename", other_filesystem)
    (source / "example.com" / "open").chmod(0o644)
    before = content(source)
    with pytest.raises(WorkstationError, match="named pipe"):
        go_caches(tmp_path, paths={"gomodcache": str(target)}, move=True)
    assert content(source) == before
    assert os.listdir(target.parent) == []


class Labels:
    """restorecon's words for the paths that have a wrong label."""

    def __init__(self, wrong: Path) -> None:
        self.wrong, self.calls = wrong, [("", True, True)][:0]

    def __call__(self, path: str, deep: bool, check: bool) -> tuple[int, str]:
        self.calls.append((path, deep, check))
        if not (deep and str(self.wrong).startswith(f"{path}/") and self.wrong.exists()):
            return 0, ""
        verb = "Would relabel" if check else "Relabeled"
        return 0, f"{verb} {self.wrong} from unconfined_u:object_r:tmp_t:s0 to unconfined_u:object_r:cache_home_t:s0\n"


def test_labels_are_restored_where_selinux_is_on_and_only_said_in_check_mode(tmp_path: Path) -> None:
    go_caches(tmp_path)
    wrong = tmp_path / ".cache" / "go-build" / "of another"
    wrong.touch()
    looked, restored = Labels(wrong), Labels(wrong)
    predicted = go_caches(tmp_path, check=True, relabel=looked)
    done = go_caches(tmp_path, relabel=restored)
    assert predicted["changes"] == done["changes"]
    assert [(one["path"], one["act"]) for one in done["changes"]] == [(str(wrong.parent), "label")]
    assert str(wrong) in done["changes"][0]["what"]
    assert {check for _path, _deep, check in looked.calls} == {True}
    assert {check for _path, _deep, check in restored.calls} == {False}
    # Below GOPATH is the developer's own source; the system's temporary directory is not ours.
    assert (str(tmp_path / "go"), False, False) in restored.calls
    assert len(restored.calls) == 5
    assert go_caches(tmp_path, relabel=Labels(wrong), repair=False)["changed"] is False


def test_labels_of_what_is_new_are_part_of_its_being_made(tmp_path: Path) -> None:
    labels = Labels(tmp_path / ".cache" / "go-build")
    predicted = go_caches(tmp_path, check=True, relabel=labels)
    assert labels.calls == []
    assert go_caches(tmp_path, relabel=labels)["changes"] == predicted["changes"]
    assert (str(tmp_path / ".cache"), True, False) in labels.calls


def test_a_restorecon_that_fails_is_a_warning(tmp_path: Path) -> None:
    result = go_caches(tmp_path, relabel=lambda path, deep, check: (255, "Operation not supported"))
    assert "Operation not supported" in result["warnings"][0]


ON_READ_ONLY = """
import json, sys
from pathlib import Path
sys.path[:0] = json.loads(sys.argv[1])
from test_caches_run import WorkstationError, go_caches
for check in (True, False):
    try:
        print(go_caches(Path(sys.argv[2]), check=check)["changes"])
    except WorkstationError as error:
        print(error.message)
"""


def test_a_read_only_home_is_said_in_both_modes(tmp_path: Path) -> None:
    namespace = ["unshare", "--mount", "--map-root-user"]
    if shutil.which("unshare") is None or subprocess.run([*namespace, "true"], check=False).returncode:
        pytest.skip("no mount namespaces on this machine")
    home, here = tmp_path / "dev", Path(__file__).resolve()
    home.mkdir()
    mounted = 'mount --bind "$3" "$3" && mount -o remount,bind,ro "$3" && exec "$0" -c "$1" "$2" "$3"'
    paths = json.dumps([str(here.parents[5] / "collections"), str(here.parent), *sys.path])
    command = [*namespace, "sh", "-c", mounted, sys.executable, ON_READ_ONLY, paths, str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    assert (done.returncode, len(lines)) == (0, 2), done.stderr
    assert all("read-only file system" in line.lower() and "Mount it writable" in line for line in lines)
