"""Reports of fleets, hostile names included: whole, harmless, and quick."""

from __future__ import annotations

import csv
import html.parser
import io
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import approved
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from _fleets import HOSTILE, rollout  # type: ignore[import-not-found]

from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._html import render
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._reports import as_csv, report, write_reports

SCHEMA = Path(__file__).resolve().parents[5] / "docs" / "guides" / "fleet-report.schema.json"


class Tags(html.parser.HTMLParser):
    """Every tag and attribute that a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def test_the_numbers_add_up() -> None:
    data = report(rollout(500))
    assert sum(data["totals"].values()) == 500 == len(data["hosts"])
    assert sum(sum(ring["counts"].values()) for ring in data["rings"]) == 500
    assert sum(team["hosts"] for team in data["teams"]) == 500
    assert sum(move["hosts"] for move in data["versions"] if move["name"] == "go") == sum(
        1 for host in data["hosts"] if host["before"].get("go") is not None
    )


def test_hostile_names_are_text_and_nothing_else() -> None:
    tags = Tags(render(report(rollout(len(HOSTILE) + 40))))
    assert tags.tags.count("script") == 1
    assert not {"img", "iframe", "i", "a", "object", "embed", "form"} & set(tags.tags)
    assert not [name for name, _ in tags.attributes if name.startswith("on") or name in ("src", "style")]
    assert [value for name, value in tags.attributes if name == "href"] == ["data:,"]


def test_a_reason_is_told_once_for_many_hosts_and_word_for_word_for_one() -> None:
    data = report(rollout(60))
    failed = {"clock": "The clock is wrong.", "a1": "No route to a1.", "a2": "No route to a2."}
    data["hosts"] = [{**data["hosts"][0], "host": n, "outcome": "failed", "reason": why} for n, why in failed.items()]
    page = render(data).partition("What went wrong")[2].partition("</section>")[0]
    assert page.count("<tr>") == 3
    assert "The clock is wrong." in page and "No route to (the host)." in page


def test_the_json_is_as_its_schema_says(tmp_path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    paths = write_reports(rollout(60), tmp_path)
    jsonschema.validate(json.loads(Path(paths["json"]).read_text()), json.loads(SCHEMA.read_text()))


def test_the_csv_has_a_row_for_every_host_and_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(report(rollout(60))))))
    assert len(rows) == 60
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@\t" and cell]


def test_a_thousand_hosts_take_less_than_five_seconds(tmp_path: Path) -> None:
    fleet = rollout(1000)
    started = time.process_time()
    write_reports(fleet, tmp_path)
    assert time.process_time() - started < 5


@pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed")
def test_two_thousand_hosts_open_in_a_browser_without_error_or_request(tmp_path: Path) -> None:
    page = Path(write_reports(rollout(2000), tmp_path)["html"])
    log = tmp_path / "net.json"
    command: list[Any] = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    command += ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--dump-dom"]
    command += ["--enable-logging=stderr", f"--user-data-dir={tmp_path / 'profile'}", f"--log-net-log={log}"]
    done = subprocess.run([*command, page.as_uri()], capture_output=True, text=True, timeout=180, check=False)
    assert ">2000 of 2000</span>" in done.stdout  # the script ran to its end
    assert "CONSOLE" not in done.stderr, done.stderr
    assert "owned" not in done.stdout.partition("<title>")[2].partition("</title>")[0]
    asked = log.read_text(errors="replace")
    assert "127.0.0.1:9" not in asked
    assert page.as_uri() in asked


@pytest.mark.parametrize("kind", ["json", "csv", "html"])
def test_the_reports_of_forty_hosts_are_as_they_were_approved(kind: str, tmp_path: Path) -> None:
    written = Path(write_reports(rollout(40), tmp_path)[kind])
    approved.same(f"fleet/report.{kind}", written.read_bytes().decode())
