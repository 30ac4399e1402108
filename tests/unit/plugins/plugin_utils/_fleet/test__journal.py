"""State that a kill cannot spoil: real files, real processes, real SIGKILL."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet import _journal

TREE = Path(__file__).resolve().parents[5] / "collections"
WRITER = f"""
import sys
sys.path.insert(0, {str(TREE)!r})
from pathlib import Path
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._journal import append
for number in range(10 ** 9):
    append(Path(sys.argv[1]), {{"n": number, "text": "x" * 5000}})
    print(number, flush=True)
"""


def test_what_is_appended_is_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "state.jsonl"
    assert _journal.read(path) == []
    _journal.append(path, {"a": 1}, {"b": "line\nbreak \ud800 \u2028"})
    _journal.append(path, {"c": 3})
    assert _journal.read(path) == [{"a": 1}, {"b": "line\nbreak \ud800 \u2028"}, {"c": 3}]
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("cut", range(1, 30))
def test_a_torn_last_line_is_skipped_and_never_glued_to_the_next(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "state.jsonl"
    _journal.append(path, {"n": 1})
    whole = path.read_bytes()
    _journal.append(path, {"n": 2, "text": "{'}"})
    path.write_bytes(path.read_bytes()[: min(len(whole) + cut, path.stat().st_size - 2)])
    assert _journal.read(path) == [{"n": 1}]
    _journal.append(path, {"n": 3})
    assert _journal.read(path) == [{"n": 1}, {"n": 3}]


def test_killed_writers_lose_nothing_that_they_had_reported(tmp_path: Path) -> None:
    path = tmp_path / "state.jsonl"
    for _ in range(6):
        with subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE) as writer:
            assert writer.stdout
            writer.stdout.readline()
            time.sleep(random.uniform(0, 0.05))
            writer.send_signal(signal.SIGKILL)
            reported = writer.stdout.read().split()
        records = _journal.read(path)
        last = [record["n"] for record in records][-1]
        assert last >= (int(reported[-1]) if reported and reported[-1].isdigit() else 0)
        path.unlink()


def _append_many(path: Path, who: int) -> None:
    for number in range(50):
        _journal.append(path, {"who": who, "n": number, "pad": "y" * 9000})


def test_writers_side_by_side_never_mix_lines(tmp_path: Path) -> None:
    path = tmp_path / "state.jsonl"
    spawn = multiprocessing.get_context("fork")
    writers = [spawn.Process(target=_append_many, args=(path, who)) for who in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert sorted((line["who"], line["n"]) for line in lines) == [(w, n) for w in range(4) for n in range(50)]


def test_a_report_is_old_or_new_and_leaves_no_part(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "page.html"
    _journal.write_whole(path, "old")
    _journal.write_whole(path, "new ü")
    assert path.read_text(encoding="utf-8") == "new ü"
    assert os.listdir(path.parent) == ["page.html"]


def test_a_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkstationError, match=r"Cannot write file .*Name a folder"):
        _journal.append(tmp_path / "file" / "state.jsonl", {})
