"""Where each rule ends: what passes at a limit or by a policy, what nobody can know, what must not be advised."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from doctor_facts import ME, WS, X509, failing, go, gopls, root, settings, step  # type: ignore[import-not-found]
from judged import verdict  # type: ignore[import-not-found]

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import FAIL, PASS, UNKNOWN

DOWN = {"network.latest": {"rc": 1, "error": "dial tcp: connection refused"}}


@pytest.mark.parametrize(
    ("id_", "changes", "thresholds"),
    [
        (
            "GD006",
            {"gos": [go("/usr/bin/go", "go1.19.8"), go(f"{ME}/bin/go", "go1.27.4", on_path=False)]},
            {"distro_go_intended": True},
        ),
        ("GD015", {"go.env.GO111MODULE": "off"}, {"gopath_project": True}),
        ("GD019", {}, {}),
        ("GD024", {"tools.dlv.found": []}, {}),
        ("GD026", {"dirs.GOCACHE.foreign": "/x"}, {"shared_cache": True}),
        ("GD028", {"dirs.TEMP.free_bytes": 5 << 30, "dirs.TEMP.free_inodes": 20_000}, {}),
        ("GD032", DOWN, {"offline": True}),
        ("GD032", {**DOWN, "env.login.GOPROXY": "off"}, {}),
        ("GD032", {"network.latest": {"rc": 1, "error": "403 Forbidden"}}, {}),
        (
            "GD036",
            {
                "env.login.HTTPS_PROXY": "http://a:1",
                "go.env.GOPROXY": "http://goproxy/x",
                "env.login.NO_PROXY": "goproxy",
            },
            {},
        ),
        (
            "GD036",
            {"env.login.HTTPS_PROXY": "http://a:1", "go.env.GOPROXY": "http://goproxy/x", "env.login.NO_PROXY": "*"},
            {},
        ),
        (
            "GD036",
            {
                "env.login.HTTPS_PROXY": "http://a:1",
                "go.env.GOPROXY": "http://p.corp.example",
                "env.login.NO_PROXY": "a.b, *.Corp.example",
            },
            {"internal_hosts": ["corp.example"]},
        ),
        (
            "GD037",
            {"network.dates": [{"address": "https://p", "skew": -60.0}, {"address": "https://q", "skew": None}]},
            {},
        ),
        ("GD042", {"editor.products": []}, {}),
        ("GD042", {"editor.products": settings({}, version="1.90.0", extension_versions=["0.52.0"])}, {}),
        ("GD044", {"editor.products": settings({"go.languageServerFlags": ["-logfile=x", "-vv"]})}, {}),
        ("GD048", {"workspaces": [], "editor.products": settings({})}, {}),
        ("GD049", {"env.launchd": {"GOPATH": "/a", "GOBIN": "/b"}, "env.login.GOPATH": "/a"}, {}),
        (
            "GD051",
            {
                "os.inotify_watches": 65_536,
                f"{WS}.dirs": 32_768,
                "os.nofile": [1024, 4096],
                "os.inotify_instances": 128,
            },
            {},
        ),
        ("GD066", {"os.container": "docker", "user": {"uid": 61234, "home": "/work", "in_passwd": False}}, {}),
        ("GD066", {"os.container": "docker", "user": {"uid": 0, "home": "/", "in_passwd": True}}, {}),
        (
            "GD007",
            # What a step said that passed is no complaint.
            {
                "functional.steps": [
                    {"name": "test", "ok": True, "detail": "no such tool: /usr/local/go/x is not in std"}
                ]
            },
            {},
        ),
        ("GD067", {"dirs.GOCACHE.fstype": "tmpfs"}, {"cache_in_memory_intended": True}),
        ("GD067", {"go.version": "go1.25.1", "os.cpus": 8, "os.cpu_quota": 1.5, "env.login.GOGC": "25"}, {}),
        ("GD067", {"env.login.GOMAXPROCS": "2", "os.cpus": 8, "os.cpu_quota": 2}, {}),
    ],
)
def test_what_is_meant_so_or_right_at_the_limit_passes(
    id_: str, changes: dict[str, Any], thresholds: dict[str, Any]
) -> None:
    assert verdict(id_, changes, **thresholds).verdict == PASS


@pytest.mark.parametrize(
    ("place", "word"),
    [
        ({"fstype": "9p", "options": "rw,aname=drvfs", "mount": "/c"}, FAIL),
        ({"fstype": "9p", "options": "rw", "mount": "/mnt/c"}, FAIL),
        ({"fstype": "virtiofs", "options": "rw", "source": "drvfs", "mount": "/c"}, FAIL),
        ({"fstype": "drvfs", "options": "rw", "mount": "/c"}, FAIL),
        # A share of another virtual machine, and a disk of Linux' own.
        ({"fstype": "virtiofs", "options": "rw", "source": "share", "mount": "/share"}, PASS),
        ({"fstype": "ext4", "options": "rw", "source": "/dev/sdd", "mount": "/mnt/data"}, PASS),
    ],
)
def test_a_windows_drive_is_told_from_other_mounts(place: dict[str, str], word: str) -> None:
    changes = {f"dirs.workspace 1.{key}": value for key, value in place.items()}
    assert verdict("GD052", changes, "wsl2").verdict == word


@pytest.mark.parametrize(
    ("id_", "words", "changes"),
    [
        ("GD008", "names no release", {"go.version": "devel"}),
        ("GD009", "not understood", {"os.release": "unknown"}),
        ("GD014", "the login shell did not tell its environment (timeout)", {"env.login_shell.state": "timeout"}),
        (
            "GD020",
            "does not say which Go built it (a development version)",
            {"tools.gopls.found": [gopls(go_version="devel")]},
        ),
        (
            "GD022",
            "not done with a workspace within the time limit",
            {"functional.steps": [{**step("/ws: diagnostics", "x"), "late": True}]},
        ),
        ("GD024", "versions not understood: dlv '(devel)'", {"tools.dlv.found": [gopls(version="(devel)")]}),
        (
            "GD024",
            "no range is known for dlv v1.28.0",
            {"tools.dlv.found": [gopls(version="v1.28.0")], "go.version": "go1.28.0"},
        ),
        ("GD037", "no server told its time", {"network.dates": [{"address": "https://p", "skew": None}]}),
        (
            "GD041",
            "go stopped before it looked into vendor: no go.sum",
            {f"{WS}.vendored": True, f"{WS}.list_error": "no go.sum"},
        ),
        ("GD048", "list of trusted folders could not be read", {"editor.products": settings({}, trusted=None)}),
        (
            "GD051",
            "did not tell its limits",
            {"os.inotify_watches": None, "os.inotify_instances": None, "os.nofile": []},
        ),
        ("GD010", "go says nothing about", {f"{WS}.env.GOMOD": "/ws/go.mod", f"{WS}.mod": {}, f"{WS}.list_error": ""}),
    ],
)
def test_what_cannot_be_told_is_said_to_be_unknown(id_: str, words: str, changes: dict[str, Any]) -> None:
    found = verdict(id_, changes)
    assert found.verdict == UNKNOWN, found
    assert words in found.reason


def test_nonsense_in_the_facts_silences_one_rule_only() -> None:
    found = verdict("GD067", {"env.login.GOGC": "\u00b2"})  # a digit that is no number
    assert found.verdict == UNKNOWN and found.reason.startswith("the facts make no sense: ValueError")


@pytest.mark.parametrize(
    ("changes", "thresholds", "title"),
    [
        ({"tools.dlv.found": []}, {"dlv_expected": True}, "dlv is not installed"),
        (
            failing({**step("definition", "x"), "late": True}, {**step("initialize", ""), "ok": True}),
            {},
            "gopls answers too slowly to be judged",
        ),
    ],
)
def test_another_case_of_a_rule_has_its_own_title(
    changes: dict[str, Any], thresholds: dict[str, Any], title: str
) -> None:
    id_ = "GD024" if "dlv" in title else "GD023"
    assert verdict(id_, changes, **thresholds).title == title


def test_a_company_is_warned_of_names_that_would_leave_it() -> None:
    changes = {"go.env.GOPROXY": "https://goproxy.corp.example|https://proxy.golang.org"}
    found = verdict("GD033", changes, internal_hosts=["corp.example"])
    assert "names of internal modules go to the next entry" in found.evidence[1]


def test_an_editor_that_is_expected_is_missed() -> None:
    assert verdict("GD042", {"editor.products": []}, editor_expected=True).evidence == ["no editor of this family"]


@pytest.mark.parametrize(
    ("proxy", "where", "unset"),
    [
        ("http://127.0.0.1:9", "env.login.GOPROXY", ["GOPROXY"]),
        ("http://127.0.0.1:9,https://proxy.corp.example", "env.login.GOPROXY", []),
        ("http://127.0.0.1:9", "go.env.GOPROXY", []),
    ],
)
def test_only_a_dead_mirror_of_this_very_machine_is_taken_away(proxy: str, where: str, unset: list[str]) -> None:
    assert verdict("GD032", {**DOWN, where: proxy}).unset == unset


@pytest.mark.parametrize(("proxy", "wanted"), [("http://p:1", {"HTTPS_PROXY": "http://p:1"}), ("http://***@p:1", {})])
def test_a_password_is_not_written_anywhere(proxy: str, wanted: dict[str, str]) -> None:
    assert verdict("GD036", {"env.login.HTTP_PROXY": proxy}).environment == wanted


def test_what_is_wrong_with_the_certificate_is_not_the_network() -> None:
    changes = {"network.latest": {"rc": 1, "error": X509}}
    assert verdict("GD035", changes).verdict == FAIL
    assert verdict("GD032", changes).verdict == PASS
    assert verdict("GD004", {"files.goroots.settings": root(ME, "go1.27.4")}).verdict == FAIL


@pytest.mark.parametrize(
    ("shipped", "setting"),
    [("", "local"), ("GOTOOLCHAIN=local\nGOTOOLCHAIN=auto\n", "local"), ("GOTOOLCHAIN=path\nGOTOOLCHAIN=local\n", "")],
)
def test_what_the_go_tree_says_first_of_switching_counts_and_nothing_said_is_local(shipped: str, setting: str) -> None:
    found = verdict("GD010", {f"{WS}.mod.go": "1.28", "files.goroots.go.go_env.text": shipped})
    assert found.verdict == (FAIL if setting else PASS)
    assert not setting or found.evidence[-1].endswith(f"GOTOOLCHAIN={setting}")
