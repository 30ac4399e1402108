"""Each state of a record says in check mode what its run then says, and leaves everything where it is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from docsite import returned

from ansible_collections.gopherops.workstation.plugins.modules.fleet_snapshot import run


def everything(folder: Path) -> list[tuple[str, int]]:
    return sorted((str(path), os.lstat(path).st_mtime_ns) for path in folder.rglob("*"))


@pytest.mark.parametrize(
    ("before", "state", "recorded"),
    [
        ((), "taken", True),
        (("taken",), "taken", True),
        ((), "sealed", False),
        (("taken",), "sealed", True),
        ((), "restored", False),
        (("taken",), "restored", True),
        ((), "absent", False),
        (("taken",), "absent", False),
    ],
)
def test_what_check_mode_says_is_what_the_run_says(
    tmp_path: Path, before: tuple[str, ...], state: str, recorded: bool
) -> None:
    file = tmp_path / "env"
    file.write_text("GOPROXY=x\n")

    def ask(state: str, *, check: bool = False) -> dict[str, Any]:
        given = {"name": "r", "state": state, "paths": [str(file)], "dir": str(tmp_path / "records"), "force": False}
        return run({**given, "go": str(tmp_path / "go"), "bin_dir": str(tmp_path)}, check)

    for one in before:
        ask(one)
    file.write_text("GOPROXY=y\n")
    stood = everything(tmp_path)
    predicted = ask(state, check=True)
    assert everything(tmp_path) == stood
    assert ask(state) == predicted
    assert returned.complaints("fleet_snapshot", predicted) == []
    assert predicted["recorded"] is recorded
    assert predicted["changed"] is bool(predicted["changes"]) is (bool(before) and state == "restored")
