# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes and what stays: previous versions, ``state: absent``, ``exclusive``."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest
from tool_bench import Bench, entry, program  # type: ignore[import-not-found]  # beside this file

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.records import Records


def acts(result: dict[str, Any]) -> list[str]:
    return [tool["act"] for tool in result["tools"]]


def test_goes_back_to_the_previous_version_without_a_build(bench: Bench) -> None:
    bench(entry("v1.0.0"))
    old = (bench.bin / "tool").read_bytes()
    bench(entry("v1.1.0"))
    count = len(bench.built)
    result = bench(entry("v1.0.0"))
    assert len(bench.built) == count and acts(result) == ["replace"]
    assert (bench.bin / "tool").read_bytes() == old
    assert acts(bench(entry("v1.0.0"), verify="full")) == ["ok"]


def test_keeps_as_many_previous_versions_as_asked(bench: Bench) -> None:
    for version in ("v1.0.0", "v1.1.0", "v1.2.0", "v1.3.0"):
        bench(entry(version), keep=2)
    kept = sorted(path.name for path in (bench.bin / ".gopherops" / "previous").iterdir())
    assert kept == ["tool-v1.1.0-go1.27.4", "tool-v1.2.0-go1.27.4"]


def test_a_damaged_previous_version_is_not_used(bench: Bench) -> None:
    bench(entry("v1.0.0"))
    bench(entry("v1.1.0"))
    kept = bench.bin / ".gopherops" / "previous" / "tool-v1.0.0-go1.27.4"
    data = bytearray(kept.read_bytes())
    data[0x800] ^= 1
    kept.write_bytes(data)
    bench(entry("v1.0.0"))
    assert bench.built[-1] == "example.com/tool@v1.0.0" and len(bench.built) == 3


def test_a_running_program_goes_on_with_the_old_file(bench: Bench) -> None:
    bench(entry("v1.0.0"))
    with open(bench.bin / "tool", "rb") as held:
        before = os.fstat(held.fileno()).st_ino
        bench(entry("v1.1.0"))
        assert os.fstat(held.fileno()).st_ino == before and b"v1.0.0" in held.read()
    assert (bench.bin / "tool").stat().st_ino != before


def test_absent_removes_ours_and_refuses_a_namesake(bench: Bench) -> None:
    bench(entry())
    (bench.bin / "other").write_bytes(program("elsewhere.example.com/other"))
    assert bench(entry(), state="absent", check=True)["changes"] == bench(entry(), state="absent")["changes"]
    assert not (bench.bin / "tool").exists()
    assert acts(bench(entry(), state="absent")) == ["absent"]
    with pytest.raises(WorkstationError, match="another program of the same name"):
        bench(entry(name="other"), state="absent")
    assert (bench.bin / "other").exists()


def test_what_is_left_of_the_last_tool_is_nothing(bench: Bench) -> None:
    bench(entry(), entry(name="second"))
    bench(entry(version="v1.1.0"))
    bench(entry(name="second"), state="absent")
    assert (bench.bin / ".gopherops" / "previous").exists()
    bench(entry(), state="absent")
    assert list(bench.bin.iterdir()) == []


def test_who_waited_for_the_lock_holds_the_one_that_is_there(tmp_path: Path) -> None:
    """The lock goes with the last record; a run that had it open must not hold what nobody else can find."""
    held, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        with Records(str(tmp_path)).locked():
            held.set()
            go_on.wait(120)

    waiting = threading.Thread(target=wait)
    with Records(str(tmp_path)).locked():
        waiting.start()
        assert not held.wait(0.3)
    assert held.wait(120)
    with pytest.raises(WorkstationError, match="another run has been working there"), Records(str(tmp_path)).locked(0):
        pass
    go_on.set()
    waiting.join()
    assert not (tmp_path / ".gopherops").exists()


def test_exclusive_removes_only_what_it_installed(bench: Bench) -> None:
    bench(entry(), entry(name="gone"))
    (bench.bin / "mine").write_bytes(program("example.com/mine"))
    predicted = bench(entry(), exclusive=True, check=True)
    result = bench(entry(), exclusive=True)
    assert result["changes"] == predicted["changes"] and acts(result) == ["ok", "remove"]
    assert sorted(path.name for path in bench.bin.iterdir()) == [".gopherops", "mine", "tool"]


SOMEBODY_ELSES = [b"#!/bin/sh\nexec gopls-wrapper\n", program("example.com/mine")]


@pytest.mark.parametrize("content", SOMEBODY_ELSES, ids=["script", "program"])
def test_what_somebody_put_in_the_place_of_ours_is_not_removed(bench: Bench, content: bytes) -> None:
    bench(entry(), entry(name="gone"))
    path = bench.bin / "gone"
    path.unlink()
    path.write_bytes(content)
    result = bench(entry(), exclusive=True)
    assert acts(result) == ["ok"] and not result["changed"]
    with pytest.raises(WorkstationError, match="another program of the same name"):
        bench(entry(name="gone"), state="absent")
    assert path.read_bytes() == content


def test_absent_removes_another_build_of_the_same_program(bench: Bench) -> None:
    bench(entry())
    (bench.bin / "tool").write_bytes(program(version="v0.9.0"))
    assert acts(bench(entry(), state="absent")) == ["remove"] and not (bench.bin / "tool").exists()
