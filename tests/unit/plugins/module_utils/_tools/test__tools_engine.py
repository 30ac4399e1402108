# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run finds right, what it replaces, and what is left when it fails."""

from __future__ import annotations

import gzip
import hashlib
import multiprocessing
import os
import time
from pathlib import Path
from typing import Any

import pytest
from tool_bench import Bench, entry, program  # type: ignore[import-not-found]  # beside this file

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.engine import Toolbox
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.run import _refresh


def acts(result: dict[str, Any]) -> list[str]:
    return [tool["act"] for tool in result["tools"]]


def test_installs_then_finds_it_right_without_running_anything(bench: Bench) -> None:
    first = bench(entry())
    assert acts(first) == ["create"] and first["changed"]
    assert first["changes"] == [
        {"path": str(bench.bin / "tool"), "act": "install", "what": "tool v1.0.0 (built with Go 1.27.4)"}
    ]
    assert (bench.bin / "tool").stat().st_mode & 0o777 == 0o755
    again = bench(entry())
    assert acts(again) == ["ok"] and not again["changed"] and again["changes"] == []
    assert bench.built == ["example.com/tool@v1.0.0"]


def test_check_mode_says_the_same_and_touches_nothing(bench: Bench) -> None:
    predicted = bench(entry(), check=True)
    assert not bench.bin.exists() and bench.built == []
    real = bench(entry())
    assert predicted["changes"] == real["changes"]
    assert predicted["tools"] == [{**tool, "module": ""} for tool in real["tools"]]
    assert predicted["diff"] == real["diff"]


def test_check_mode_before_go_is_there_counts_on_the_planned_version(bench: Bench) -> None:
    bench.go.unlink()
    predicted = bench(entry(), check=True, go_version="1.27.4")
    bench.use_go("1.27.4")
    assert predicted["changes"] == bench(entry())["changes"]


def test_without_go_the_old_program_stays_and_the_message_says_what_to_do(bench: Bench) -> None:
    bench.go.unlink()
    with pytest.raises(WorkstationError, match=r"no Go to build it with\. Install Go first"):
        bench(entry(), go_version="1.27.4")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (program(version="v0.9.0"), "it is version v0.9.0"),
        (program(version="(devel)", total=""), "it is version (devel)"),
        (program(total="h1:evil="), "its module hash h1:evil= is not the pinned h1:good="),
        (program(total=""), "its module hash is missing and is not the pinned h1:good="),
        (program(go="1.26.11"), "it was built with Go 1.26.11, older than the active 1.27.4"),
        (program(GOARCH="arm64"), "it is for linux/arm64"),
        (program(GOOS="darwin"), "it is for darwin/amd64"),
        (program("example.com/other"), "it is example.com/other"),
        (program(CGO_ENABLED="1"), "it was not built reproducibly"),
        (program(), "nothing proves its content: it was not installed by this collection"),
        (b"#!/bin/sh\nexit 0\n", "it is no program that this system's loaders know"),
        (program()[:2000], "it is no Go program, or its build info was stripped"),
        (program()[:-40], "its build info is broken: a text in it is cut off"),
        (program().replace(b"go1.27.4", b"devel 42"), "it was built with a development version of Go (devel 42)"),
    ],
)
def test_replaces_what_is_not_as_pinned(bench: Bench, content: bytes, reason: str) -> None:
    bench.bin.mkdir(parents=True)
    (bench.bin / "tool").write_bytes(content)
    (bench.bin / "tool").chmod(0o755)
    predicted = bench(entry(), check=True)
    assert [tool["reason"] for tool in predicted["tools"]] == [reason]
    result = bench(entry())
    assert result["changes"] == predicted["changes"] and acts(result) == ["replace"]
    assert acts(bench(entry())) == ["ok"]


def test_one_flipped_byte_is_found(bench: Bench) -> None:
    bench(entry())
    path = bench.bin / "tool"
    data = bytearray(path.read_bytes())
    data[0x800] ^= 1
    times = path.stat()
    path.write_bytes(data)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # whoever did it put the time back
    result = bench(entry(), check=True)
    assert [tool["reason"] for tool in result["tools"]] == ["its content changed since it was installed"]


def test_full_verification_does_not_trust_the_times(bench: Bench) -> None:
    bench(entry())
    path = bench.bin / "tool"
    records = bench.bin / ".gopherops" / "tools.json"
    data = bytearray(path.read_bytes())
    data[0x800] ^= 1
    path.write_bytes(data)
    now = path.lstat()
    stamp = [now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino]
    text = records.read_text()
    start = text.index('"stat": [')
    records.write_text(text[:start] + f'"stat": {stamp}' + text[text.index("]", start) + 1 :])
    assert acts(bench(entry(), check=True)) == ["ok"]
    assert acts(bench(entry(), check=True, verify="full")) == ["replace"]


def test_a_touched_file_with_the_same_bytes_is_right_and_hashed_once(bench: Bench) -> None:
    bench(entry())
    os.utime(bench.bin / "tool")
    assert acts(bench(entry())) == ["ok"]
    records = (bench.bin / ".gopherops" / "tools.json").read_text()
    assert str((bench.bin / "tool").lstat().st_mtime_ns) in records


def test_a_fingerprint_that_is_noted_again_undoes_nothing_that_another_run_noted_meanwhile(bench: Bench) -> None:
    bench(entry())
    os.utime(bench.bin / "tool")
    slow = Toolbox(str(bench.bin))
    bench(entry(), entry(name="other"))
    _refresh(slow, list)
    assert set(Toolbox(str(bench.bin)).records.tools) == {"tool", "other"}


def test_lost_execute_permission_is_repaired(bench: Bench) -> None:
    bench(entry())
    (bench.bin / "tool").chmod(0o644)
    assert acts(bench(entry())) == ["replace"]
    assert os.access(bench.bin / "tool", os.X_OK)


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("verifying module: checksum mismatch\nSECURITY ERROR", "the proxy served other bytes than were published"),
        ("dial tcp 127.0.0.1:1: connect: connection refused", "the module proxy cannot be reached"),
        ("example.com/tool@v1.0.0: invalid version: unknown revision v1.0.0", "there is no such version at the proxy"),
        ("reading https://p/@v/v1.info: 403 Forbidden", "the module proxy refuses to serve it"),
        ("write /x: no space left on device", "the disk is full"),
        (
            "tls: failed to verify: x509: certificate signed by unknown authority",
            "the proxy's certificate is not trusted",
        ),
        ("fatal: could not read Username for 'https://g': terminal prompts disabled", "the module needs credentials"),
        ("module lookup disabled by GOPROXY=off", "the network is not to be used"),
        ("# example.com/tool\n./main.go:3:1: undefined: x", "the build failed: ./main.go:3:1: undefined: x"),
        ("mkdir /root/.cache: permission denied", "this account may not write there"),
    ],
)
def test_a_failed_build_is_explained_and_the_old_program_stays(bench: Bench, words: str, cause: str) -> None:
    bench(entry("v1.0.0"))
    before = (bench.bin / "tool").read_bytes()
    bench.failure = (1, words)
    with pytest.raises(WorkstationError) as caught:
        bench(entry("v1.1.0"))
    assert cause in caught.value.message and "tool v1.1.0" in caught.value.message
    assert (bench.bin / "tool").read_bytes() == before
    assert acts(bench(entry("v1.0.0"))) == ["ok"]
    assert not list((bench.bin / ".gopherops").glob("stage-*"))


def test_credentials_do_not_reach_the_result(bench: Bench) -> None:
    bench.failure = (1, "reading https://user:secret@proxy/x: connection refused")
    with pytest.raises(WorkstationError) as caught:
        bench(entry())
    assert "secret" not in str(caught.value.as_failure())


def test_a_build_that_is_not_the_pinned_module_is_not_installed(bench: Bench) -> None:
    bench(entry("v1.0.0"))
    bench.make = lambda package, version: program(package, version, "h1:evil=")
    with pytest.raises(WorkstationError, match="its module hash h1:evil= is not the pinned h1:good="):
        bench(entry("v1.1.0"))
    assert b"v1.0.0" in (bench.bin / "tool").read_bytes()


def test_what_was_done_before_a_failure_is_reported(bench: Bench) -> None:
    def make(package: str, version: str) -> Any:
        return program(package, version, "h1:good=" if package.endswith("tool") else "h1:evil=")

    bench.make = make
    with pytest.raises(WorkstationError) as caught:
        bench(entry(), entry(name="other"))
    assert [change["path"] for change in caught.value.details["changes"]] == [str(bench.bin / "tool")]
    assert caught.value.details["changed"]


def test_the_build_sees_no_poison(bench: Bench) -> None:
    config = bench.home / ".config" / "go"
    config.mkdir(parents=True)
    (config / "env").write_text(
        "GOFLAGS=-mod=vendor -modcacherw\nGOPROXY=https://proxy.example.com\nGOARCH=wasm\nGOBIN=\n"
    )
    bench(entry(), environment={"GOOS": "windows", "GOFLAGS": "-tags=x", "GOPRIVATE": "corp.example.com"})
    seen = bench.environments[0]
    assert {key: seen[key] for key in ("GOOS", "GOARCH", "GOROOT", "GO111MODULE", "GOEXPERIMENT")} == dict.fromkeys(
        ("GOOS", "GOARCH", "GOROOT", "GO111MODULE", "GOEXPERIMENT"), ""
    )
    assert seen["GOTOOLCHAIN"] == "local" and seen["GOENV"] == "off" and seen["CGO_ENABLED"] == "0"
    assert "vendor" not in seen["GOFLAGS"] and "tags" not in seen["GOFLAGS"] and seen["GOFLAGS"]
    assert seen["GOPROXY"] == "https://proxy.example.com" and seen["GOPRIVATE"] == "corp.example.com"


def test_a_folder_in_the_way_and_an_unusable_place_are_named(bench: Bench) -> None:
    (bench.bin / "tool").mkdir(parents=True)
    with pytest.raises(WorkstationError, match="a folder of that name is in the way"):
        bench(entry())
    (bench.home / "file").write_text("")
    with pytest.raises(WorkstationError, match="is no folder"):
        bench(entry(), bin_dir=str(bench.home / "file" / "bin"))
    with pytest.raises(WorkstationError, match="it is not absolute"):
        bench(entry(), bin_dir="relative/bin")


def test_a_place_where_this_account_may_not_write_is_named(bench: Bench) -> None:
    bench.bin.mkdir(parents=True)
    (bench.bin / ".gopherops").write_text("in the way")  # root in a test container may write anywhere
    with pytest.raises(WorkstationError, match=r"Cannot write folder '.*\.gopherops'"):
        bench(entry())


def test_a_delivered_program_is_unpacked_and_checked(bench: Bench) -> None:
    content = program()
    parcel = bench.home / "tool.gz"
    parcel.write_bytes(gzip.compress(content))
    good = {"file": str(parcel), "sha256": hashlib.sha256(content).hexdigest()}
    plan = {"tools": [entry()], "delivered": {"tool": good}}
    with pytest.raises(WorkstationError, match="damaged on the way"):
        bench(_plan={**plan, "delivered": {"tool": {**good, "sha256": "0" * 64}}})
    torn = bench.home / "torn.gz"
    torn.write_bytes(parcel.read_bytes()[:-9])
    with pytest.raises(WorkstationError, match="damaged on the way"):
        bench(_plan={**plan, "delivered": {"tool": {**good, "file": str(torn)}}})
    assert acts(bench(_plan=plan)) == ["create"] and bench.built == []
    assert acts(bench(entry())) == ["ok"]


def test_asks_the_controller_for_what_it_lacks_and_changes_nothing(bench: Bench) -> None:
    bench(entry())
    plan = {"tools": [entry(), entry(name="other"), entry(name="here", built_on_target=["linux"])], "ask": True}
    needs = bench(_plan=plan)["needs"]
    assert needs == [{"name": "other", "version": "v1.0.0", "go_version": "1.27.4", "goos": "linux", "goarch": "amd64"}]
    assert not (bench.bin / "other").exists()
    assert "needs" not in bench(_plan={"tools": [entry()], "ask": True})


def slow_build(home: str, started: Any) -> None:
    account = Bench(Path(home))

    def make(package: str, version: str) -> Any:
        started.set()
        time.sleep(0.6)
        return program(package, version)

    account.make = make
    account(entry())


def test_two_runs_at_once_build_once(bench: Bench) -> None:
    context = multiprocessing.get_context("fork")
    started = context.Event()
    other = context.Process(target=slow_build, args=(str(bench.home), started))
    other.start()
    assert started.wait(120)
    result = bench(entry())
    other.join(120)
    assert other.exitcode == 0 and bench.built == [] and acts(result) == ["ok"]


def test_warns_when_the_release_was_not_made_for_this_go(bench: Bench) -> None:
    known = [
        {"version": "v1.3.0", "go_build": "1.28", "go_max": "1.28"},
        {"version": "v1.2.0", "go_build": "1.27.0", "go_max": "1.27"},
        {"version": "v1.1.0", "go_build": "1.26.0", "go_max": "1.27"},
    ]
    result = bench(entry("v1.0.0", go_build="1.25", go_max="1.26", known=known))
    assert result["warnings"] == [
        "tool v1.0.0 was made for Go up to 1.26, and the active Go is 1.27.4."
        " The nearest version that supports it is v1.1.0."
    ]
    with pytest.raises(WorkstationError, match=r"needs Go 1.28 or newer to build.*Ask for v1.2.0"):
        bench(entry("v1.3.0", go_build="1.28", go_max="1.28", known=known))


def test_a_retracted_release_is_installed_with_a_warning(bench: Bench) -> None:
    bench.retracted = "it eats files"
    assert bench(entry())["warnings"] == ["example.com/tool@v1.0.0 was taken back by its authors: it eats files."]
    assert bench(entry())["warnings"] == []
