# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds by a real go command on the target: what is installed, and what every failure leaves behind."""

from __future__ import annotations

import multiprocessing
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from developer import Account, tool  # type: ignore[import-not-found]
from module_proxy import MODULE, Shelf, own_certificate, serving  # type: ignore[import-not-found]

from ansible_collections.gopherops.workstation.plugins.module_utils._buildinfo import read_buildinfo
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

ROOT_NEEDED = pytest.mark.skipif(os.geteuid() != 0, reason="mounts a filesystem, which needs root")


def fails(account: Account, *tools: dict[str, Any], **options: Any) -> str:
    with pytest.raises(WorkstationError) as caught:
        account(*tools, **options)
    return caught.value.message


@pytest.fixture
def old(account: Account, shelf: Shelf) -> str:
    """An installed v1.0.0; its hash. Whatever happens later, it must go on answering."""
    total: str = shelf.add("v1.0.0")
    account(tool("v1.0.0", total))
    assert account.says("x") == f"x of {MODULE} v1.0.0"
    return total


def still_answers(account: Account, total: str) -> None:
    assert account.says("x") == f"x of {MODULE} v1.0.0"
    count = len(account.commands)
    again = account(tool("v1.0.0", total), verify="full")
    assert [one["act"] for one in again["tools"]] == ["ok"] and len(account.commands) == count
    assert not list((account.bin / ".gopherops").glob("stage-*"))


def test_build_info_is_what_go_says(account: Account, old: str) -> None:
    path = str(account.bin / "x")
    info = read_buildinfo(path)
    said = subprocess.run([account.go, "version", "-m", path], capture_output=True, text=True, check=True).stdout
    assert f"mod\t{info.module}\t{info.version}\t{info.sum}" in said and info.sum == old
    assert re.search(rf"{re.escape(info.go_version)}\n", said) and "build\t-trimpath=true" in said


def test_names_are_those_of_go_install(account: Account, shelf: Shelf) -> None:
    shelf.add("v2.0.1", f"{MODULE}/v2")
    result = account(tool("v2.0.1", package=f"{MODULE}/v2", name="kit"), tool("v2.0.1", "", f"{MODULE}/v2/cmd/x"))
    assert sorted(path.name for path in account.bin.iterdir()) == [".gopherops", "kit", "x"]
    assert account.says("kit") == f"{MODULE}/v2 v2.0.1" and result["changed"]
    assert not account(tool("v2.0.1", package=f"{MODULE}/v2", name="kit"))["changed"]


def test_poison_in_files_and_environment_has_no_effect(account: Account, shelf: Shelf) -> None:
    total = shelf.add("v1.0.0")
    config = account.home / ".config" / "go"
    config.mkdir(parents=True)
    (config / "env").write_text(
        "GOFLAGS=-mod=vendor -tags=x\nGOOS=windows\nGO111MODULE=off\nGOBIN=\nGOTOOLCHAIN=go1.99.0\n"
    )
    account.environment.update(GOEXPERIMENT="nonsense", GOROOT="/nowhere", GOARCH="wasm", GOWORK="/none", GOFIPS140="x")
    account(tool("v1.0.0", total))
    assert account.says("x") == f"x of {MODULE} v1.0.0"


def test_a_proxy_that_serves_other_bytes_is_found_by_the_pin(account: Account, shelf: Shelf, old: str) -> None:
    pin = shelf.add("v1.1.0")
    shelf.modules[MODULE]["v1.1.0"]["cmd/x/main.go"] += "// and a back door\n"
    assert f"is not the pinned {pin}" in fails(account, tool("v1.1.0", pin))
    still_answers(account, old)


def test_a_proxy_that_is_down(account: Account, old: str) -> None:
    account.environment["GOPROXY"] = "http://127.0.0.1:9"
    assert "the module proxy cannot be reached" in fails(account, tool("v1.1.0"))
    still_answers(account, old)


def test_a_version_that_does_not_exist(account: Account, old: str) -> None:
    assert "there is no such version at the proxy" in fails(account, tool("v9.9.9"))
    still_answers(account, old)


def test_a_retracted_version_is_said(account: Account, shelf: Shelf, old: str) -> None:
    shelf.add("v1.1.0")
    shelf.add("v1.2.0", retract="v1.1.0")
    assert account(tool("v1.1.0"))["warnings"] == [f"{MODULE}@v1.1.0 was taken back by its authors: it eats files."]


def test_a_program_that_does_not_compile(account: Account, shelf: Shelf, old: str) -> None:
    shelf.add("v1.1.0", broken=True)
    assert re.search(r"the build failed: .*undefined: undefined", fails(account, tool("v1.1.0")))
    still_answers(account, old)


def test_a_program_that_is_not_in_the_module(account: Account, old: str) -> None:
    missing = tool("v1.0.0", package=f"{MODULE}/cmd/none", name="x")
    assert "that version has no such program" in fails(account, missing)
    still_answers(account, old)


def test_a_go_that_is_too_old_for_the_module(account: Account, shelf: Shelf, old: str) -> None:
    shelf.add("v1.1.0")
    shelf.modules[MODULE]["v1.1.0"]["go.mod"] = f"module {MODULE}\n\ngo 1.99.0\n"
    assert "it needs a newer Go to build" in fails(account, tool("v1.1.0"))
    still_answers(account, old)


@pytest.mark.parametrize("damage", ["script", "cut", "byte"])
def test_a_damaged_program_is_built_again(account: Account, old: str, damage: str) -> None:
    path = account.bin / "x"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(
        {"script": b"#!/bin/sh\necho gotcha >&2\n", "cut": bytes(data[:-5000]), "byte": bytes(data)}[damage]
    )
    assert [one["act"] for one in account(tool("v1.0.0", old))["tools"]] == ["replace"]
    still_answers(account, old)


@ROOT_NEEDED
def test_a_full_disk(account: Account, shelf: Shelf, old: str, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(small)], check=True)
    try:
        assert "the disk is full" in fails(account, tool("v1.0.0", old), bin_dir=str(small))
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", str(small)], check=True)


@ROOT_NEEDED
def test_a_place_from_which_nothing_may_start(account: Account, old: str, tmp_path: Path) -> None:
    place = tmp_path / "noexec"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "noexec", "tmpfs", str(place)], check=True)
    try:
        assert "is mounted noexec" in fails(account, tool("v1.0.0", old), bin_dir=str(place), check=True)
    finally:
        subprocess.run(["umount", str(place)], check=True)


def as_nobody(account: Account, entry: dict[str, Any], answers: Any) -> None:
    os.setgid(65534)
    os.setuid(65534)
    try:
        account(entry)
        answers.put("installed")
    except WorkstationError as error:
        answers.put(error.message)


@ROOT_NEEDED
@pytest.mark.parametrize(("mode", "verb"), [(0o644, "Cannot read tool"), (0o555, "Cannot write folder")])
def test_a_folder_that_the_account_may_not_use(
    account: Account, old: str, tmp_path: Path, mode: int, verb: str
) -> None:
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)  # pytest's own folders are for their owner only
    account.bin.chmod(mode)
    (account.bin / ".gopherops").chmod(0o555)
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    child = context.Process(target=as_nobody, args=(account, tool("v1.1.0"), answers))
    child.start()
    message = answers.get(timeout=60)
    child.join()
    account.bin.chmod(0o755)
    assert message.startswith(verb) and "Permission denied" in message
    still_answers(account, old)


def install(account: Account, entry: dict[str, Any], answers: Any) -> None:
    answers.put((account(entry)["tools"][0]["act"], len(account.commands)))


def test_two_runs_at_once(account: Account, shelf: Shelf) -> None:
    total = shelf.add("v1.0.0")
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    children = [context.Process(target=install, args=(account, tool("v1.0.0", total), answers)) for _child in range(3)]
    for child in children:
        child.start()
    got = sorted(answers.get(timeout=120) for _child in children)
    for child in children:
        child.join()
    assert got == [("create", 2), ("ok", 0), ("ok", 0)]  # install, and the question for retractions
    still_answers(account, total)


def test_without_a_network_from_a_folder_and_from_the_cache(account: Account, shelf: Shelf, tmp_path: Path) -> None:
    total = shelf.add("v1.0.0")
    account.environment["GOPROXY"] = shelf.as_folder(tmp_path / "proxy")
    account(tool("v1.0.0", total))
    (account.bin / "x").unlink()
    account.environment["GOPROXY"] = "off"
    account(tool("v1.0.0", total))
    still_answers(account, total)
    assert "neither the module cache nor the folder in GOPROXY has it" in fails(account, tool("v1.1.0"))


def test_a_private_module_behind_a_password(account: Account, shelf: Shelf, tmp_path: Path) -> None:
    total = shelf.add("v1.0.0")
    shelf.password = "correct-horse"
    certificate = own_certificate(tmp_path)
    with serving(shelf, certificate) as address:
        account.environment.update(GOPROXY=address, GOPRIVATE="tools.example.test", GONOPROXY="none")
        assert "the proxy's certificate is not trusted" in fails(account, tool("v1.0.0", total))
        account.environment["SSL_CERT_FILE"] = str(certificate)
        message = fails(account, tool("v1.0.0", total))
        assert "needs credentials" in message
        (account.home / ".netrc").write_text(f"machine {address[8:]} login dev password correct-horse\n")
        account(tool("v1.0.0", total))
    still_answers(account, total)
