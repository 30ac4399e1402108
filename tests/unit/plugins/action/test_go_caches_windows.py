"""go_caches on a Windows host: which places there are, what speaks against them, and what is made."""

from __future__ import annotations

import ntpath
from functools import partial
from typing import Any
from unittest.mock import MagicMock

import approved
import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.template import Templar
from windows.caches_host import ADMINISTRATORS, HOME, LOCAL, CachesHost

from ansible_collections.gopherops.workstation.plugins.action.go_caches import ActionModule


def act(host: CachesHost, *, check: bool = False, **arguments: Any) -> dict[str, Any]:
    task = Task.load({"gopherops.workstation.go_caches": arguments, "name": "t", "check_mode": check})
    connection = MagicMock()
    connection._shell._IS_WINDOWS = True
    loader, host.check = DataLoader(), check
    action = ActionModule(task, connection, PlayContext(), loader, Templar(loader), None)
    action._execute_module = host.run
    return dict(action.run(task_vars={}))


def paths(result: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["path"] for one in result["places"]}


def test_a_fresh_account_gets_what_go_would_use() -> None:
    host = CachesHost()
    predicted = act(host, check=True)
    assert ntpath.join(HOME, "go") not in host.folders
    done = act(host)
    assert predicted["changes"] == done["changes"]
    assert paths(done) == {
        "gopath": ntpath.join(HOME, "go"),
        "gocache": ntpath.join(LOCAL, "go-build"),
        "gomodcache": ntpath.join(HOME, "go", "pkg", "mod"),
        "gobin": ntpath.join(HOME, "go", "bin"),
        "gotmpdir": ntpath.join(LOCAL, "Temp"),
        "gopls": ntpath.join(LOCAL, "gopls"),
    }
    again = act(host)
    assert (again["changed"], again["changes"]) == (False, [])
    assert host.calls == ["read", "read", "use", "read"]


def test_what_a_life_says() -> None:
    host, cache = CachesHost(OneDrive=r"C:\Cloud"), ntpath.join(LOCAL, "go-build")
    elsewhere = {"paths": {"gocache": r"D:\cache"}, "accept": ["space"]}
    said = approved.life(partial(act, host), ({}, elsewhere, {"places": ["gopls"]}))
    host.problems[cache] = "Access to the path is denied."
    said += [{**one, "asked": "mended"} for one in approved.life(partial(act, host), [{}])]
    approved.same_json("windows/go_caches.json", said)


def test_env_file_environment_and_task_are_asked_in_gos_order() -> None:
    host = CachesHost(env_file=b"GOPATH=C:\\a;C:\\b\nGOCACHE=C:\\file\n", GOCACHE=r"C:\process")
    assert paths(act(host, paths={"gobin": "~\\bin"})) == {
        **paths(act(host)),
        "gobin": ntpath.join(HOME, "bin"),
    }
    found = paths(act(host))
    assert (found["gopath"], found["gomodcache"], found["gocache"]) == (r"C:\a", r"C:\a\pkg\mod", r"C:\process")
    # What the file will hold, for a check before it is written.
    found = paths(act(host, variables={"GOPATH": r"C:\new", "GOCACHE": r"C:\new\cache"}))
    assert (found["gopath"], found["gocache"]) == (r"C:\new", r"C:\process")


@pytest.mark.parametrize(
    ("path", "words", "kind"),
    [
        (r"N:\cache", "network drive", "network"),
        (r"\\server\share\cache", "network drive", "network"),
        (r"E:\cache", "Removable", "network"),
        (r"D:\cache", "only 10 MiB are free", "space"),
        (r"C:\Users\ada\OneDrive - Company\cache", "synchroniser", "synced"),
        (r"C:\Cloud\cache", "synchroniser", "synced"),
    ],
)
def test_a_bad_place_is_refused_before_anything_is_made_and_can_be_accepted(path: str, words: str, kind: str) -> None:
    host = CachesHost(OneDrive=r"C:\Cloud")
    host.folders.add(path)
    before = set(host.folders)
    failed = act(host, paths={"gocache": path})
    assert words in failed["msg"] and f"accept: [{kind}]" in failed["msg"]
    assert (host.calls, host.folders) == (["read"], before)
    accepted = act(host, paths={"gocache": path}, accept=[kind])
    assert next(one for one in accepted["places"] if one["name"] == "gocache")["doubts"][kind]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (HOME, "holds the whole profile"),
        ("C:\\", "holds the whole profile"),
        (r"C:\Windows\Temp\go", "directory of the system"),
        (r"c:\program files\go\cache", "directory of the system"),
        ("/var/cache", "is not absolute"),
    ],
)
def test_impossible_places_are_refused(path: str, words: str) -> None:
    assert words in act(CachesHost(), paths={"gocache": path})["msg"]


def test_what_cannot_be_written_is_mended_or_named_with_the_way_out() -> None:
    host, cache = CachesHost(), ntpath.join(LOCAL, "go-build")
    host.folders.add(cache)
    host.problems[cache] = "Access to the path is denied."
    failed = act(host, repair=False)
    assert r"LAPTOP\ada cannot write in" in failed["msg"]
    assert "icacls" in failed["msg"]
    host.stubborn = "icacls: Access is denied."
    assert "(icacls: Access is denied.)" in act(host)["msg"]
    host.stubborn = ""
    assert act(host)["changed"] is True
    assert act(host)["changed"] is False


def test_what_an_elevated_run_left_goes_back_to_the_account_and_the_second_run_is_quiet() -> None:
    host, cache = CachesHost(), ntpath.join(LOCAL, "go-build")
    act(host)
    host.owners[cache] = ADMINISTRATORS
    host.protected.add(ntpath.join(HOME, "go"))
    host.strange[cache] = 3
    predicted = act(host, check=True)
    done = act(host)
    assert predicted["changes"] == done["changes"]
    assert {(one["path"], one["act"], one["what"]) for one in done["changes"]} == {
        (ntpath.join(HOME, "go"), "owner", "it inherits no rights"),
        (
            cache,
            "owner",
            r"it belongs to BUILTIN\Administrators, 3 directories in it belong to others or inherit nothing",
        ),
    }
    assert next(one for one in done["places"] if one["name"] == "gocache")["repaired"] == 4
    assert act(host)["changed"] is False


def test_what_belongs_to_administrators_is_an_elevated_accounts_own() -> None:
    host, cache = CachesHost(), ntpath.join(LOCAL, "go-build")
    act(host)
    host.owners[cache], host.elevated = ADMINISTRATORS, True
    assert act(host)["changed"] is False


def test_repair_can_be_left_out_and_is_told_then() -> None:
    host, cache = CachesHost(), ntpath.join(LOCAL, "go-build")
    act(host)
    host.owners[cache] = ADMINISTRATORS
    done = act(host, repair=False)
    assert done["changed"] is False
    shown = next(one for one in done["places"] if one["name"] == "gocache")
    assert shown["doubts"] == {"access": r"it belongs to BUILTIN\Administrators"}


def test_another_account_than_the_one_that_runs_is_refused() -> None:
    assert r"logs on as LAPTOP\ada" in act(CachesHost(), owner="grace")["msg"]
    assert not act(CachesHost(), owner="Ada").get("failed")


def test_content_is_not_moved_and_a_sentence_says_so() -> None:
    assert "content is not moved between places on Windows" in act(CachesHost(), move=True)["msg"]


@pytest.mark.parametrize("options", [{"policy": "shared", "group": "devs"}, {"mode": "0700"}])
def test_what_is_for_posix_is_refused_not_ignored(options: dict[str, Any]) -> None:
    assert "POSIX" in act(CachesHost(), **options)["msg"]


def test_a_host_that_fails_at_the_second_look_fails_the_task() -> None:
    host = CachesHost(GOCACHE=r"C:\elsewhere")
    plays = host.run

    def breaks(**call: Any) -> dict[str, Any]:
        return plays(**call) if not host.calls else {"failed": True, "msg": "the disk is gone"}

    host.run = breaks  # type: ignore[method-assign, assignment]
    assert act(host) == {"failed": True, "msg": "the disk is gone"}


def test_absent_leaves_the_developers_content() -> None:
    host = CachesHost()
    assert act(host, state="absent")["changed"] is False
    assert host.calls == []
