"""Which editors count as this side's own."""

from __future__ import annotations

import os
from pathlib import Path

from ansible_collections.gopherops.workstation.plugins.module_utils._info._editor import collect_editor
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import run


def commands(tmp_path: Path, mounted: str) -> list[str]:
    """Products with a ``code`` on PATH, in a folder that is mounted as said."""
    root, home, drive = tmp_path / "root", tmp_path / "home", tmp_path / "drive"
    for folder in (root / "proc/self", home, drive):
        folder.mkdir(parents=True)
    (root / "proc/self/mountinfo").write_text(
        f"60 1 8:32 / / rw,relatime - ext4 /dev/sdc rw\n70 60 0:40 / {drive} rw,noatime - {mounted}\n"
    )
    (drive / "code").write_text("#!/bin/sh\n")
    (drive / "code").chmod(0o755)
    place = Place(run, {}, "Linux", "dev", os.geteuid(), str(home), "/bin/bash", str(home), str(root))
    found = collect_editor(place, {"HOME": str(home), "PATH": str(drive)})["products"]
    return [str(one["command"]) for one in found]


def test_the_editor_of_windows_is_none_of_its_distributions(tmp_path: Path) -> None:
    assert commands(tmp_path, "9p C:\\134 rw,aname=drvfs;path=C:\\134") == []


def test_an_editor_on_any_other_file_system_counts(tmp_path: Path) -> None:
    assert commands(tmp_path, "9p share rw,trans=virtio") == [str(tmp_path / "drive" / "code")]
