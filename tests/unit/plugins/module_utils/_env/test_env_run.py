"""The POSIX half of go_env on a real home: what check mode says is done, and what was there comes back."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import plistlib
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._env._doors import Facts
from ansible_collections.gopherops.workstation.plugins.module_utils._env._run import EnvRun
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

BASHRC = b"# ~/.bashrc\ncase $- in\n    *i*) ;;\n      *) return;;\nesac\nalias ll='ls -l'\n"
OPTIONS: dict[str, Any] = {
    "state": "present",
    "scope": "user",
    "variables": {},
    "unset": [],
    "exclusive": False,
    "repair": False,
    "environment": {},
    "path": ["~/sdk/go/bin", "~/go/bin"],
    "shells": None,
    "goroot": None,
}


def facts(home: Path, programs: str = "bash zsh fish", environ: dict[str, str] | None = None) -> Facts:
    root = str(home.parent / "root")
    return Facts("Linux", str(home), "/bin/bash", environ or {}, lambda name: name in programs.split(), root)


def go_env(home: Path, *, check: bool = False, programs: str = "bash zsh fish", **options: Any) -> dict[str, Any]:
    return EnvRun({**OPTIONS, **options}, facts(home, programs), check=check).run()


def tree(top: Path) -> dict[str, tuple[str, str]]:
    """Every path with kind, mode and content."""
    found = {}
    for path in sorted(top.rglob("*")):
        info = path.lstat()
        content = os.readlink(path) if path.is_symlink() else ""
        if path.is_file() and not path.is_symlink():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        found[str(path.relative_to(top))] = (stat.filemode(info.st_mode), content)
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    place = tmp_path / "dev"
    place.mkdir()
    (place / ".bashrc").write_bytes(BASHRC)
    (place / ".profile").write_bytes(b"umask 022")
    (tmp_path / "root" / "etc" / "zsh").mkdir(parents=True)
    (tmp_path / "root" / "etc" / "bash.bashrc").write_bytes(b'[ -z "${PS1-}" ] && return\n')
    (tmp_path / "root" / "usr" / "lib" / "systemd").mkdir(parents=True)
    (tmp_path / "root" / "usr" / "lib" / "systemd" / "systemd").touch()
    return place


def test_check_mode_on_a_fresh_home_says_what_the_run_does(home: Path) -> None:
    before = tree(home)
    given: dict[str, Any] = {"variables": {"GOPRIVATE": "git.example.com"}, "environment": {"GODEBUG": "x509sha1=1"}}
    predicted = go_env(home, check=True, **given)
    assert tree(home) == before
    done = go_env(home, **given)
    assert predicted == done
    new = {str(home / name) for name in tree(home) if tree(home)[name] != before.get(name)}
    assert new == {change["path"] for change in done["changes"]}
    again = go_env(home, **given)
    assert (again["changed"], again["changes"]) == (False, [])
    assert again["env"]["new_terminal"] is False
    assert done["env"]["new_terminal"] is True


def test_absent_gives_the_home_back_to_the_byte(home: Path) -> None:
    (home / ".config").mkdir()
    (home / ".config" / "go").mkdir()
    (home / ".config" / "go" / "env").write_bytes(b"# mine\nGOPROXY=one\nGOFLAGS=-x")
    before = tree(home)
    go_env(home, variables={"GOPROXY": "off", "GOVCS": "public:git"}, unset=["GOFLAGS"])
    go_env(home, variables={"GOPROXY": "direct"})
    assert b"GOPROXY=direct\n" in (home / ".config" / "go" / "env").read_bytes()
    predicted = go_env(home, state="absent", check=True)
    done = go_env(home, state="absent")
    assert tree(home) == before
    assert predicted["changes"] == done["changes"]
    assert go_env(home, state="absent")["changed"] is False


def test_absent_leaves_what_the_user_has_done_since(home: Path) -> None:
    file = home / ".config" / "go" / "env"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"GOPROXY=one\n")
    go_env(home, variables={"GOPROXY": "off", "GOVCS": "public:git"})
    file.write_bytes(file.read_bytes().replace(b"GOPROXY=off", b"GOPROXY=theirs") + b"GOFLAGS=-v\n")
    (home / ".profile").write_bytes((home / ".profile").read_bytes() + b"# later\n")
    go_env(home, state="absent")
    assert file.read_bytes() == b"GOPROXY=theirs\nGOFLAGS=-v\n"
    assert (home / ".profile").read_bytes() == b"umask 022\n# later\n"


@pytest.mark.parametrize("before", [None, b""], ids=["no file", "an empty file"])
def test_absent_after_somebody_took_one_of_our_lines_away(home: Path, before: bytes | None) -> None:
    file = home / ".config" / "go" / "env"
    file.parent.mkdir(parents=True)
    if before is not None:
        file.write_bytes(before)
    go_env(home, variables={"GOPROXY": "off", "GOVCS": "public:git"})
    file.write_bytes(file.read_bytes().replace(b"GOVCS=public:git\n", b""))
    go_env(home, state="absent")
    assert (file.read_bytes() if file.exists() else None) == before


def test_what_stood_before_is_for_the_account_alone(home: Path) -> None:
    go_env(home, variables={"GOPROXY": "off"})
    receipts = list((home / ".config" / "gopherops").glob("*.json"))
    assert [stat.S_IMODE(file.stat().st_mode) for file in receipts] == [0o600]


def test_a_users_own_go_env_w_is_no_change_for_us(home: Path) -> None:
    go_env(home, variables={"GOPROXY": "off"})
    file = home / ".config" / "go" / "env"
    file.write_bytes(file.read_bytes() + b"GOFLAGS=-v\n")
    assert go_env(home, variables={"GOPROXY": "off"})["changed"] is False


def test_rc_files_keep_mode_and_links_into_a_dotfiles_repository(home: Path) -> None:
    dotfiles = home / "dotfiles"
    dotfiles.mkdir()
    shutil.move(home / ".profile", dotfiles / "profile")
    (dotfiles / "profile").chmod(0o640)
    (home / ".profile").symlink_to("dotfiles/profile")
    before = tree(home)
    go_env(home)
    assert (home / ".profile").is_symlink()
    assert b"gopherops" in (dotfiles / "profile").read_bytes()
    assert stat.S_IMODE((dotfiles / "profile").stat().st_mode) == 0o640
    go_env(home, state="absent")
    assert tree(home) == before


@pytest.mark.parametrize("kind", ["directory", "dangling", "fifo"])
def test_an_awkward_rc_file_is_refused_by_name_and_nothing_is_written(home: Path, kind: str) -> None:
    rc = home / ".bashrc"
    rc.unlink()
    if kind == "directory":
        rc.mkdir()
    elif kind == "dangling":
        rc.symlink_to("dotfiles/bashrc")
    else:
        os.mkfifo(rc)
    before = tree(home)
    with pytest.raises(WorkstationError, match=r"\.bashrc") as refused:
        go_env(home, variables={"GOPROXY": "off"})
    assert {"directory": "directory", "dangling": "does not exist", "fifo": "no regular file"}[kind] in str(
        refused.value
    )
    assert tree(home) == before
    assert go_env(home, programs="zsh", shells=["zsh"])["changed"]


def test_a_torn_block_stops_the_run_before_the_first_write(home: Path) -> None:
    (home / ".bashrc").write_bytes(b"# BEGIN gopherops.workstation\n")
    before = tree(home)
    with pytest.raises(WorkstationError, match="end marker"):
        go_env(home, variables={"GOPROXY": "off"})
    assert tree(home) == before


def test_only_installed_shells_and_the_users_own_login_file_are_used(home: Path) -> None:
    used = go_env(home, programs="bash", check=True)["env"]["shell_files"]
    assert [Path(file).name for file in used] == ["env.sh", ".profile", ".bashrc", "50-gopherops.conf"]
    (home / ".bash_profile").touch()
    (home / ".zshrc").touch()
    used = go_env(home, programs="bash", check=True)["env"]["shell_files"]
    assert [Path(file).name for file in used if "." in Path(file).name][1:5] == [
        ".profile",
        ".bash_profile",
        ".bashrc",
        ".zshenv",
    ]


def test_fewer_shells_clean_what_the_others_had(home: Path) -> None:
    go_env(home)
    go_env(home, shells=["fish"])
    assert b"gopherops" not in (home / ".profile").read_bytes()
    assert (home / ".config" / "fish" / "conf.d" / "gopherops.fish").exists()
    assert not (home / ".config" / "gopherops" / "env.sh").exists()


def test_goenv_off_is_refused_and_goenv_path_is_used(home: Path) -> None:
    options = {**OPTIONS, "variables": {"GOPROXY": "off"}}
    with pytest.raises(WorkstationError, match="GOENV=off"):
        EnvRun(options, facts(home, environ={"GOENV": "off"}), check=True).run()
    result = EnvRun(options, facts(home, environ={"GOENV": str(home / "e")}), check=False).run()
    assert result["env"]["file"] == str(home / "e")
    assert (home / "e").read_bytes() == b"GOPROXY=off\n"


def test_credentials_are_never_shown_and_the_file_is_private(home: Path) -> None:
    run = EnvRun({**OPTIONS, "variables": {"GOPROXY": "https://me:s3cret@proxy.example"}}, facts(home), check=False)
    result = run.run()
    assert "s3cret" not in repr(result) + repr(run.diff())
    assert stat.S_IMODE((home / ".config" / "go" / "env").stat().st_mode) == 0o600
    again = EnvRun({**OPTIONS, "state": "absent"}, facts(home), check=False)
    assert "s3cret" not in repr(again.run()) + repr(again.diff())


def test_machine_scope_writes_below_etc_and_goes_without_a_trace(home: Path) -> None:
    root = home.parent / "root"
    goroot = root / "usr" / "local" / "go"
    goroot.mkdir(parents=True)
    (goroot / "go.env").write_bytes(b"# defaults\nGOPROXY=https://proxy.golang.org,direct\n")
    before = tree(home.parent)
    given: dict[str, Any] = {
        "scope": "machine",
        "variables": {"GOPROXY": "off"},
        "path": ["/usr/local/go/bin", "~/go/bin"],
        "environment": {"HTTPS_PROXY": "http://proxy.example:3128"},
    }
    predicted = go_env(home, check=True, **given)
    done = go_env(home, **given)
    assert predicted == done
    assert (goroot / "go.env").read_bytes().startswith(b"# BEGIN gopherops.workstation\nGOPROXY=off\n# END")
    assert (root / "etc" / "bash.bashrc").read_bytes().startswith(b"# BEGIN")
    assert done["env"]["variables"] == {"GOPROXY": "off"}
    assert b"/etc/profile.d/gopherops.sh" in (root / "etc" / "zsh" / "zshenv").read_bytes()
    assert go_env(home, **given)["changed"] is False
    go_env(home, scope="machine", state="absent", path=[])
    assert tree(home.parent) == before


def test_machine_defaults_without_go_are_predicted_and_refused(home: Path) -> None:
    given: dict[str, Any] = {"scope": "machine", "variables": {"GOPROXY": "off"}}
    path = str(home.parent / "root" / "usr" / "local" / "go" / "go.env")
    assert path in {change["path"] for change in go_env(home, check=True, **given)["changes"]}
    with pytest.raises(WorkstationError, match="there is no Go"):
        go_env(home, **given)


def test_etc_environment_only_when_asked(home: Path) -> None:
    file = home.parent / "root" / "etc" / "environment"
    file.write_bytes(b'PATH="/usr/bin:/bin"\n')
    before = tree(home.parent)
    given: dict[str, Any] = {"scope": "machine", "path": ["/usr/local/go/bin", "~/go/bin"]}
    go_env(home, **given)
    assert file.read_bytes() == b'PATH="/usr/bin:/bin"\n'
    go_env(home, **given, shells=["sh", "pam"])
    assert b'PATH="/usr/local/go/bin:/usr/bin:/bin"\n' in file.read_bytes()
    assert go_env(home, **given, shells=["sh", "pam"])["changed"] is False
    go_env(home, scope="machine", state="absent", path=[])
    assert tree(home.parent) == before


def test_a_graphical_session_of_a_mac_is_told_on_request(home: Path) -> None:
    go_env(home, shells=["launchd"])
    assert not (home / "Library").exists(), "a machine that is no Mac has no launchd"
    mac = dataclasses.replace(facts(home), system="Darwin")
    asked = {**OPTIONS, "shells": ["launchd"], "environment": {"GODEBUG": 'a "b" & <c>'}}
    EnvRun(asked, mac, check=False).run()
    [file] = (home / "Library" / "LaunchAgents").iterdir()
    agent = plistlib.loads(file.read_bytes())
    assert (agent["Label"], agent["RunAtLoad"]) == (file.stem, True)
    # The orders run in a shell, with a launchctl that says what it was given.
    shell, option, script = agent["ProgramArguments"]
    said = 'launchctl() { printf "%s|" "$@"; echo; }\n' + script
    done = subprocess.run([shell, option, said], env={"PATH": "/bin"}, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        f"setenv|PATH|{home}/sdk/go/bin:{home}/go/bin:/bin|",
        'setenv|GODEBUG|a "b" & <c>|',
    ]


@pytest.mark.parametrize("scope", ["user", "machine"])
def test_a_mac_is_given_back_whole(home: Path, scope: str) -> None:
    """Files whose format knows no comment, as those of paths.d, included."""
    root = home.parent / "root"
    (root / "etc" / "profile").write_bytes(b"eval $(/usr/libexec/path_helper -s)\n")
    (root / "etc" / "paths.d").mkdir()
    before = {**tree(home), **tree(root)}
    mac = dataclasses.replace(facts(home), system="Darwin")
    path = ["/usr/local/go/bin", "~/go/bin"]
    done = EnvRun({**OPTIONS, "scope": scope, "path": path}, mac, check=False).run()
    assert (str(root / "etc/paths.d/gopherops") in [one["path"] for one in done["changes"]]) == (scope == "machine")
    EnvRun({**OPTIONS, "scope": scope, "state": "absent", "path": []}, mac, check=False).run()
    assert {**tree(home), **tree(root)} == before
