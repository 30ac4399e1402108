"""Reports as files: one for each format, and a sentence where a file cannot be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._write import rendered, write


def test_each_format_that_is_asked_for_gets_its_file(tmp_path: Path) -> None:
    paths = {kind: str(tmp_path / f"report.{kind}") for kind in ("json", "junit", "markdown", "html", "sarif")}
    written = write({**paths, "text": ""}, [])
    assert written == list(paths.values())
    for kind, path in paths.items():
        assert Path(path).read_text() == rendered(kind, [])


def test_a_hosts_name_goes_before_the_ending_without_what_a_path_would_read(tmp_path: Path) -> None:
    (path,) = write({"json": str(tmp_path / "report.json")}, [], "-../box 1.example")
    assert Path(path) == tmp_path / "report-.._box_1.example.json"
    assert Path(path).is_file()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    target = tmp_path / "none" / "report.json"
    with pytest.raises(WorkstationError) as caught:
        write({"json": str(target)}, [])
    assert caught.value.message == (
        f"Cannot write report '{target}': No such file or directory. Name a file in a folder that exists."
    )
